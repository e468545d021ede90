/*
 * What strangers cost a client that behaves: how long an event takes to a socket that listens, and how
 * long a newcomer waits for its first event, without strangers and beside each kind of them, in one
 * run: a thousand sockets, or a hundred requests a second, from one address.
 */
import { fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { WebSocket } from "ws";

import { gather, quantile, settled } from "./support/crowd.ts";
import { startMeasuredRelay, type MeasuredRelay } from "./support/runtimes.ts";
import { startSource } from "./support/source.ts";

export const KINDS = ["unread", "silent", "inventing", "requests"] as const;
export type Kind = (typeof KINDS)[number];

/** Milliseconds, medians: from an event to those who listen, and from a knock to the first event. */
export interface Waits {
  readonly event: number;
  readonly newcomer: number;
  /** Whether everything came, once and in order. */
  readonly isWhole: boolean;
  readonly opened: number;
  readonly refused: number;
}

const LISTENERS = 20;
const PER_SECOND = 50;
const SECONDS = 10;
const NEWCOMERS = 15;

// What those who do not read could be told of: some ten megabytes.
const BEFORE = 20_000;

export async function strangers(
  kinds: readonly Kind[] = KINDS,
): Promise<{ nobody: Waits; beside: Record<Kind, Waits> }> {
  const beside: Partial<Record<Kind, Waits>> = {};
  const without: Waits[] = [];
  for (const kind of kinds) {
    // Each beside a run of its own without them, so that what else the machine does is in both.
    const { nobody, strange } = await measure(kind);
    without.push(nobody);
    beside[kind] = {
      ...strange,
      event: strange.event / nobody.event,
      newcomer: strange.newcomer / nobody.newcomer,
    };
  }
  const nobody = {
    event: quantile(
      without.map(({ event }) => event),
      0.5,
    ),
    newcomer: quantile(
      without.map(({ newcomer }) => newcomer),
      0.5,
    ),
    isWhole: without.every(({ isWhole }) => isWhole),
    opened: 0,
    refused: 0,
  };
  return { nobody, beside: beside as Record<Kind, Waits> };
}

async function measure(kind: Kind): Promise<{ nobody: Waits; strange: Waits }> {
  const relay = await startMeasuredRelay(8731);
  const source = await startSource();
  const { epoch } = (await relay.api("POST", "/channels", { id: "bench", public: true })) as {
    epoch: string;
  };
  const link = { protocol: "dlive", target: { streamer: "bench" }, url: source.url };
  await relay.api("POST", "/channels/bench/providers", link);
  await source.subscribed();
  await source.say(BEFORE, 2_000);
  const say = (): Promise<void> => source.say(PER_SECOND, PER_SECOND);
  const nobody = await waits(relay, say);
  const child = fork(join(import.meta.dirname, "support", "hostile.ts"), [
    kind,
    relay.url,
    `${epoch}-0`,
  ]);
  const answer = (): Promise<unknown> =>
    new Promise((resolve) => {
      child.once("message", resolve);
    });
  await answer();
  const measured = await waits(relay, say);
  const report = answer();
  child.send("report");
  const { opened, refused } = (await report) as { opened: number; refused: number };
  child.kill();
  await relay.stop();
  await source.close();
  return { nobody, strange: { ...measured, opened, refused } };
}

async function waits(relay: MeasuredRelay, say: () => Promise<void>): Promise<Waits> {
  const address = `${relay.url.replace("http:", "ws:")}/v1/channels/bench/socket`;
  const crowd = await gather(address, LISTENERS);
  // A second of events after the other, for as long as somebody waits for one.
  const listening = { isOver: false };
  const saying = (async (): Promise<number> => {
    let seconds = 0;
    for (; seconds < SECONDS || !listening.isOver; seconds++) await say();
    return seconds;
  })();
  const newcomers: number[] = [];
  for (let index = 0; index < NEWCOMERS; index++) {
    newcomers.push(await firstEvent(address));
    await sleep(200);
  }
  listening.isOver = true;
  const seconds = await saying;
  const { delivered, breaks, gaps, closed, delays } = await settled(crowd);
  crowd.leave();
  return {
    event: quantile(delays, 0.5),
    newcomer: quantile(newcomers, 0.5),
    isWhole: delivered === LISTENERS * PER_SECOND * seconds && breaks + gaps + closed === 0,
    opened: 0,
    refused: 0,
  };
}

/** Milliseconds from a knock to the first event. */
function firstEvent(address: string): Promise<number> {
  const began = performance.now();
  const socket = new WebSocket(address, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      if (!data.toString("latin1", 0, 20).startsWith('{"type":"events"')) return;
      resolve(performance.now() - began);
      socket.close();
    });
  });
}
