/*
 * Saturation: a burst that is more than can be sent at once, to a thousand sockets, durably through
 * the relay and beside it through a bare loop that sends one frame an event. What counts is how many
 * events a second the sockets get, all together.
 */
import { gather, type Heard } from "./support/crowd.ts";
import { startBareLoop, startMeasuredRelay } from "./support/runtimes.ts";
import { startSource } from "./support/source.ts";

const SOCKETS = 1_000;

export interface Saturated {
  readonly said: number;
  /** Events delivered, over all sockets, without those that were shed. */
  readonly delivered: number;
  readonly gaps: number;
  /** Events in a frame. */
  readonly perFrame: number;
  readonly perSecond: number;
}

export async function saturation(): Promise<{ relay: Saturated; bare: Saturated }> {
  // Each gets as much as takes it some seconds.
  return { bare: await onBareLoop(500), relay: await onRelay(15_000) };
}

async function onRelay(count: number): Promise<Saturated> {
  const source = await startSource();
  const relay = await startMeasuredRelay(8711);
  await relay.api("POST", "/channels", { id: "bench", public: true });
  const link = { protocol: "dlive", target: { streamer: "s" }, url: source.url };
  await relay.api("POST", "/channels/bench/providers", link);
  await source.subscribed();
  const url = `${relay.url.replace("http:", "ws:")}/v1/channels/bench/socket`;
  const result = await burst(url, count, (...words) => source.say(...words), false);
  await relay.stop();
  await source.close();
  return result;
}

async function onBareLoop(count: number): Promise<Saturated> {
  const source = await startSource();
  const loop = await startBareLoop(8712);
  await fetch(`${loop.url}/?source=${encodeURIComponent(source.url)}`);
  await source.subscribed();
  const result = await burst(
    `${loop.url.replace("http:", "ws:")}/`,
    count,
    (...words) => source.say(...words),
    true,
  );
  await loop.stop();
  await source.close();
  return result;
}

async function burst(
  url: string,
  count: number,
  say: (count: number, perSecond: number) => Promise<void>,
  bare: boolean,
): Promise<Saturated> {
  const crowd = await gather(url, SOCKETS, ...(bare ? (["bare"] as const) : []));
  await say(20, 100);
  await untilQuiet(crowd);
  const began = performance.now();
  await say(count, 20_000);
  const { heard, at } = await untilQuiet(crowd);
  crowd.leave();
  const seconds = (at - began) / 1000;
  const { delivered, gaps, frames } = heard;
  const perFrame = delivered / frames;
  return { said: count, delivered, gaps, perFrame, perSecond: delivered / seconds };
}

/** What was heard, and when the last of it was, to a tenth of a second. */
async function untilQuiet(crowd: {
  heard(): Promise<Heard>;
}): Promise<{ heard: { delivered: number; gaps: number; frames: number }; at: number }> {
  const heard = { delivered: 0, gaps: 0, frames: 0 };
  let at = performance.now();
  for (let quiet = 0; quiet < 20;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const more = await crowd.heard();
    quiet = more.frames + more.gaps === 0 ? quiet + 1 : 0;
    if (more.frames > 0) at = performance.now();
    heard.delivered += more.delivered;
    heard.gaps += more.gaps;
    heard.frames += more.frames;
  }
  return { heard, at };
}
