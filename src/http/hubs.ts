import type { Context } from "hono";

import type { HubCalls } from "../calls/channel.ts";
import { fingerprint } from "../lib/fingerprint.ts";
import { wholeNumber } from "../lib/whole-number.ts";
import type { AppEnv } from "./env.ts";

/** A hub, by its calls and by `fetch` for sockets. */
export type HubStub = HubCalls & Pick<Fetcher, "fetch">;

// Where no setting says otherwise, and more than a relay's calls to all of them can be for.
const HUBS = 4;
const HUBS_MAX = 64;

/** The hub of a socket that names its channels in frames: any of them, as chance has it. */
export function anyHub(c: Context<AppEnv>): HubStub {
  // Every handshake has a key of its own, but for those that come by another way than the network.
  const key = c.req.header("sec-websocket-key") ?? crypto.randomUUID();
  return hubAt(c, placeOf(key));
}

/**
 * The hubs for the sockets that a channel has no room for, in the order in which they are to be
 * filled: each hub that follows a channel costs as much as the next, with few sockets or many.
 */
export function hubsOf(c: Context<AppEnv>, channel: string): HubStub[] {
  const first = placeOf(channel);
  return Array.from({ length: hubCount(c.env) }, (_, index) => hubAt(c, first + index));
}

/** All hubs: for what each of them has to know. */
export function everyHub(c: Context<AppEnv>): HubStub[] {
  return Array.from({ length: hubCount(c.env) }, (_, index) => hubAt(c, index));
}

function hubAt(c: Context<AppEnv>, place: number): HubStub {
  return c.env.HUB.getByName(`hub-${place % hubCount(c.env)}`);
}

function placeOf(text: string): number {
  return Number.parseInt(fingerprint(text).slice(0, 8), 36);
}

function hubCount({ HUBS: setting }: Pick<Env, "HUBS">): number {
  return Math.min(HUBS_MAX, Math.max(1, wholeNumber(setting) ?? HUBS));
}
