/*
 * History: how long a page of 100 takes from a million events, beside ten thousand. The pages are
 * read over HTTP from the database: the oldest, from the middle on, and of one type, in turn.
 */
import { quantile } from "./support/crowd.ts";
import { startMeasuredRelay, type MeasuredRelay } from "./support/runtimes.ts";

const ROUNDS = 200;

/** Milliseconds, the median of each kind of page. */
export interface PageTimes {
  readonly oldest: number;
  readonly after: number;
  readonly types: number;
}

export async function historyPages(): Promise<{ small: PageTimes; large: PageTimes }> {
  return { small: await timesOf(10_000), large: await timesOf(1_000_000) };
}

async function timesOf(count: number): Promise<PageTimes> {
  const relay = await startMeasuredRelay(8715);
  const { epoch } = (await relay.api("POST", "/channels", { id: "bench", public: true })) as {
    epoch: string;
  };
  await fill(relay, count);
  const middle = `${epoch}-${Math.floor(count / 2)}`;
  const queries = {
    oldest: `order=asc&limit=100`,
    after: `order=asc&after=${middle}&limit=100`,
    types: `order=asc&after=${middle}&types=channel.tip&limit=100`,
  };
  const times: Record<keyof PageTimes, number[]> = { oldest: [], after: [], types: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, query] of Object.entries(queries)) {
      const began = performance.now();
      const response = await fetch(`${relay.url}/v1/channels/bench/events?${query}`);
      const { events } = (await response.json()) as { events: unknown[] };
      if (events.length !== 100) throw new Error(`a page of ${events.length}`);
      // The first rounds warm caches.
      if (round >= 20) times[name as keyof PageTimes].push(performance.now() - began);
    }
  }
  await relay.stop();
  return {
    oldest: quantile(times.oldest, 0.5),
    after: quantile(times.after, 0.5),
    types: quantile(times.types, 0.5),
  };
}

const BATCH = 500;

/** Posts so many events, one in ten of them a tip, and waits until history has them. */
async function fill(relay: MeasuredRelay, count: number): Promise<void> {
  let next = 0;
  const post = async (): Promise<void> => {
    while (next < count) {
      const first = next;
      next += BATCH;
      await relay.api(
        "POST",
        "/channels/bench/events",
        Array.from({ length: BATCH }, (_, index) => draft(first + index)),
      );
    }
  };
  await Promise.all([post(), post(), post()]);
  for (;;) {
    const { history } = (await relay.api("GET", "/channels/bench/status")) as {
      history: { lagEvents: number };
    };
    if (history.lagEvents === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function draft(number: number): object {
  const text = `message number ${number}, of a length that people write`;
  const user = {
    key: `bench:${number % 100}`,
    id: String(number % 100),
    name: `Viewer${number % 100}`,
    roles: [],
    badges: [],
    anonymous: false,
  };
  if (number % 10 === 0) {
    return {
      type: "channel.tip",
      data: { user, kind: "tip", amount: { value: "4.20", currency: "USD", kind: "fiat" } },
    };
  }
  const message = {
    id: String(number),
    text,
    fragments: [{ type: "text", text }],
    action: false,
    highlighted: false,
    first: false,
  };
  return { type: "chat.message", data: { user, message } };
}
