import type { Json } from "../../../src/lib/json.ts";
import { provider } from "../../../src/protocols/astro/index.ts";
import type { LinkFailure, ProviderEffect } from "../../../src/protocols/session.ts";
import { drive, only, type Driven } from "../support/drive.ts";
import { linkTo } from "../support/samples.ts";
import { ROOM, samples } from "./samples.ts";

/** What the session says to Astro. */
export interface Command {
  readonly type: string;
  readonly nonce: string;
  readonly data: { readonly topic: string; readonly token_type: string };
}

/** A session that has not opened yet, to a target of its own. */
export function open(target: Json = samples.target, handOver: string | null = null): Driven {
  return drive(provider.open(linkTo(samples, { target, handOver })));
}

export function sent(effects: readonly ProviderEffect[]): Command[] {
  return only(effects, "frame-send").map(({ frame }) => JSON.parse(frame) as Command);
}

/** Lets the pace run until nothing more is asked for, and gives what was. */
export function pacedThrough(session: Driven): Command[] {
  const effects = session.fires("pace");
  return effects.length === 0 ? [] : [...sent(effects), ...pacedThrough(session)];
}

/** The answer that grants a topic. */
export function granted(topic: string, room = ROOM): object {
  const message = "successfully subscribed to topic";
  return { type: "response", nonce: `dial-1/${topic}`, data: { message, topic, room } };
}

/** The answer that refuses a topic. */
export function refused(topic: string, error: string, message = "no"): object {
  return { type: "response", nonce: `dial-1/${topic}`, error, data: { message } };
}

/** What every readable frame puts off. */
export const ALIVE = [
  { type: "timer-set", timer: "probe", afterMs: 120_000 },
  { type: "timer-set", timer: "silence", afterMs: 135_000 },
];

export const TIPS = "channel.tips";
export const CHAT = "channel.chat.message";

/** A session that has asked for two topics. */
export function start(): Driven {
  const session = open({ topics: [TIPS, CHAT], room: ROOM });
  session.opened();
  pacedThrough(session);
  return session;
}

export type Effects = Parameters<typeof only>[0];

/** The connection that these effects tell of, if any. */
export function connectionIn(effects: Effects) {
  return only(effects, "connection-observe")[0]?.connection;
}

/** The topics of that connection. */
export function topicsIn(effects: Effects) {
  return connectionIn(effects)?.target?.["topics"];
}

/** The failure that ends the session, if any. */
export function failureIn(effects: Effects): LinkFailure | undefined {
  return only(effects, "session-fail")[0]?.failure;
}
