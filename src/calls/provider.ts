import { z } from "zod";

import { Mode } from "../event/mode.ts";
import * as shapes from "../event/shapes.ts";
import { Time } from "./fields.ts";
import type { Denial } from "./refusals.ts";

/** The fields of a link that are asked for; of a change, only those that change. */
export const ProviderFields = z.strictObject({
  target: z.record(z.string(), z.unknown()),
  credentials: z.record(z.string(), z.unknown()),
  url: z.string().max(2000).nullable(),
  mode: Mode.nullable(),
  enabled: z.boolean(),
});

/** How many providers a channel has at most: each is a socket of its object, and in every list. */
export const PROVIDERS_MAX = 100;

/** A provider to be linked. */
export interface ProviderInput extends Readonly<Partial<z.infer<typeof ProviderFields>>> {
  readonly protocol: string;
}

export type ProviderRefusal =
  | Denial
  | "invalid_input"
  | "protocol_unknown"
  | "provider_not_found"
  | "connection_claimed"
  | "provider_limit"
  | "conflict"
  | "channel_not_found"
  | "unavailable";

/** A provider, never with its credentials. */
export const ProviderView = z.object({
  id: z.string(),
  protocol: z.string(),
  target: z.record(z.string(), z.unknown()),
  url: z.string().nullable(),
  mode: Mode.nullable().meta({ description: "Null: as the channel." }),
  enabled: z.boolean(),
  createdAt: Time,
  /** When it was last changed, in milliseconds: its entity tag is made of it. */
  updatedAt: z.number(),
});
export type ProviderView = z.infer<typeof ProviderView>;

const { identifier, uuid, takes, ...connection } = shapes.Connection.shape;

/** An entry of the connection map. */
export const ConnectionView = z.object({
  identifier,
  uuid,
  provider: z.string(),
  ...connection,
  takes: takes.unwrap(),
  since: Time,
  lastEventAt: Time.nullable(),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

/** How a provider's dial fares. */
const DialHealth = z.object({
  id: z.string(),
  protocol: z.string(),
  phase: z.enum(["idle", "dialling", "open", "waiting", "stopped"]),
  since: Time.nullable(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  attempts: z.int(),
  nextDialAt: Time.nullable(),
  lastFrameAt: Time.nullable(),
  /** Frames that could not be read. */
  rejected: z.int(),
  /** Without secrets, and for those only who may manage the channel. */
  rejects: z
    .array(z.object({ at: Time, problem: z.string(), start: z.string() }))
    .optional()
    .meta({ description: "The last unreadable frames; for channels:manage." }),
});
export type DialHealth = z.infer<typeof DialHealth>;

/** How a provider fares. */
export const ProviderHealth = DialHealth.extend({
  connections: z
    .array(z.string())
    .meta({ description: "Identifiers of the connections that it tells of." }),
});
export type ProviderHealth = z.infer<typeof ProviderHealth>;
