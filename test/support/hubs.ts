import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** The names of all hubs that the tests' relay has. */
import { call } from "./api.ts";
const NAMES = Array.from({ length: Number(env.HUBS) }, (_, index) => `hub-${index}`);

/** From now on a channel's own object takes no more sockets than this. */
export function crowd(sockets: number): void {
  // The objects of a test run have the same settings as the test itself.
  Object.assign(env, { CHANNEL_SOCKETS: String(sockets) });
}

/** The hubs that follow a channel, by what they have written down. */
export async function hubsOf(channel: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of NAMES) {
    const feeds = await runInDurableObject(env.HUB.getByName(name), (_, { storage }) =>
      storage.sql.exec("SELECT channel FROM feeds WHERE channel = ?", channel).toArray(),
    );
    if (feeds.length > 0) found.push(name);
  }
  return found;
}

/** The hubs that a channel knows of. */
export function hubsKnownTo(channel: string): Promise<string[]> {
  return runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
    storage.sql
      .exec<{ hub: string }>("SELECT hub FROM hubs ORDER BY hub")
      .toArray()
      .map(({ hub }) => hub),
  );
}

/** Lets the hubs of a channel sleep: their sockets stay, their memory goes. */
export async function evictHubs(channel: string): Promise<void> {
  for (const name of await hubsOf(channel)) await evictDurableObject(env.HUB.getByName(name));
}

/** All hubs, by their calls. */
export function everyHub() {
  return NAMES.map((name) => env.HUB.getByName(name));
}

/** Lets all hubs sleep, those too that follow no channel yet. */
export async function evictEveryHub(): Promise<void> {
  for (const name of NAMES) {
    const hub = env.HUB.getByName(name);
    // One that is not awake cannot be put to sleep.
    await runInDurableObject(hub, () => null);
    await evictDurableObject(hub);
  }
}

export function evictChannel(channel: string): Promise<void> {
  return evictDurableObject(env.CHANNEL.getByName(channel));
}

/** The sockets of a channel as its status has them. */
export async function socketsOf(
  channel: string,
): Promise<{ count: number; byProtocol: Record<string, number> }> {
  interface Status {
    readonly sockets: { count: number; byProtocol: Record<string, number> };
  }
  return (await call<Status>("GET", `/channels/${channel}/status`)).body.sockets;
}
