/*
 * A dead endpoint among fifty live ones, at a hundred events a second: how long an event takes from
 * the log to a live receiver, without the dead one and with it. The dead one accepts connections and
 * answers nothing. Events go out in batches, as fifty copies of each would have to anywhere.
 */
import { quantile } from "./support/crowd.ts";
import { startReceiver } from "./support/receiver.ts";
import { startMeasuredRelay } from "./support/runtimes.ts";

const LIVE = 50;
const PER_SECOND = 100;
const SECONDS = 15;
const BATCH = { max: 100, waitMs: 250 };

/** Milliseconds from the record of an event to its arrival. */
export interface Delays {
  readonly median: number;
  readonly p99: number;
  readonly events: number;
}

export async function webhookNeighbours(): Promise<{ without: Delays; beside: Delays }> {
  return { without: await delays(0), beside: await delays(1) };
}

async function delays(dead: number): Promise<Delays> {
  const receiver = await startReceiver();
  const relay = await startMeasuredRelay(8723);
  await relay.api("POST", "/channels", { id: "bench" });
  for (let index = 0; index < LIVE + dead; index++) {
    const url = `${receiver.url}/${index < LIVE ? "live" : "dead"}/${index}`;
    const wish = { url, types: ["custom.*"], batch: BATCH };
    await relay.api("POST", "/channels/bench/webhooks", wish);
  }
  const send = async (count: number): Promise<void> => {
    const began = performance.now();
    for (let sent = 0; sent < count; sent++) {
      const wait = began + (sent * 1_000) / PER_SECOND - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      void relay.api("POST", "/channels/bench/events", {
        type: "custom.note",
        data: { text: `number ${sent}, of a length that people write` },
      });
    }
  };
  // Once through, so that what is measured is warm, and the dead one is known for what it is.
  await send(PER_SECOND * 3);
  await receiver.until(PER_SECOND * 3 * LIVE);
  await send(PER_SECOND * SECONDS);
  const taken = await receiver.until(PER_SECOND * SECONDS * LIVE);
  await relay.stop();
  receiver.stop();
  return {
    median: quantile(taken.delays, 0.5),
    p99: quantile(taken.delays, 0.99),
    events: taken.events,
  };
}
