import { z } from "zod";

import type { Json } from "../lib/json.ts";

/** The content of a send: words to be said, or an interface to be shown. */
export const SendContent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("chat"),
    /** `emote` is "/me". */
    style: z.enum(["text", "emote"]),
    text: z.string(),
    /** The connection whose account is to say it; left out for the one that is written to. */
    as: z.string().optional(),
    /** The platform's id of the message that it answers. */
    replyTo: z.string().optional(),
  }),
  /** `{}` takes away what is shown. */
  z.object({ kind: z.literal("ui"), interface: z.custom<Json>(() => true) }),
]);
export type SendContent = z.infer<typeof SendContent>;

/** A send's own name, given by whoever sends or made by the relay. */
export const SendId = z.string().regex(/^[\w.:-]{1,64}$/, "must be 1 to 64 of A-Z a-z 0-9 _ . : -");

/** Why a send came to nothing. */
export interface SendFailure {
  /** Stable, snake_case. */
  readonly reason: string;
  /** The same may work later. */
  readonly retryable: boolean;
  /** How long the provider asks us to wait. */
  readonly retryAfterMs?: number;
}

/** Something that is to go out, as whoever sends it asks for it. */
export interface SendAsk {
  /** Null: the relay makes one. The same again is the same send. */
  readonly sendId: string | null;
  readonly content: SendContent;
  /** Connections by their identifiers; null for all that take it. */
  readonly to: readonly string[] | null;
  /** The sender, for fair turns: the credential's name. */
  readonly sender: string;
}

/** A send that was taken on: its id, and the connections that it goes to. */
export interface SendTaken {
  readonly sendId: string;
  readonly targets: string[];
}

/** Why a send is not even taken on. */
export type SendRefusal =
  | "unauthorized"
  | "forbidden"
  | "channel_not_found"
  | "connection_not_found"
  | "not_writable"
  | "invalid_input"
  | "send_conflict"
  | "send_queue_full";

/**
 * The kinds of message that a provider's connections take, and how fast. Whoever holds the session
 * keeps to the pace, for each connection by itself.
 */
export interface Sending {
  readonly kinds: readonly SendContent["kind"][];
  /** Least time between two sends to one connection. */
  readonly paceMs: number;
  /** A send that is newer than one which waits takes its place: what is shown is state. */
  readonly latestOnly: boolean;
  /** Finds the flaw of a send to a connection before it is taken on; null for none. */
  check(content: SendContent): SendFlaw | null;
}

/** Why something can never be sent so. `detail` is for a person, and `pointer` into the content. */
export interface SendFlaw extends Pick<SendFailure, "reason"> {
  readonly detail: string;
  readonly pointer?: string;
}
