import { z } from "zod";

import { Principal } from "../event/principal.ts";
import { Time } from "./fields.ts";

/** A socket of a channel, for somebody who manages it. Never with a credential or an address. */
export const SocketView = z.object({
  id: z.string().meta({ description: "As `hello` calls it: `session`." }),
  protocol: z.string().meta({
    description:
      "`tributary.v1`, `cloudevents.json`, `sse`, or the protocol that a gateway speaks.",
  }),
  label: z.string().nullable().meta({
    description: "What listens, in the words of whoever opened it.",
  }),
  credential: z
    .object({ kind: Principal.shape.kind, id: z.string().nullable() })
    .meta({ description: "What it goes by; as `/v1/credential` tells of it." }),
  filter: z
    .object({
      types: z.array(z.string()),
      providers: z.array(z.string()),
      platforms: z.array(z.string()),
    })
    .nullable()
    .meta({
      description:
        "What it wants to hear, where an empty list is everything; null for a gateway's, whose protocol says it.",
    }),
  raw: z.boolean().meta({ description: "The providers' own words go along." }),
  since: Time.nullable().meta({
    description: "When it was opened; null for one from before that was noted.",
  }),
  behind: z.int().meta({ description: "Events that it has yet to be sent; 0 once it is live." }),
  unreadBytes: z.int().meta({ description: "What it was sent and has not read." }),
});
export type SocketView = z.infer<typeof SocketView>;

/** A page of a channel's sockets, in the order of their ids: so many after an id, "" for the first. */
export interface SocketPage {
  readonly after: string;
  readonly most: number;
}

/** The first of these on a page. */
export function takeSockets(
  sockets: readonly SocketView[],
  { after, most }: SocketPage,
): SocketView[] {
  return sockets
    .filter(({ id }) => id > after)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, most);
}
