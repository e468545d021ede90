import { afterAll, beforeAll, describe, it } from "vitest";

import { memoryPositions, type AuthReason, type StreamEvent } from "../../src/client/index.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";
import { BlockedSocket, Burst, connectTo, Notes, StallingSocket } from "./support/sdk.ts";

let relay: StartedRelay;
beforeAll(async () => {
  relay = await startRelay();
});
afterAll(() => relay.kill());

/** Makes a channel; answers a burst on it. */
async function makeChannel(id: string): Promise<Burst> {
  await call(relay, "POST", "/channels", { id });
  return new Burst(connectTo(relay).channel(id));
}

describe("a page that is reloaded in the middle of a burst", () => {
  it("has heard every event once, in order", async ({ expect }) => {
    const burst = await makeChannel("reload");
    const positions = memoryPositions();
    const notes = new Notes();
    const first = await burst.post(1);
    for (let reloads = 0; reloads < 10; reloads++) {
      const page = connectTo(relay);
      const from = { after: `${first.split("-")[0]}-0` };
      notes.listen(page.channel("reload", { consumer: "page", positions, from }));
      const heard = notes.ids.length;
      const posting = burst.post(300);
      await notes.until(() => notes.ids.length > heard + 100);
      page.close();
      await posting;
    }
    const page = connectTo(relay);
    notes.listen(page.channel("reload", { consumer: "page", positions }));
    await notes.untilHeard(await burst.post(1));
    page.close();
    expect(notes.ids).toEqual(burst.ids);
    expect(notes.gaps).toEqual([]);
  });
});

describe("a relay that is killed in the middle of a burst", () => {
  it("is connected to again, and every event is heard once, in order", async ({ expect }) => {
    await makeChannel("killed");
    const notes = new Notes();
    const reader = connectTo(relay);
    const channel = reader.channel("killed");
    notes.listen(channel);
    await channel.live();
    for (let kills = 0; kills < 2; kills++) {
      const burst = new Burst(connectTo(relay).channel("killed"));
      const heard = notes.ids.length;
      // The relay goes while it posts.
      const posting = burst.post(20_000).catch(() => "");
      await notes.until(() => notes.ids.length > heard + 500);
      const { data, url } = relay;
      await relay.kill();
      await posting;
      relay = await startRelay({ data, port: Number(new URL(url).port) });
    }
    await notes.untilHeard(await new Burst(connectTo(relay).channel("killed")).post(1));
    const kept: string[] = [];
    for await (const { id, type } of channel.history({ order: "asc" })) {
      if (type.startsWith("custom.")) kept.push(id);
    }
    reader.close();
    expect(notes.ids).toEqual(kept);
    expect(notes.states).toContain("waiting");
  });
});

describe("a planned hand-over in the middle of a burst", () => {
  it("loses nothing, repeats nothing, and is no break", async ({ expect }) => {
    const burst = await makeChannel("hand-over");
    const notes = new Notes();
    const reader = connectTo(relay);
    const channel = reader.channel("hand-over");
    notes.listen(channel);
    await channel.live();
    const sessions = new Set<unknown>();
    channel.addEventListener("connections", () => sessions.add({}));
    const posting = burst.post(2_000);
    for (let times = 1; times <= 3; times++) {
      await call(relay, "POST", "/hand-over", { spreadMs: 0 });
      await notes.until(() => sessions.size >= times);
    }
    await notes.untilHeard(await posting);
    reader.close();
    expect(notes.ids).toEqual(burst.ids);
    expect(notes.states).toEqual(["connecting", "live", "idle"]);
  });
});

describe("tokens of seconds", () => {
  it("are renewed before they run out, without a break", async ({ expect }) => {
    const burst = await makeChannel("tokens");
    const reasons: AuthReason[] = [];
    const reader = connectTo(relay, {
      async auth({ reason }) {
        reasons.push(reason);
        const asked = { scopes: ["events:read"], ttlSeconds: 4 };
        const path = "/channels/tokens/tokens";
        const { token, expiresAt } = await call<{ token: string; expiresAt: string }>(
          relay,
          "POST",
          path,
          asked,
        );
        return { value: token, expiresAt };
      },
    });
    const notes = new Notes();
    const channel = reader.channel("tokens");
    notes.listen(channel);
    await channel.live();
    while (reasons.length < 4) await burst.post(10);
    await notes.untilHeard(await burst.post(1));
    reader.close();
    expect(notes.ids).toEqual(burst.ids);
    expect(reasons.slice(0, 4)).toEqual(["first", "expiring", "expiring", "expiring"]);
    expect(notes.states).toEqual(["connecting", "live", "idle"]);
  });

  it("that nobody says the end of are asked for again when the relay says so", async ({
    expect,
  }) => {
    const burst = await makeChannel("expired");
    const expired = Promise.withResolvers<undefined>();
    const reader = connectTo(relay, {
      async auth({ reason }) {
        if (reason === "expired") expired.resolve(undefined);
        const asked = { scopes: ["events:read"], ttlSeconds: 2 };
        return (await call<{ token: string }>(relay, "POST", "/channels/expired/tokens", asked))
          .token;
      },
    });
    const notes = new Notes();
    const channel = reader.channel("expired");
    notes.listen(channel);
    await channel.live();
    await burst.post(1);
    await expired.promise;
    await notes.untilHeard(await burst.post(1));
    reader.close();
    expect(notes.ids).toEqual(burst.ids);
  });
});

describe("a key that is revoked", () => {
  it("stops the channel, which says so", async ({ expect }) => {
    await makeChannel("revoked");
    const asked = { name: "to be revoked", scopes: ["events:read"], channels: ["revoked"] };
    const { id, key } = await call<{ id: string; key: string }>(relay, "POST", "/keys", asked);
    const notes = new Notes();
    const channel = connectTo(relay, { auth: key }).channel("revoked");
    notes.listen(channel);
    await channel.live();
    const reader = channel.events();
    const next = expect(reader.next()).rejects.toMatchObject({ code: "unauthorized" });
    await call(relay, "DELETE", `/keys/${id}`);
    await notes.until(() => notes.states.at(-1) === "stopped");
    await next;
    await expect(channel.live()).rejects.toMatchObject({ code: "unauthorized" });
    await expect(channel.status()).rejects.toMatchObject({ code: "unauthorized", status: 401 });
  });
});

describe("a channel that may not be read", () => {
  it("stops with the relay's own problem", async ({ expect }) => {
    await makeChannel("private");
    const channel = connectTo(relay, { auth: "trb_nobody" }).channel("private");
    await expect(channel.live()).rejects.toMatchObject({ code: "unauthorized", status: 401 });
    const gone = connectTo(relay).channel("not-there");
    await expect(gone.live()).rejects.toMatchObject({ code: "channel_not_found", status: 404 });
  });
});

describe("a page that hangs while much is said", () => {
  it.for(["fill", "tell"] as const)(
    "gets all of it in order with gaps filled, or is told what it has not got: %s",
    async (gaps, { expect }) => {
      const id = `hangs-${gaps}`;
      const burst = await makeChannel(id);
      const notes = new Notes();
      const reader = connectTo(relay, { WebSocket: StallingSocket.asConstructor() });
      const channel = reader.channel(id, { gaps });
      notes.listen(channel);
      await channel.live();
      StallingSocket.stallAll();
      // More than the system's own buffers take, in pieces that the relay leaves out one by one.
      await burst.chat(3_000, { size: 2_000, atOnce: 20 });
      StallingSocket.resumeAll();
      await notes.untilHeard(await burst.post(1));
      reader.close();
      expect(notes.errors).toEqual([]);
      expect(notes.gaps.length).toBeGreaterThan(0);
      expect(new Set(notes.gaps.map(({ filled }) => filled))).toEqual(new Set([gaps === "fill"]));
      if (gaps === "fill") expect(notes.ids).toEqual(burst.ids);
      const missing = burst.ids.filter((each) => !notes.ids.includes(each));
      const shed = notes.gaps.reduce((sum, gap) => sum + (gap.filled ? 0 : (gap.shed ?? 0)), 0);
      expect(missing).toHaveLength(shed);
    },
  );
});

describe("a reader that is slow", () => {
  it("reads from the log what did not fit, and joins what comes", async ({ expect }) => {
    const burst = await makeChannel("slow-reader");
    const reader = connectTo(relay);
    const channel = reader.channel("slow-reader");
    const events = channel.events("custom.*", { buffer: 10 });
    await channel.live();
    await burst.post(1_200);
    const heard: string[] = [];
    let last: string | null = null;
    for await (const { id } of events) {
      heard.push(id);
      // More comes while it reads.
      if (heard.length === 400) await burst.post(50);
      if (heard.length === 1_250) last = await burst.post(7);
      if (id === last) break;
    }
    reader.close();
    expect(heard).toEqual(burst.ids);
  });
});

describe("a network that lets no socket through", () => {
  it("is gone by as a stream, in which nothing is missing and sends work", async ({ expect }) => {
    const burst = await makeChannel("blocked");
    const notes = new Notes();
    const reader = connectTo(relay, { WebSocket: BlockedSocket.asConstructor() });
    const channel = reader.channel("blocked");
    notes.listen(channel);
    await channel.live();
    await notes.untilHeard(await burst.post(300));
    expect(notes.ids).toEqual(burst.ids);
    expect(channel.connections.size).toBe(0);
    await expect(channel.send({ text: "hello" })).rejects.toMatchObject({ code: "not_writable" });
    reader.close();
  });
});

describe("a channel that begins in the past", () => {
  it("begins so many events back, after a place, or at a time", async ({ expect }) => {
    const burst = await makeChannel("past");
    await burst.post(20);
    const events: StreamEvent[] = [];
    for await (const event of connectTo(relay).channel("past").history({ order: "asc" })) {
      events.push(event);
    }
    const tenth = events[9];
    if (tenth === undefined) throw new Error("there are not ten");
    const starts = [{ rewind: 10 }, { after: tenth.id }, { since: tenth.recordedtime }] as const;
    for (const from of starts) {
      const reader = connectTo(relay);
      const notes = new Notes();
      const channel = reader.channel("past", { from });
      notes.listen(channel);
      await channel.live();
      const expected = "since" in from ? burst.ids : burst.ids.slice(10);
      const { recordedtime } = tenth;
      const since = events.filter((each) => each.recordedtime >= recordedtime).map(({ id }) => id);
      expect(notes.ids).toEqual("since" in from ? since : expected);
      reader.close();
    }
  });

  it("is live at once where there is nothing to rewind over", async ({ expect }) => {
    await makeChannel("empty");
    const reader = connectTo(relay);
    const channel = reader.channel("empty", { from: { rewind: 50 } });
    channel.on("chat.*", () => undefined);
    await channel.live();
    expect(channel.state.name).toBe("live");
    reader.close();
  });
});

describe("the relay's clock", () => {
  it("is known from the hello, whatever the machine's own says", async ({ expect }) => {
    await makeChannel("clock");
    const clock = {
      now: () => Date.now() - 3_600_000,
      random: () => 0,
      setTimer(ms: number, run: () => void) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    };
    const reader = connectTo(relay, { clock });
    const channel = reader.channel("clock");
    await channel.live();
    expect(Math.abs(channel.serverNow() - Date.now())).toBeLessThan(5_000);
    reader.close();
  });
});
