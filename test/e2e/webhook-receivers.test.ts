import { afterAll, beforeAll, describe, it } from "vitest";

import { startReceiver, type Receiver } from "../support/receiver.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  relay = await startRelay();
});

afterAll(async () => {
  await relay.kill();
  await receiver.close();
});

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

/** Makes a channel that sends its notes to a hook of the same name; resolves once it was greeted. */
async function makeHook(name: string): Promise<string> {
  await call(relay, "POST", "/channels", { id: name });
  const url = `${receiver.url}/hooks/${name}`;
  const settings = { url, types: ["custom.*"] };
  const { id } = await call<{ id: string }>(relay, "POST", `/channels/${name}/webhooks`, settings);
  await receiver.until(name, 1);
  return id;
}

function postNote(channel: string): Promise<unknown> {
  const note = { type: "custom.note", data: { text: "a note" } };
  return call(relay, "POST", `/channels/${channel}/events`, note);
}

/** The last delivery of an event to a webhook, as soon as it is as asked for. */
async function lastDelivery(
  channel: string,
  id: string,
  isMet: (delivery: ShownDelivery) => boolean,
): Promise<ShownDelivery> {
  const path = `/channels/${channel}/webhooks/${id}/deliveries`;
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

// Side by side, each with a channel of its own: two of them take fifteen seconds.
describe.concurrent("a receiver", () => {
  it.for([
    ["that hangs before its headers", "silent", { fault: "silent" }, "transient", "timeout"],
    ["that drips its body", "drip", { status: 200, fault: "drip" }, "success", "accepted"],
    ["that resets the connection", "reset", { fault: "reset" }, "transient", "connection"],
    ["that breaks off its body", "cut", { status: 200, fault: "cut" }, "success", "accepted"],
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
    const id = await makeHook(name);
    receiver.reply(name, reply);
    await postNote(name);
    const { attempts } = await lastDelivery(name, id, (delivery) => delivery.attempts.length > 0);
    const [first] = attempts;
    expect(first).toMatchObject({ number: 1, class: kind, reason });
    expect(first?.endMs).toBeLessThan(17_000);
    if (name === "silent" || name === "drip") expect(first?.endMs).toBeGreaterThan(14_000);
    await call(relay, "DELETE", `/channels/${name}/webhooks/${id}`);
  });

  it("that answers with 100 MiB is read no further than it is kept", async ({ expect }) => {
    const id = await makeHook("flood");
    receiver.reply("flood", { status: 200, fault: "flood" });
    await postNote("flood");
    const { status, attempts } = await lastDelivery(
      "flood",
      id,
      (delivery) => delivery.attempts.length > 0,
    );
    expect(status).toBe("succeeded");
    expect(attempts[0]?.response?.cut).toBe(true);
    expect(attempts[0]?.response?.bytes).toBeLessThan(1024 * 1024);
    // What was written is what the network took before the connection was given up.
    expect(receiver.hook("flood").written).toBeLessThan(50 * 1024 * 1024);
  });
});
