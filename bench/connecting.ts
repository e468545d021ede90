/*
 * The rush back after a deploy: how many native sockets are opened a second, each with a credential,
 * beside those that a bare object takes. They take turns, and each turn has a ratio of its own.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { cpuSeconds } from "./support/cpu.ts";
import { gather, quantile } from "./support/crowd.ts";
import { startBareLoop, startMeasuredRelay, type Measured } from "./support/runtimes.ts";

const SOCKETS = 1_000;
const TURNS = 4;

/** The credential that they come back with: all with one key, all with one token, or with nothing at all. */
export const RETURNING = ["a key", "a token", "nothing"] as const;
export type Returning = (typeof RETURNING)[number];

export interface Opened {
  /** Sockets a second, the median of all turns. */
  readonly perSecond: number;
  /** Microseconds of the runtime's processor time a socket. */
  readonly cpuMicros: number;
}

export async function connecting(): Promise<Record<Returning | "bare", Turn>> {
  const loop = await startBareLoop(8715);
  const relay = await startMeasuredRelay(8716);
  await relay.api("POST", "/channels", { id: "bench", public: true });
  const { key } = (await relay.api("POST", "/keys", {
    name: "overlays",
    scopes: ["events:read"],
  })) as { key: string };
  const { token } = (await relay.api("POST", "/channels/bench/tokens", {
    scopes: ["events:read"],
    ttlSeconds: 3_600,
  })) as { token: string };
  const path = "/v1/channels/bench/socket";
  const paths = {
    "a key": `${path}?token=${key}`,
    "a token": `${path}?token=${token}`,
    nothing: path,
  };
  const turns: Record<Returning | "bare", Turn[]> = {
    bare: [],
    "a key": [],
    "a token": [],
    nothing: [],
  };
  // The first turn compiles, on both sides.
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const who of RETURNING) {
      const bare = await open(loop, "/", true);
      const ours = await open(relay, paths[who], false);
      if (turn === 0) continue;
      turns.bare.push(bare);
      turns[who].push({ ...ours, ratio: ours.perSecond / bare.perSecond });
    }
  }
  await Promise.all([loop.stop(), relay.stop()]);
  return {
    bare: summarise(turns.bare),
    "a key": summarise(turns["a key"]),
    "a token": summarise(turns["a token"]),
    nothing: summarise(turns.nothing),
  };
}

export interface Turn extends Opened {
  readonly ratio: number;
}

async function open({ url, pid }: Measured, path: string, isBare: boolean): Promise<Turn> {
  const before = cpuSeconds(pid);
  const crowd = await gather(
    url.replace("http:", "ws:") + path,
    SOCKETS,
    isBare ? "bare" : "apart",
  );
  const cpuMicros = ((cpuSeconds(pid) - before) * 1e6) / SOCKETS;
  crowd.leave();
  // What is closed is not to be paid for by the next turn, nor counted by the brake.
  await sleep(2_000);
  return { perSecond: (SOCKETS * 1_000) / crowd.openedInMs, cpuMicros, ratio: 1 };
}

function summarise(turns: readonly Turn[]): Turn {
  const median = (values: readonly number[]): number => quantile(values, 0.5);
  return {
    perSecond: median(turns.map(({ perSecond }) => perSecond)),
    cpuMicros: median(turns.map(({ cpuMicros }) => cpuMicros)),
    ratio: median(turns.map(({ ratio }) => ratio)),
  };
}
