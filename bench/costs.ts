/*
 * The cost of an event: queries and rows of the database, rows of objects, and requests to objects,
 * counted round the relay while events come, and what that comes to in a month.
 */
import { join } from "node:path";

import { gather } from "./support/crowd.ts";
import { FRAMES_A_REQUEST, MONTH_SECONDS, PRICES } from "./support/prices.ts";
import { startReceiver } from "./support/receiver.ts";
import { startMeasuredRelay } from "./support/runtimes.ts";
import { startSource } from "./support/source.ts";

const COUNTING = join(import.meta.dirname, "support/counting.mjs");

// What is begun before is not counted: the link, the sockets, and what is written for them.
const SETTLE_MS = 5_000;

/** A way to run a channel. */
export interface Scenario {
  readonly name: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly sockets: number;
  readonly webhooks: number;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: "nothing said, one provider", perSecond: 0, seconds: 60, sockets: 0, webhooks: 0 },
  { name: "1 event/s, nobody listens", perSecond: 1, seconds: 60, sockets: 0, webhooks: 0 },
  { name: "1 event/s, 20 sockets", perSecond: 1, seconds: 60, sockets: 20, webhooks: 0 },
  { name: "1 event/s, a webhook", perSecond: 1, seconds: 60, sockets: 0, webhooks: 1 },
  { name: "100 events/s, 20 sockets", perSecond: 100, seconds: 10, sockets: 20, webhooks: 0 },
];

type Counts = Readonly<Record<string, number>>;

/** The figures that are billed, or bound. */
export const COUNTED = ["queries", ...(Object.keys(PRICES) as (keyof typeof PRICES)[])] as const;
export type Counted = (typeof COUNTED)[number];

/** For each event, or, where nothing was said, for a second. */
export async function countCosts(scenario: Scenario): Promise<Record<Counted, number>> {
  const { perSecond, seconds, sockets, webhooks } = scenario;
  const source = await startSource();
  const receiver = await startReceiver();
  const relay = await startMeasuredRelay(8717, {}, COUNTING);
  await relay.api("POST", "/channels", { id: "bench", public: true });
  const link = { protocol: "dlive", target: { streamer: "s" }, url: source.url };
  await relay.api("POST", "/channels/bench/providers", link);
  await source.subscribed();
  for (let index = 0; index < webhooks; index++) {
    await relay.api("POST", "/channels/bench/webhooks", { url: `${receiver.url}/live/${index}` });
  }
  const address = `${relay.url.replace("http:", "ws:")}/v1/channels/bench/socket`;
  const crowd = sockets === 0 ? null : await gather(address, sockets);
  const read = async (): Promise<Counts> =>
    (await (await fetch(`${relay.url}/counts`)).json()) as Counts;
  const settle = (): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, SETTLE_MS);
    });
  await settle();
  const before = await read();
  if (perSecond === 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, seconds * 1_000);
    });
  } else await source.say(perSecond * seconds, perSecond);
  await settle();
  const after = await read();
  crowd?.leave();
  await relay.stop();
  receiver.stop();
  await source.close();
  const units = perSecond === 0 ? seconds + SETTLE_MS / 1_000 : perSecond * seconds;
  const frames = ((after["frames"] ?? 0) - (before["frames"] ?? 0)) / FRAMES_A_REQUEST;
  const all = COUNTED.map((name) => {
    const more = name === "requests" ? frames : 0;
    return [name, ((after[name] ?? 0) - (before[name] ?? 0) + more) / units] as const;
  });
  return Object.fromEntries(all) as Record<Counted, number>;
}

/** USD for a month of this, at so many events a second, if nothing were included. */
export function priceMonth(costs: Record<Counted, number>, perSecond: number): number {
  const units = MONTH_SECONDS * (perSecond === 0 ? 1 : perSecond);
  return (Object.keys(PRICES) as (keyof typeof PRICES)[]).reduce(
    (sum, name) => sum + (costs[name] * units * PRICES[name].usdPerMillion) / 1e6,
    0,
  );
}
