import type { Context } from "hono";

import { reachHub, type HubStub } from "../asking.ts";
import { nameHub, type ObjectName } from "../calls/object-names.ts";
import { DOOR_MS } from "../deadline.ts";
import { Jurisdiction } from "../event/location.ts";
import { computeFingerprint } from "../lib/fingerprint.ts";
import { parseWholeNumber } from "../lib/whole-number.ts";
import { listJurisdictions } from "../store/history/channels.ts";
import type { ChannelNamed } from "./access.ts";
import type { AppEnv } from "./env.ts";

/** The settings that hubs are found by. */
type HubSettings = Pick<Env, "HUBS" | "HUB_JURISDICTION">;

/** The bindings that hubs are found by. */
interface HubsAt {
  readonly env: Pick<Env, "DB" | "HUB"> & HubSettings;
}

// Where no setting says otherwise, and more than a relay's calls to all of them can be for.
const HUBS = 4;
const HUBS_MAX = 64;

/**
 * The hubs for a socket that names its channels in frames: from any of them on, as chance has it. They
 * are where the relay's setting says, as nobody knows yet which channels it will follow.
 */
export function shuffleHubs(c: Context<AppEnv>): HubStub[] {
  // Whoever connects chooses the handshake's key, and must not choose the hub.
  return listFrom(c, readJurisdiction(c.env), crypto.randomUUID());
}

/**
 * The hubs for the sockets that a channel has no room for, in its jurisdiction, in the order in which
 * they are to be filled: each hub that follows a channel costs as much as the next, with few sockets
 * or many.
 */
export function listHubsFor(c: Context<AppEnv>, channel: ChannelNamed): HubStub[] {
  return listFrom(c, channel.jurisdiction, channel.id);
}

/** All hubs: for what each of them has to know. */
export async function listHubs(c: HubsAt): Promise<HubStub[]> {
  return (await listHubNames(c)).map((name) => getHub(c, name));
}

/** The names of all hubs: of every jurisdiction that a channel is in, and of the relay's own. */
export async function listHubNames({ env }: HubsAt): Promise<ObjectName[]> {
  const used = [readJurisdiction(env), ...(await listJurisdictions(env.DB.withSession()))];
  return [...new Set(used)].flatMap((jurisdiction) => listNames(env, jurisdiction));
}

/** A hub, by its name. */
export function getHub({ env }: Pick<HubsAt, "env">, name: ObjectName): HubStub {
  return reachHub(env, name, DOOR_MS);
}

function listFrom(c: HubsAt, jurisdiction: Jurisdiction | null, text: string): HubStub[] {
  const names = listNames(c.env, jurisdiction);
  const first = Number.parseInt(computeFingerprint(text).slice(0, 8), 36) % names.length;
  return [...names.slice(first), ...names.slice(0, first)].map((name) => getHub(c, name));
}

function listNames(env: HubSettings, jurisdiction: Jurisdiction | null): ObjectName[] {
  const count = Math.min(HUBS_MAX, Math.max(1, parseWholeNumber(env.HUBS) ?? HUBS));
  return Array.from({ length: count }, (_, place) => nameHub({ jurisdiction }, `hub-${place}`));
}

/** The jurisdiction of the hubs that sockets of no particular channel are in; null for none. */
function readJurisdiction({ HUB_JURISDICTION: setting }: HubSettings): Jurisdiction | null {
  const known = Jurisdiction.safeParse(setting);
  if (known.success || !setting) return known.data ?? null;
  throw new Error("HUB_JURISDICTION names no jurisdiction");
}
