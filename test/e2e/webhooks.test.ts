import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startReceiver, type Received, type Receiver } from "../support/receiver.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

// Each in another moment of a burst: from nothing that has arrived to nearly all.
const KILLS = Number(process.env["WEBHOOK_KILLS"] ?? 6);
const BURST = 60;

let relay: StartedRelay;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  relay = await startRelay();
  await call(relay, "POST", "/channels", { id: "hooks" });
});

afterAll(async () => {
  await relay.kill();
  await receiver.close();
});

interface MadeWebhook {
  readonly id: string;
  readonly secret: string;
}

function makeHook(name: string, settings: Record<string, unknown> = {}): Promise<MadeWebhook> {
  const url = `${receiver.url}/hooks/${name}`;
  return call(relay, "POST", "/channels/hooks/webhooks", { url, ...settings });
}

/** Posts notes with numbers; answers their ids once the relay has acknowledged them. */
async function post(first: number, count: number): Promise<string[]> {
  const events = Array.from({ length: count }, (_, index) => ({
    type: "custom.note",
    data: { text: String(first + index) },
  }));
  return (await call<{ ids: string[] }>(relay, "POST", "/channels/hooks/events", events)).ids;
}

async function restart(): Promise<void> {
  const { data, url } = relay;
  await relay.kill();
  relay = await startRelay({ data, port: Number(new URL(url).port) });
}

describe("kill -9 of the whole process group, in the middle of deliveries", () => {
  it(`loses nothing, ${KILLS} times over: every event arrives, and repeats have the same id`, async ({
    expect,
  }) => {
    const loose = await makeHook("loose", { types: ["custom.*"] });
    const ordered = await makeHook("ordered", { types: ["custom.*"], ordering: "channel" });
    await Promise.all([receiver.until("loose", 1), receiver.until("ordered", 1)]);
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      const before = receiver.hook("ordered").received.length;
      acknowledged.push(...(await post(round * BURST, BURST)));
      // Some have arrived, others are on their way, and the rest is yet to be sent.
      await receiver.until("ordered", before + 1 + ((round * 7) % (BURST / 2)));
      await restart();
    }
    for (const [name, { secret }] of [
      ["loose", loose],
      ["ordered", ordered],
    ] as const) {
      const got = await arrived(name, acknowledged);
      const ids = new Set(got.map(({ headers }) => headers["webhook-id"]));
      for (const id of acknowledged) expect(ids).toContain(id);
      const bodies = new Map<string, string>();
      for (const { headers, body } of got) {
        const id = headers["webhook-id"] ?? "";
        expect(bodies.get(id) ?? body).toBe(body);
        bodies.set(id, body);
        new Webhook(secret).verify(body, headers);
      }
    }
    // In order: none arrives for the first time before all that were posted earlier.
    const firsts = [...new Set(receiver.hook("ordered").received.map(idOf))];
    expect(firsts.filter((id) => acknowledged.includes(id))).toEqual(acknowledged);
  }, 600_000);
});

/** What a hook has got, once it has got all of these. */
async function arrived(name: string, ids: readonly string[]): Promise<readonly Received[]> {
  let received = await receiver.until(name, ids.length);
  for (;;) {
    const got = new Set(received.map(idOf));
    if (ids.every((id) => got.has(id))) return received;
    received = await receiver.until(name, received.length + 1);
  }
}

function idOf({ headers }: Received): string {
  return headers["webhook-id"] ?? "";
}
