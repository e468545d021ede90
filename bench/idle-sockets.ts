/*
 * Idle sockets: what the runtime's process grows by for each socket that nobody speaks on, once its
 * object sleeps, with the relay and with a bare object.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { memoryMiB } from "./support/cpu.ts";
import { gather } from "./support/crowd.ts";
import { startBareLoop, startMeasuredRelay, type Measured } from "./support/runtimes.ts";

/** The first ones bring code and heap that later ones share. */
const FIRST = 2_000;
const SOCKETS = 3_500;

/** An object sleeps after ten seconds in which nobody speaks. */
const ASLEEP_MS = 15_000;

/** KiB a socket. */
export async function idleSockets(): Promise<{ relay: number; bare: number }> {
  const loop = await startBareLoop(8713);
  const bare = await perSocket(loop, "/", true);
  await loop.stop();
  // All of them in the channel's own object, as they are in the other.
  const server = await startMeasuredRelay(8714, { CHANNEL_SOCKETS: String(SOCKETS * 2) });
  await server.api("POST", "/channels", { id: "bench", public: true });
  const relay = await perSocket(server, "/v1/channels/bench/socket", false);
  await server.stop();
  return { bare, relay };
}

async function perSocket({ url, pid }: Measured, path: string, bare: boolean): Promise<number> {
  const address = url.replace("http:", "ws:") + path;
  const first = await gather(address, FIRST, ...(bare ? (["bare"] as const) : []));
  await sleep(ASLEEP_MS);
  const before = memoryMiB(pid);
  const crowd = await gather(address, SOCKETS, ...(bare ? (["bare"] as const) : []));
  await sleep(ASLEEP_MS);
  const after = memoryMiB(pid);
  crowd.leave();
  first.leave();
  return ((after - before) * 1024) / SOCKETS;
}
