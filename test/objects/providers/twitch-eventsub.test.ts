import * as fc from "fast-check";
import { afterEach, describe, it, vi } from "vitest";

import { expandSaid } from "../../emulators/kit/truth.ts";
import { call } from "../../support/api.ts";
import { Emulated, type Truth } from "../../support/emulated.ts";
import { GAPS_AFTER_LOSSES, lifeOf, Listener, wordsIn } from "../../support/listener.ts";

const twitch = new Emulated("twitch-eventsub");
const IDENTIFIER = "twitch-eventsub:rivermoss";
const LAST = "the last word";

/** What of Twitch's truth is looked at. */
interface TwitchTruth extends Omit<Truth, "posted" | "subscriptions"> {
  readonly posted: readonly { text: string; token: string }[];
  readonly refreshes: readonly { status: number }[];
  readonly subscriptions: readonly { id: string; type: string; isOrphan: boolean }[];
  readonly requests: readonly { type: string; session: string; status: number }[];
  readonly removed: readonly string[];
  readonly handOvers: readonly { isGood: boolean }[];
}

async function truth(): Promise<TwitchTruth> {
  return (await twitch.truth()) as unknown as TwitchTruth;
}

let listener: Listener | null = null;

async function end(): Promise<void> {
  vi.restoreAllMocks();
  await listener?.end();
  listener = null;
}
afterEach(end);

async function listen(...scene: Record<string, unknown>[]): Promise<Listener> {
  await end();
  await twitch.reset();
  await twitch.do(...scene);
  return (listener = await Listener.to(twitch));
}

/** Resolves once the connection map says of the channel that it is so, as an event. */
function untilConnection(heard: Listener, state: Record<string, unknown>): Promise<void> {
  return heard.until((events) => {
    const told = events.filter(({ type }) => type === "connection.updated").at(-1)?.data ?? {};
    return Object.entries(state).every(([name, value]) => told[name] === value);
  });
}

async function say(heard: Listener, text: string): Promise<void> {
  await twitch.do({ action: "message", text });
  await heard.until((events) => wordsIn(events).includes(text));
}

/** What the connection map says of each type. */
async function readSubscriptions(
  heard: Listener,
): Promise<Record<string, { reason?: string; detail?: string }>> {
  const [connection] = await heard.connections();
  const target = (connection?.["target"] ?? {}) as { subscriptions?: Record<string, object> };
  return target.subscriptions ?? {};
}

function isOf(type: string) {
  return (event: { readonly type: string }): boolean => event.type === type;
}

describe("a Twitch channel with all that a token may hear", () => {
  it("hears each kind of event once, and says of each type that it is subscribed", async ({
    expect,
  }) => {
    const heard = await listen();
    await untilConnection(heard, { status: "connected", reason: null, writable: true });
    const subscriptions = await readSubscriptions(heard);
    expect(Object.keys(subscriptions).length).toBeGreaterThan(50);
    for (const each of Object.values(subscriptions)) expect(each).toEqual({ status: "subscribed" });
    await twitch.do(
      { action: "event", type: "channel.follow" },
      { action: "event", type: "channel.bits.use", event: { bits: 50 } },
      { action: "event", type: "channel.raid", event: { viewers: 7 } },
      { action: "notice", kind: "raid", own: { user_id: "7", viewer_count: 7 } },
      { action: "bomb", count: 3 },
      { action: "event", type: "channel.otter_parade" },
    );
    await say(heard, LAST);
    const counted = (type: string): number => heard.events.filter(isOf(type)).length;
    expect(counted("channel.follow")).toBe(1);
    expect(counted("channel.cheer")).toBe(1);
    expect(counted("channel.raid")).toBe(1);
    expect(counted("channel.subscription.gift")).toBe(1);
    expect(counted("channel.subscription")).toBe(3);
    expect(lifeOf(IDENTIFIER, heard.events)).toBe("LC");
    const { received } = await truth();
    expect(received).toEqual([]);
  });

  it("says what it may not hear, and what a person must do", async ({ expect }) => {
    const scopes = ["user:read:chat", "moderator:read:followers"];
    const heard = await listen(
      { action: "knobs", scopes },
      { action: "refuseType", type: "channel.follow", status: 403 },
    );
    await untilConnection(heard, { status: "connected", reason: "subscriptions_refused" });
    const subscriptions = await readSubscriptions(heard);
    expect(subscriptions["channel.follow"]).toMatchObject({ reason: "not_moderator" });
    expect(subscriptions["channel.bits.use"]?.detail).toContain("bits:read");
    const { requests } = await truth();
    expect(requests.some(({ type }) => type === "channel.bits.use")).toBe(false);
    await say(heard, LAST);
  });

  it("takes away what a socket that is gone left behind", async ({ expect }) => {
    const scopes = ["user:read:chat"];
    const heard = await listen({ action: "knobs", scopes, leavesOrphans: true });
    await untilConnection(heard, { status: "connected" });
    await twitch.do({ action: "cut" });
    await twitch.until("removed==16");
    await untilConnection(heard, { status: "connecting" });
    await untilConnection(heard, { status: "connected" });
    const { subscriptions } = await truth();
    expect(subscriptions.filter(({ isOrphan }) => isOrphan)).toEqual([]);
    await say(heard, LAST);
    expect(lifeOf(IDENTIFIER, heard.events)).toMatch(/^L*CL+CG$/);
  });

  it("waits for a rate, and goes on where it was", async ({ expect }) => {
    const heard = await listen(
      { action: "knobs", scopes: ["user:read:chat"] },
      { action: "refuseType", type: "channel.chat.notification", status: 429, times: 1 },
    );
    await untilConnection(heard, { status: "connected" });
    await say(heard, LAST);
    const { requests } = await truth();
    const statuses = requests.filter(({ type }) => type === "channel.chat.notification");
    expect(statuses.map(({ status }) => status)).toEqual([429, 202]);
    expect(lifeOf(IDENTIFIER, heard.events)).toBe("LC");
  });

  it("hears the others on when one is taken back, and stops for good with the last", async ({
    expect,
  }) => {
    const heard = await listen({ action: "knobs", scopes: ["user:read:chat"] });
    await untilConnection(heard, { status: "connected" });
    await twitch.do({ action: "revoke", type: "stream.online", status: "version_removed" });
    await untilConnection(heard, { status: "connected", reason: "version_removed" });
    await say(heard, LAST);
    const { subscriptions } = await truth();
    const types = [...new Set(subscriptions.map(({ type }) => type))];
    await twitch.do(
      ...types.map((type) => ({ action: "revoke", type, status: "authorization_revoked" })),
    );
    await untilConnection(heard, { status: "error", reason: "authorization_revoked" });
    expect(types).toHaveLength(14);
  });
});

describe("a Twitch channel's token", () => {
  it("is renewed beside the socket when it has run out: nothing is cut, and nothing lost", async ({
    expect,
  }) => {
    const heard = await listen();
    await untilConnection(heard, { writable: true });
    await twitch.do({ action: "expireToken", keepSockets: true });
    const path = `/channels/${heard.channel}/messages`;
    await call("POST", path, { text: "too late" });
    await heard.until((events) => events.some(isOf("send.failed")));
    expect(heard.events.find(isOf("send.failed"))?.data).toMatchObject({
      reason: "token_invalid",
      retryable: true,
    });
    await twitch.until("refreshes==1");
    await twitch.until("validations==2");
    await call("POST", path, { text: "in time" });
    await heard.until((events) => wordsIn(events).includes("in time"));
    await heard.until((events) => events.some(isOf("send.confirmed")));
    const { dials, refreshes, posted } = await truth();
    expect([dials, refreshes.length]).toEqual([1, 1]);
    expect(posted.at(-1)?.token).not.toBe("an-access-token");
    expect(lifeOf(IDENTIFIER, heard.events)).toBe("LC");
  });

  it("that has run out before the first dial is renewed, and the channel is heard", async ({
    expect,
  }) => {
    const heard = await listen({ action: "token", value: "another" });
    await untilConnection(heard, { status: "connected" });
    const { dials, refreshes } = await truth();
    expect([dials, refreshes.length]).toEqual([1, 1]);
    await say(heard, LAST);
  });

  it("that nobody can renew stops it, and says so", async ({ expect }) => {
    await end();
    await twitch.reset();
    await twitch.do({ action: "token", value: "another" });
    const credentials = { clientId: "c", accessToken: "a", refreshToken: "used-up" };
    listener = await Listener.to(twitch, { credentials });
    await untilConnection(listener, { status: "error", reason: "credentials_expired" });
    const { refreshes } = await truth();
    expect(refreshes).toEqual([{ refreshToken: "used-up", status: 400 }]);
  });
});

const countGaps = (events: readonly { readonly type: string }[]): number =>
  events.filter(isOf("connection.gap")).length;

describe("a reconnect that Twitch asks for", () => {
  const COUNT = 60;
  const RUN: fc.Parameters<unknown> = { seed: 20_261_129, numRuns: 5, endOnFailure: true };
  const behaviour = { tellsBoth: fc.boolean(), welcomeDelayMs: fc.constantFrom(0, 0, 40) };
  const good = fc.record({
    address: fc.constant("good" as const),
    graceMs: fc.constantFrom(20, 30_000, 30_000),
    ...behaviour,
  });
  const useless = fc.record({
    address: fc.constantFrom("bad" as const, "none" as const),
    graceMs: fc.constantFrom(20, 300),
    ...behaviour,
  });
  const move = fc.oneof(good, good, useless);
  type Move = typeof move extends fc.Arbitrary<infer Made> ? Made : never;

  it(
    "in mid-burst loses nothing that was said to it, and tells none of it twice",
    { timeout: 120_000 },
    async ({ expect }) => {
      const check = async (moves: readonly Move[]) => {
        const heard = await listen({ action: "knobs", scopes: ["user:read:chat"] });
        for (const [index, { address, ...knobs }] of moves.entries()) {
          await twitch.until("subscriptions==16");
          const { handOvers } = await truth();
          const gaps = countGaps(heard.events);
          const prefix = `${index}-`;
          await twitch.do({ action: "knobs", ...knobs });
          const talk = twitch.do({ action: "burst", count: COUNT, perSecond: 500, prefix });
          await twitch.do({ action: "reconnect", address });
          await talk;
          if (address === "good") await twitch.until(`handOvers>=${handOvers.length + 1}`);
          else await heard.until((events) => countGaps(events) > gaps);
          await twitch.until("sockets==1");
        }
        await twitch.until("subscriptions==16");
        await say(heard, LAST);
        // A gap is told right after the connection is back.
        await heard.until((events) => /^L*C+$|GC*$/.test(lifeOf(IDENTIFIER, events)));
        const { said, unheard } = await twitch.truth();
        const texts = expandSaid(said as Parameters<typeof expandSaid>[0]).map(
          ({ text = "" }) => text,
        );
        const words = wordsIn(heard.events).map(String);
        expect(new Set(words).size).toBe(words.length);
        expect(texts).toEqual(expect.arrayContaining(words));
        const life = lifeOf(IDENTIFIER, heard.events);
        expect(life).toMatch(GAPS_AFTER_LOSSES);
        // What is on its way to a socket that has to be left without a successor is missed as well.
        if (unheard > 0 || words.length < texts.length) expect(life).toContain("G");
        const isGood = moves.every(({ address, graceMs }) => address === "good" && graceMs > 20);
        if (isGood) {
          expect([unheard, words.length, life]).toEqual([0, texts.length, "LC"]);
        }
      };
      const some = fc.array(move, { minLength: 1, maxLength: 3 });
      await fc.assert(fc.asyncProperty(some, check), {
        ...RUN,
        examples: [
          [
            [
              { address: "good", tellsBoth: true, welcomeDelayMs: 40, graceMs: 30_000 },
              { address: "good", tellsBoth: false, welcomeDelayMs: 0, graceMs: 30_000 },
            ],
          ],
          [[{ address: "bad", tellsBoth: false, welcomeDelayMs: 0, graceMs: 300 }]],
        ],
      });
    },
  );

  it("is a new socket by the address that it gave, before the old one is left", async ({
    expect,
  }) => {
    const heard = await listen();
    await untilConnection(heard, { status: "connected" });
    const before = await truth();
    await twitch.do({ action: "reconnect" });
    await twitch.until("handOvers==1");
    await twitch.until("sockets==1");
    const after = await truth();
    expect(after.handOvers).toEqual([{ socket: 2, isGood: true }]);
    expect(after.requests).toHaveLength(before.requests.length);
    expect(Object.keys(after.queries[1]?.query ?? {}).toSorted()).toEqual(["challenge", "id"]);
    await say(heard, LAST);
    expect(lifeOf(IDENTIFIER, heard.events)).toBe("LC");
  });
});

describe("one line of chat that three providers tell of", () => {
  it("is one event, and names the others that it was seen via", async ({ expect }) => {
    const others = { irc: new Emulated("twitch-irc"), astro: new Emulated("astro") };
    await others.irc.reset();
    await others.astro.reset();
    const heard = await listen();
    await others.irc.link(heard.channel);
    await others.astro.link(heard.channel);
    await others.irc.until("subscribed==1");
    await others.astro.until("subscriptions==3");
    await twitch.until("subscribed==1");
    const id = "5f0d6f0c-6a55-4f5e-9e5c-6f2ad1b6c101";
    const astroSays = (text: string, messageId: string): Promise<unknown> =>
      others.astro.do({ action: "chat", platform: "twitch", text, messageId });
    const until = (text: string): Promise<void> =>
      heard.until((events) => wordsIn(events).includes(text));
    await others.irc.do({ action: "message", text: "hello", id });
    await until("hello");
    await twitch.do({ action: "message", text: "hello", id });
    await say(heard, "after EventSub");
    await astroSays("hello", id);
    await astroSays("after Astro", "another-id");
    await until("after Astro");
    expect(wordsIn(heard.events)).toEqual(["hello", "after EventSub", "after Astro"]);
    const path = `/channels/${heard.channel}/events?order=asc&types=chat.message`;
    const { body } = await call<{ events: { seenVia?: string[]; connectionid: string }[] }>(
      "GET",
      path,
    );
    const { channel: room } = await others.astro.truth();
    expect(body.events.map(({ connectionid, seenVia = [] }) => [connectionid, seenVia])).toEqual([
      ["twitch-irc:streamer", [IDENTIFIER, `astro:${room}`]],
      [IDENTIFIER, []],
      [`astro:${room}`, []],
    ]);
  });
});
