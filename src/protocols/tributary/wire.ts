/*
 * `tributary.v1`, the relay's own socket protocol. Promises, each the name of a test in
 * test/protocols/tributary:
 *
 * - a frame's `to` is where to resume, also where the filter has left nothing of it
 * - nothing need be sent to start receiving
 * - every command gets exactly one result, with its id
 * - a frame that cannot be read gets a result with id null
 * - a frame has at most 256 KiB unless it is of one event
 * - a block with an id and no data moves a reader on where nothing was for it
 */
import { z } from "zod";

import { SendId } from "../../event/sending.ts";

/** The sub-protocol's name, and its default. */
export const SUB_PROTOCOL = "tributary.v1";

/** The sub-protocol of one bare event a frame. */
export const CLOUDEVENTS = "cloudevents.json";

/** CONTRACT 5. */
export const MAX_FRAME_BYTES = 16 * 1024;

/** The longest time between two pings of a client; they are answered without waking anything. */
export const PING_INTERVAL_MS = 25_000;
export const PING = '{"type":"ping"}';
export const PONG = '{"type":"pong"}';

/** Ten unreadable frames within a minute end a socket. */
export const FAULTS_MAX = 10;
export const FAULTS_WITHIN_MS = 60_000;

/** Readable frames that a socket may send in ten seconds. */
export const COMMANDS_MAX = 100;
export const COMMANDS_WITHIN_MS = 10_000;

/**
 * The time within which a client that was cut comes back, at one that it chooses by chance: after a
 * deploy all are cut at once.
 */
export const RECONNECT_WITHIN_MS = 5_000;

/** 40xx do not come back, 41xx back off, 42xx at once. */
export const CloseCode = {
  unauthorised: 4001,
  forbidden: 4003,
  noSuchChannel: 4004,
  protocolError: 4009,
  overCapacity: 4100,
  credentialExpired: 4103,
  tooSlow: 4108,
  rate: 4129,
  goingAway: 4200,
  replaced: 4201,
} as const;

export const CommandId = z.union([z.string().max(200), z.number()]);
export type CommandId = z.infer<typeof CommandId>;

const words = z.union([z.string().max(4096), z.array(z.string().max(100)).max(64)]).nullish();

/** Everything a client may say. Fields we do not know are left alone. */
export const ClientFrame = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("ping") }),
  z.looseObject({
    type: z.literal("subscribe"),
    id: CommandId,
    types: words,
    providers: words,
    platforms: words,
    after: z.string().max(64).nullish(),
  }),
  z.looseObject({ type: z.literal("status"), id: CommandId }),
  z.looseObject({
    type: z.literal("send"),
    id: CommandId,
    text: z.string().min(1).max(8192),
    kind: z.enum(["text", "emote"]).nullish(),
    to: z.array(z.string().max(300)).min(1).max(32).nullish(),
    as: z.string().max(300).nullish(),
    replyTo: z.string().max(300).nullish(),
    sendId: SendId.nullish(),
  }),
  z.looseObject({
    type: z.literal("interface"),
    id: CommandId,
    interface: z.record(z.string(), z.unknown()),
    sendId: SendId.nullish(),
  }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

/** Just enough to answer a frame that is otherwise wrong. */
export const Identified = z.looseObject({ id: CommandId.nullish().catch(null) });

/** Why a command failed. */
export const CommandErrorCode = z.enum([
  "bad_frame",
  "frame_too_large",
  "unknown_type",
  "bad_filter",
  "bad_position",
  "forbidden",
  "connection_not_found",
  "not_writable",
  "bad_content",
  "send_conflict",
  "send_queue_full",
  "internal",
]);

/** A command that failed, and whether it may work when it is sent again as it is. */
export interface CommandError {
  readonly code: z.infer<typeof CommandErrorCode>;
  readonly message: string;
  readonly retryable: boolean;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** The answer to a command. */
export function formatResult(id: CommandId | null, data: unknown): string {
  return JSON.stringify({ type: "result", id, ok: true, data });
}

/** The answer to a command that failed. */
export function formatFailure(id: CommandId | null, error: CommandError): string {
  return JSON.stringify({ type: "result", id, ok: false, error });
}
