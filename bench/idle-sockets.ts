/*
 * Idle sockets: what the runtime's process grows by for each hibernatable socket that nobody speaks
 * on, with the relay and with a bare object.
 */
import { memoryMiB } from "./support/cpu.ts";
import { gather } from "./support/crowd.ts";
import { startBareLoop, startMeasuredRelay, type Measured } from "./support/runtimes.ts";

const SOCKETS = 4_000;

/** KiB a socket. */
export async function idleSockets(): Promise<{ relay: number; bare: number }> {
  const loop = await startBareLoop(8713);
  const bare = await perSocket(loop, "/", true);
  await loop.stop();
  const server = await startMeasuredRelay(8714);
  await server.api("POST", "/channels", { id: "bench", public: true });
  const relay = await perSocket(server, "/v1/channels/bench/socket", false);
  await server.stop();
  return { bare, relay };
}

async function perSocket({ url, pid }: Measured, path: string, bare: boolean): Promise<number> {
  const address = url.replace("http:", "ws:") + path;
  // The first ones bring code and heap that later ones share.
  const first = await gather(address, 500, bare);
  const before = memoryMiB(pid);
  const crowd = await gather(address, SOCKETS, bare);
  const after = memoryMiB(pid);
  crowd.leave();
  first.leave();
  return ((after - before) * 1024) / SOCKETS;
}
