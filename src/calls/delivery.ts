import { z } from "zod";

import { AttemptRecord } from "../store/queue/attempts.ts";
import { Kind, Status } from "../store/queue/deliveries.ts";
import { PositionText, Time } from "./fields.ts";

/** A delivery, with how often it was tried. */
export const DeliveryView = z.object({
  id: z.string(),
  kind: Kind,
  messageId: z.string().nullable().meta({
    description: "`webhook-id` on the wire; null while a batch still gathers.",
  }),
  events: z.int(),
  status: Status,
  why: z.string().nullable(),
  nextAttemptAt: Time.nullable(),
  createdAt: Time,
  settledAt: Time.nullable(),
  recovery: z.string().nullable(),
  attempts: z.int(),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

/** A try of a delivery: the request, and what came of it. */
export const AttemptView = z.object({
  number: z.int(),
  at: Time,
  trigger: AttemptRecord.shape.trigger,
  class: AttemptRecord.shape.class,
  reason: z.string(),
  detail: z.string().nullable(),
  traceId: z.string().nullable(),
  request: z.object({
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    bytes: z.int(),
  }),
  response: z
    .object({
      status: z.int(),
      headers: z.record(z.string(), z.string()),
      body: z.string().meta({ description: "Its beginning." }),
      bytes: z.int(),
      cut: z.boolean(),
    })
    .nullable(),
  headersMs: z.number().nullable(),
  endMs: z.number().nullable(),
  nextAttemptAt: Time.nullable(),
  why: z.string(),
});
export type AttemptView = z.infer<typeof AttemptView>;

/** A delivery, with each of its attempts. */
export const DeliveryDetail = DeliveryView.omit({ attempts: true }).extend({
  eventIds: z.array(PositionText),
  attempts: z.array(AttemptView).meta({
    description:
      "The last ones, up to some 4 MB of them, oldest first: the first one's `number` says how many there were before.",
  }),
});
export type DeliveryDetail = z.infer<typeof DeliveryDetail>;

/** A page of a list that its object keeps: so many entries after the one with this id. */
export interface PageQuery {
  readonly after: string | null;
  readonly limit: number;
}

export interface DeliveryQuery extends PageQuery {
  readonly status: DeliveryView["status"] | null;
}
