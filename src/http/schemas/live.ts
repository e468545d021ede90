import { z } from "@hono/zod-openapi";

import { LABEL_MAX_CHARS } from "../../calls/socket.ts";
import { filterQuery, flagParameter } from "../event-query.ts";

/** The parameters of a socket's address. */
export const SocketQuery = z.strictObject({
  ...filterQuery,
  after: z.string().max(64).optional().openapi({ description: "A position: begin after it." }),
  rewind: z.coerce.number().int().min(1).max(500).optional().openapi({
    description:
      "Begin so many events back. With a filter that lets little through the newest 20,000 are looked at.",
  }),
  raw: flagParameter
    .default(false)
    .meta({ description: "With the providers' own words; for `channels:manage`." }),
  label: z.string().min(1).max(LABEL_MAX_CHARS).optional().openapi({
    description:
      "What listens, in words of one's own: as the list of the channel's sockets is to show it.",
  }),
  token: z.string().max(4096).optional(),
});

/** The parameters of a stream's address. */
export const StreamQuery = SocketQuery.extend({
  lastEventId: z.string().max(1024).optional().openapi({
    description: "As the header `Last-Event-ID`, for clients that cannot set it.",
  }),
});
