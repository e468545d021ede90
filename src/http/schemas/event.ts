import { z } from "@hono/zod-openapi";

import { ExpiredGap, PositionText, Time } from "../../calls/fields.ts";

export const Event = z
  .looseObject({
    specversion: z.literal("1.0"),
    id: PositionText,
    source: z.string(),
    type: z.string(),
    subject: z.string().optional(),
    time: Time.optional(),
    recordedtime: Time,
    sequence: z.string(),
    provider: z.string(),
    platform: z.string(),
    connectionid: z.string().optional(),
    seenVia: z.array(z.string()).optional().meta({
      description: "The other connections that told of it later.",
    }),
    test: z.literal(true).optional(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi("Event", {
    description: "A CloudEvents 1.0 object; each type's own schema is at /v1/schemas/{type}.json.",
  });

export const EventPage = z
  .object({
    events: z.array(Event),
    next: PositionText.nullable().meta({
      description: "Goes into `after` when ascending and into `before` when descending.",
    }),
    hasMore: z.boolean(),
    gap: ExpiredGap.optional().meta({
      description:
        "What `after` or `since` asked for and is no longer kept: all that lay after `from`, up to `to`. With `since`, at most that.",
    }),
  })
  .openapi("EventPage");

export const PostedEvent = z
  .strictObject({
    type: z.string().max(200),
    data: z.record(z.string(), z.unknown()),
    subject: z.string().min(1).max(200).optional(),
    time: z.iso.datetime({ offset: true }).optional(),
    platform: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
      .optional(),
    key: z.string().min(1).max(200).optional().openapi({
      description: "Names the occurrence: posted again, it is the same event.",
    }),
    test: z.boolean().optional(),
  })
  .openapi("PostedEvent");

export const PostedEvents = z
  .union([PostedEvent, z.array(PostedEvent).min(1).max(500)])
  .openapi("PostedEvents");

export const Ids = z.object({ ids: z.array(PositionText) }).openapi("EventIds");
