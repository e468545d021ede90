import { afterAll, beforeAll, describe, it } from "vitest";

import { startDlive, type Dlive } from "./support/provider.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";
import { Burst, connectTo, Notes, StallingSocket } from "./support/sdk.ts";

let relay: StartedRelay;
let dlive: Dlive;
beforeAll(async () => {
  [relay, dlive] = await Promise.all([startRelay({ env: { CHANNEL_SOCKETS: "1" } }), startDlive()]);
});
afterAll(async () => {
  await relay.kill();
  await dlive.close();
});

/** A channel whose own object holds as many sockets as it may: the next are a hub's. */
async function makeCrowded(id: string): Promise<Burst> {
  await call(relay, "POST", "/channels", { id });
  await connectTo(relay).channel(id).live();
  return new Burst(connectTo(relay).channel(id));
}

describe("a socket that a hub holds", () => {
  it("hears every event once, in order, over hand-overs in the middle of a burst", async ({
    expect,
  }) => {
    const burst = await makeCrowded("crowded");
    const notes = new Notes();
    const reader = connectTo(relay);
    const channel = reader.channel("crowded");
    notes.listen(channel);
    await channel.live();
    let sessions = 0;
    channel.addEventListener("connections", () => (sessions += 1));
    const posting = burst.post(2_000);
    for (let times = 1; times <= 3; times++) {
      await call(relay, "POST", "/hand-over", { spreadMs: 0 });
      await notes.until(() => sessions >= times);
    }
    await notes.untilHeard(await posting);
    reader.close();
    expect(notes.ids).toEqual(burst.ids);
    expect(notes.states).toEqual(["connecting", "live", "idle"]);
  });

  it("gets what it was too slow for, in its place, with gaps filled", async ({ expect }) => {
    const burst = await makeCrowded("hangs");
    const notes = new Notes();
    const reader = connectTo(relay, { WebSocket: StallingSocket.asConstructor() });
    const channel = reader.channel("hangs", { gaps: "fill" });
    notes.listen(channel);
    await channel.live();
    StallingSocket.stallAll();
    await burst.chat(3_000, { size: 2_000, atOnce: 20 });
    StallingSocket.resumeAll();
    await notes.untilHeard(await burst.post(1));
    reader.close();
    expect(notes.gaps.length).toBeGreaterThan(0);
    expect(notes.ids).toEqual(burst.ids);
  });

  it("is told what becomes of what it sends", async ({ expect }) => {
    await makeCrowded("says");
    await call(relay, "POST", "/channels/says/providers", {
      protocol: "dlive",
      target: { streamer: "says" },
      url: dlive.url,
      credentials: { appToken: "a" },
    });
    await dlive.waitFor("subscriptions>=2");
    const reader = connectTo(relay);
    const send = await reader.channel("says").send({ text: "hello" });
    expect([...(await send.settled).values()]).toEqual([{ target: "dlive:says", ok: true }]);
    reader.close();
  });
});
