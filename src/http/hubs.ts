import type { Context } from "hono";

import type { HubCalls } from "../calls.ts";
import { fingerprint } from "../lib/fingerprint.ts";
import { wholeNumber } from "../lib/whole-number.ts";
import type { AppEnv } from "./env.ts";

/** A hub, by its calls and by `fetch` for sockets. */
export type HubStub = HubCalls & Pick<Fetcher, "fetch">;

// Where no setting says otherwise, and more than a relay's calls to all of them can be for.
const HUBS = 4;
const HUBS_MAX = 64;

/** The hub that a new socket goes to: any of them, as chance has it, and all alike. */
export function hubFor(c: Context<AppEnv>): HubStub {
  // Every handshake has a key of its own, but for those that come by another way than the network.
  const key = c.req.header("sec-websocket-key") ?? crypto.randomUUID();
  const place = Number.parseInt(fingerprint(key).slice(0, 8), 36);
  return c.env.HUB.getByName(nameOf(place % hubCount(c.env)));
}

/** All hubs: for what each of them has to know. */
export function everyHub(c: Context<AppEnv>): HubStub[] {
  return Array.from({ length: hubCount(c.env) }, (_, index) => c.env.HUB.getByName(nameOf(index)));
}

function hubCount({ HUBS: setting }: Pick<Env, "HUBS">): number {
  return Math.min(HUBS_MAX, Math.max(1, wholeNumber(setting) ?? HUBS));
}

function nameOf(index: number): string {
  return `hub-${index}`;
}
