/*
 * Webhook rate: how many deliveries a second one endpoint's object sends from a full queue, as it
 * comes and in order, beside a bare `fetch` loop in a Durable Object that sends the same body one
 * after the other, and one with five at once. The loop signs nothing, keeps nothing and has no
 * deadline.
 */
import { startReceiver, type Receiver, type Taken } from "./support/receiver.ts";
import { startBareFetch, startMeasuredRelay, type MeasuredRelay } from "./support/runtimes.ts";

const EVENTS = 5_000;
const BATCH = 500;

/** Deliveries a second. */
export interface Rates {
  /** An endpoint as it comes, and an ordered one. */
  readonly relay: number;
  readonly ordered: number;
  /** The loop, and one with five at once. */
  readonly bare: number;
  readonly bareFive: number;
}

export async function webhookRates(): Promise<Rates> {
  const receiver = await startReceiver();
  const bare = await onBareLoop(receiver, 1);
  const relay = await onRelay(receiver, "none");
  const bareFive = await onBareLoop(receiver, 5);
  const ordered = await onRelay(receiver, "channel");
  receiver.stop();
  return { relay, ordered, bare, bareFive };
}

async function onRelay(receiver: Receiver, ordering: string): Promise<number> {
  const relay = await startMeasuredRelay(8721);
  await relay.api("POST", "/channels", { id: "bench" });
  const { id } = (await relay.api("POST", "/channels/bench/webhooks", {
    url: `${receiver.url}/live/1`,
    types: ["custom.*"],
    ordering,
  })) as { id: string };
  // Once through, so that what is measured is warm.
  await post(relay, 500);
  await receiver.until(500);
  // They gather while next to none may be sent.
  const path = `/channels/bench/webhooks/${id}`;
  await relay.api("PATCH", path, { ratePerSecond: 0.01 });
  await post(relay, EVENTS);
  await waiting(relay, path, EVENTS - 1);
  await receiver.taken();
  await relay.api("PATCH", path, { ratePerSecond: null });
  const rate = rateOf(await receiver.until(EVENTS - 1));
  await relay.stop();
  return rate;
}

async function onBareLoop(receiver: Receiver, atOnce: number): Promise<number> {
  const loop = await startBareFetch(8722);
  const to = encodeURIComponent(`${receiver.url}/live/1`);
  const run = async (count: number): Promise<void> => {
    await fetch(`${loop.url}/?to=${to}&at-once=${atOnce}&count=${count}`, {
      method: "POST",
      body: JSON.stringify(SAMPLE),
    });
  };
  await run(500);
  await receiver.taken();
  await run(EVENTS);
  const rate = rateOf(await receiver.until(EVENTS));
  await loop.stop();
  return rate;
}

function rateOf({ deliveries, firstAt, lastAt }: Taken): number {
  return ((deliveries - 1) * 1_000) / (lastAt - firstAt);
}

export async function post(relay: MeasuredRelay, count: number): Promise<void> {
  for (let first = 0; first < count; first += BATCH) {
    const events = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => ({
      type: "custom.note",
      data: { text: `number ${first + index}, of a length that people write` },
    }));
    await relay.api("POST", "/channels/bench/events", events);
  }
}

async function waiting(relay: MeasuredRelay, path: string, count: number): Promise<void> {
  for (;;) {
    const { health } = (await relay.api("GET", path)) as { health: { pending: number } };
    if (health.pending >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the relay sends, as far as size goes. */
const SAMPLE = {
  specversion: "1.0",
  id: "k3f9w2ab7q-4711",
  source: "/channels/bench",
  type: "custom.note",
  time: "2026-11-21T01:17:00.123Z",
  recordedtime: "2026-11-21T01:17:00.123Z",
  sequence: "000000004711",
  provider: "api",
  platform: "api",
  data: { text: "number 4711, of a length that people write" },
};
