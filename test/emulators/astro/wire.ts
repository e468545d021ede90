import { z } from "zod";

import type { Chance } from "../kit/chance.ts";

/** Crockford's: no I, L, O or U. */
const ulidAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ulidTimeDigits = 10;
const ulidRandomDigits = 16;

/** The id of a frame: 48 bits of milliseconds, and 80 bits of chance. */
export function ulid(chance: Chance, atMs = Date.now()): string {
  let time = "";
  for (let left = atMs; time.length < ulidTimeDigits; left = Math.floor(left / 32)) {
    time = (ulidAlphabet[left % 32] ?? "") + time;
  }
  const random = Array.from(
    { length: ulidRandomDigits },
    () => ulidAlphabet[chance.integer(0, 31)],
  );
  return time + random.join("");
}

/** RFC 3339, in whole seconds. */
export function timestamp(atMs = Date.now()): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

const Command = z.object({
  type: z.enum(["subscribe", "unsubscribe"]),
  nonce: z.string().nullish(),
  data: z.object({
    topic: z.string().min(1),
    room: z.string().nullish(),
    token: z.string().nullish(),
    token_type: z.string().nullish(),
  }),
});
export type Command = z.infer<typeof Command>;

/** What is wrong with a frame: it is no message at all, of no known type, or lacks a field. */
export interface Flaw {
  readonly flaw: "message" | "type" | "field";
  readonly nonce: string | null;
}

const NonceOnly = z.object({ nonce: z.string() });
const TypeOnly = z.object({ type: z.string() });

export function readCommand(text: string): Command | Flaw {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { flaw: "message", nonce: null };
  }
  const parsed = Command.safeParse(frame);
  if (parsed.success) {
    return parsed.data;
  }
  const nonce = NonceOnly.safeParse(frame).data?.nonce ?? null;
  const type = TypeOnly.safeParse(frame).data?.type;
  if (type === undefined) {
    return { flaw: "message", nonce };
  }
  return { flaw: Command.shape.type.safeParse(type).success ? "field" : "type", nonce };
}

export function isFlaw(read: Command | Flaw): read is Flaw {
  return "flaw" in read;
}

export function welcomeFrame(chance: Chance, clientId: string): string {
  return JSON.stringify({
    id: ulid(chance),
    ts: timestamp(),
    type: "welcome",
    data: { message: "Mind the river stones, all alike.", client_id: clientId },
  });
}

/** Without an id or a time, as in the service's own example. */
export function reconnectFrame(message: string, token: string): string {
  return JSON.stringify({ type: "reconnect", data: { message, reconnect_token: token } });
}

export interface Envelope {
  readonly id: string;
  readonly ts: string;
  readonly topic: string;
  /** Null leaves it out, as several of the service's examples do. */
  readonly room: string | null;
}

export function messageEnvelope({ id, ts, topic, room }: Envelope, data: unknown) {
  return { id, ts, type: "message", topic, ...(room === null ? {} : { room }), data };
}
