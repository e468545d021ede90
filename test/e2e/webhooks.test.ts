import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startReceiver, type Received, type Receiver } from "../support/receiver.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

const KILLS = 20;
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

interface ShownAttempt {
  readonly number: number;
  readonly class: string;
  readonly reason: string;
  readonly endMs: number;
  readonly response: {
    readonly status: number;
    readonly bytes: number;
    readonly cut: boolean;
  } | null;
}

interface ShownDelivery {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly attempts: readonly ShownAttempt[];
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

/** The last delivery of an event to a webhook, as soon as it is as asked for. */
async function lastDelivery(
  id: string,
  isMet: (delivery: ShownDelivery) => boolean,
): Promise<ShownDelivery> {
  const path = `/channels/hooks/webhooks/${id}/deliveries`;
  for (;;) {
    const { data } = await call<{ data: ShownDelivery[] }>(relay, "GET", path);
    const last = data.find(({ kind }) => kind === "event");
    if (last !== undefined) {
      const shown = await call<ShownDelivery>(relay, "GET", `${path}/${last.id}`);
      if (isMet(shown)) return shown;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
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

describe("a receiver", () => {
  it.for([
    ["that hangs before its headers", "silent", { fault: "silent" }, "transient", "timeout"],
    ["that drips its body", "drip", { status: 200, fault: "drip" }, "transient", "timeout"],
    ["that resets the connection", "reset", { fault: "reset" }, "transient", "connection"],
    ["that breaks off its body", "cut", { status: 200, fault: "cut" }, "transient", "connection"],
    [
      "that redirects to a private address",
      "redirect",
      { status: 307, headers: { location: "http://127.0.0.1:1/inside" } },
      "transient",
      "redirected",
    ],
    [
      "that has moved for good",
      "moved",
      { status: 301, headers: { location: "http://169.254.169.254/latest" } },
      "permanent",
      "redirected",
    ],
    [
      "that answers with garbage",
      "garbage",
      { status: 200, body: "\u0000\uffff{" },
      "success",
      "accepted",
    ],
  ] as const)("%s is given a bounded time, and its class", async (row, { expect }) => {
    const [, name, reply, kind, reason] = row;
    const { id } = await makeHook(name, { types: ["custom.*"] });
    await receiver.until(name, 1);
    receiver.reply(name, reply);
    await post(0, 1);
    const { attempts } = await lastDelivery(id, (delivery) => delivery.attempts.length > 0);
    const [first] = attempts;
    expect(first).toMatchObject({ number: 1, class: kind, reason });
    expect(first?.endMs).toBeLessThan(17_000);
    if (reason === "timeout") expect(first?.endMs).toBeGreaterThan(14_000);
    await call(relay, "DELETE", `/channels/hooks/webhooks/${id}`);
  });

  it("that answers with 100 MiB is read no further than it is kept", async ({ expect }) => {
    const { id } = await makeHook("flood", { types: ["custom.*"] });
    await receiver.until("flood", 1);
    receiver.reply("flood", { status: 200, fault: "flood" });
    await post(0, 1);
    const { status, attempts } = await lastDelivery(id, (delivery) => delivery.attempts.length > 0);
    expect(status).toBe("succeeded");
    expect(attempts[0]?.response?.cut).toBe(true);
    expect(attempts[0]?.response?.bytes).toBeLessThan(1024 * 1024);
    // What was written is what the network took before the connection was given up.
    expect(receiver.hook("flood").written).toBeLessThan(50 * 1024 * 1024);
  });
});
