import type { Context } from "hono";

import { reachHub, type HubStub } from "../asking.ts";
import { DOOR_MS } from "../deadline.ts";
import { computeFingerprint } from "../lib/fingerprint.ts";
import { parseWholeNumber } from "../lib/whole-number.ts";
import type { AppEnv } from "./env.ts";

/** The bindings that hubs are found by. */
interface HubsAt {
  readonly env: Pick<Env, "HUB" | "HUBS">;
}

// Where no setting says otherwise, and more than a relay's calls to all of them can be for.
const HUBS = 4;
const HUBS_MAX = 64;

/**
 * The hubs for a socket that names its channels in frames: from any of them on, as chance has it.
 */
export function shuffleHubs(c: Context<AppEnv>): HubStub[] {
  // Whoever connects chooses the handshake's key, and must not choose the hub.
  return listHubsFor(c, crypto.randomUUID());
}

/**
 * The hubs for the sockets that a channel has no room for, in the order in which they are to be
 * filled: each hub that follows a channel costs as much as the next, with few sockets or many.
 */
export function listHubsFor(c: Context<AppEnv>, channel: string): HubStub[] {
  const first = computeHubIndex(channel);
  return Array.from({ length: countHubs(c.env) }, (_, index) => getHub(c, first + index));
}

/** All hubs: for what each of them has to know. */
export function listHubs(c: HubsAt): HubStub[] {
  return Array.from({ length: countHubs(c.env) }, (_, index) => getHub(c, index));
}

/** The hub at a place among all. */
export function getHub(c: HubsAt, place: number): HubStub {
  return reachHub(c.env, `hub-${place % countHubs(c.env)}`, DOOR_MS);
}

function computeHubIndex(text: string): number {
  return Number.parseInt(computeFingerprint(text).slice(0, 8), 36);
}

function countHubs({ HUBS: setting }: Pick<Env, "HUBS">): number {
  return Math.min(HUBS_MAX, Math.max(1, parseWholeNumber(setting) ?? HUBS));
}
