import { afterAll, beforeAll, describe, it } from "vitest";

import { Client } from "./support/client.ts";
import { startDlive, type Dlive } from "./support/provider.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

/*
 * One relay as the DLive of another, with nothing between them but sockets and requests: what
 * happens on the one below is heard by the one above, and what is said above is said below.
 */

let dlive: Dlive;
let below: StartedRelay;
let above: StartedRelay;
let client: Client;

beforeAll(async () => {
  [dlive, below, above] = await Promise.all([startDlive(), startRelay(), startRelay()]);
  await call(below, "POST", "/channels", { id: "stage" });
  await call(below, "POST", "/channels/stage/providers", {
    protocol: "dlive",
    target: { streamer: "otterbrook" },
    credentials: { appToken: "an-app-token" },
    url: dlive.url,
  });
  await dlive.waitFor("subscriptions>=2");
  await call(above, "POST", "/channels", { id: "desk" });
  client = await Client.open(above, "desk");
  const scopes = ["events:read", "chat:write"];
  const { token } = await call<{ token: string }>(below, "POST", "/channels/stage/tokens", {
    scopes,
    ttlSeconds: 600,
  });
  await call(above, "POST", "/channels/desk/providers", {
    protocol: "dlive",
    target: { streamer: "stage" },
    credentials: { appToken: token },
    url: `${below.socketUrl}/gateways/dlive/`,
  });
  await hears("connected", ({ data }) => data["status"] === "connected");
});

afterAll(async () => {
  client.close();
  await Promise.all([below.kill(), above.kill(), dlive.close()]);
});

/** Resolves with the first event for which something holds, as soon as there is one. */
async function hears(
  what: string,
  isIt: (event: Client["events"][number]) => boolean,
): Promise<Client["events"][number]> {
  await client.until(() => client.events.some(isIt));
  const event = client.events.find(isIt);
  if (event === undefined) throw new Error(`never ${what}`);
  return event;
}

const textOf = ({ data }: Client["events"][number]): string | undefined => data.message?.text;

/** A subscription is not answered: says things below until the first is heard above. */
async function begin(word: string): Promise<void> {
  for (let i = 0; !client.events.some((event) => textOf(event)?.startsWith(word)); i += 1) {
    await dlive.do({ action: "item", type: "Message", content: `${word} ${i}` });
    await call(above, "GET", "/channels/desk/status");
  }
}

describe("a relay whose provider is another relay's DLive gateway", () => {
  it("hears what happens there, once and in its order", async ({ expect }) => {
    await begin("begin");
    await dlive.do({ action: "burst", count: 200, prefix: "line " });
    await dlive.do({ action: "item", type: "Gift", gift: "NINJAGHINI", amount: "3" });
    await dlive.do({ action: "item", type: "Clip", url: "https://clips.example/1" });
    await dlive.do({ action: "chest", type: "GiveawayStarted", pricePool: "1250000" });
    const started = await hears("a giveaway", ({ type }) => type === "chest.giveaway.started");
    expect(started.data).toMatchObject({ value: "12.5" });
    const lines = client.events.flatMap((event) => textOf(event) ?? []);
    expect(lines.filter((text) => text.startsWith("line "))).toEqual(
      Array.from({ length: 200 }, (_, index) => `line ${index + 1}`),
    );
    const cheer = client.events.find(({ type }) => type === "channel.cheer");
    expect(cheer).toMatchObject({
      provider: "dlive",
      connectionid: "dlive:stage",
      data: { amount: { value: "3000", currency: "dlive:lemon" } },
    });
    const clip = client.events.find(({ type }) => type === "provider.event");
    expect(clip?.data).toMatchObject({ payload: { url: "https://clips.example/1" } });
    expect(client.gaps).toEqual([]);
  });

  it("says there what is said here, and hears it come back", async ({ expect }) => {
    const { sendId } = await call<{ sendId: string }>(above, "POST", "/channels/desk/messages", {
      text: "from the desk",
    });
    const end = await hears("confirmed", ({ type }) => /^send\.(confirmed|failed)$/.test(type));
    expect(end).toMatchObject({ type: "send.confirmed", data: { sendId } });
    await hears("the message", (event) => textOf(event) === "from the desk");
    const { mutations } = dlive.truth();
    expect(mutations.map(({ field }) => field)).toEqual(["sendStreamchatMessage"]);
  });

  it("goes on when the one below comes back, and says what may be missing", async ({ expect }) => {
    const port = Number(new URL(below.url).port);
    await below.kill();
    below = await startRelay({ port, data: below.data });
    const gap = await hears("a gap", ({ type }) => type === "connection.gap");
    expect(gap.data).toMatchObject({ identifier: "dlive:stage" });
    await begin("again");
  });
});
