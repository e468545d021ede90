import * as fc from "fast-check";
import { afterEach, describe, it, vi } from "vitest";

import { expandSaid } from "../../emulators/kit/truth.ts";
import { pass } from "../../support/clock.ts";
import { Emulated } from "../../support/emulated.ts";
import { GAPS_AFTER_LOSSES, lifeOf, Listener, wordsIn } from "../../support/listener.ts";

// fast-check says the seed and the case when one fails.
const RUN: fc.Parameters<unknown> = { seed: 20_261_121, numRuns: 10, endOnFailure: true };

let listener: Listener | null = null;

async function listen(emulated: Emulated, ...scene: Record<string, unknown>[]): Promise<Listener> {
  await end();
  await emulated.reset();
  await emulated.do(...scene);
  return (listener = await Listener.to(emulated));
}

async function end(): Promise<void> {
  vi.restoreAllMocks();
  await listener?.end();
  listener = null;
}

afterEach(end);

const LAST = "the last word";

describe("Restream's connections", () => {
  const restream = new Emulated("restream");

  // By then a successor that was promised will not come, and no silence is too long yet.
  const WAITING_MS = 31_000;
  const SETTLING_MS = 11_000;

  const platforms = { twitch: 4, kick: 25, x: 24 };
  const platform = fc.constantFrom("twitch" as const, "kick" as const, "x" as const);
  const move = fc.record({
    platform,
    what: fc.constantFrom(
      "event" as const,
      "event" as const,
      "announce" as const,
      "new-first" as const,
      "old-first" as const,
      "never-closes" as const,
      "late close" as const,
      "unknown close" as const,
      "removed" as const,
      "error" as const,
    ),
  });
  type Move = typeof move extends fc.Arbitrary<infer Made> ? Made : never;
  const ending = fc.constantFrom("none", "replaceAllSilently", "no-successor");

  /** Plays moves, and keeps what must have been heard of them. */
  class Player {
    readonly heard: string[] = [];
    /** By identifier, a uuid that was replaced and has not been closed. */
    readonly #old = new Map<string, string>();

    async play({ platform: where, what }: Move): Promise<void> {
      const identifier = await this.identifierOf(where);
      const { uuid = "", status } = (await restream.truth()).connections[identifier] ?? {};
      const old = this.#old.get(identifier);
      switch (what) {
        case "event":
          return this.say(where, `${this.heard.length} on ${where}`);
        case "announce":
          return this.#do({ action: "announce", identifier, repeats: 2 });
        case "new-first":
        case "old-first":
        case "never-closes":
          // One at a time, as with the real service.
          if (old !== undefined) return;
          if (what === "never-closes") this.#old.set(identifier, uuid);
          return this.#do({ action: "replace", identifier, order: what });
        case "late close":
          if (old === undefined) return;
          this.#old.delete(identifier);
          return this.#do({ action: "closeConnection", uuid: old, reason: "replaced" });
        case "unknown close":
          return this.#do({ action: "closeConnection", uuid: "unknown", reason: "replaced" });
        case "removed":
          this.#old.delete(identifier);
          return this.#do({ action: "closeConnection", identifier, reason: "removed" });
        case "error": {
          // While the old one lives nothing is missed.
          if (old !== undefined) return;
          const change = { status: "error", reason: "internal" };
          const back = { status: "connected", reason: null };
          const now = status === "connected" ? change : back;
          return this.#do({ action: "status", identifier, ...now });
        }
      }
    }

    async say(where: Move["platform"], text: string): Promise<void> {
      const identifier = await this.identifierOf(where);
      const event = { action: "event", eventTypeId: platforms[where], identifier, text };
      const [outcome] = (await restream.do(event)) as { heard: boolean }[];
      if (outcome?.heard === true) this.heard.push(text);
    }

    /** Of a connection that is there: one that was removed is made again. */
    async identifierOf(where: Move["platform"]): Promise<string> {
      const made = await restream.do({ action: "connect", platform: where });
      return (made as { identifier: string }[])[0]?.identifier ?? "";
    }

    async #do(action: Record<string, unknown>): Promise<void> {
      await restream.do(action);
    }
  }

  it(
    "are as their rules say, in whatever order they come and go",
    { timeout: 90_000 },
    async ({ expect }) => {
      const moves = fc.array(move, { minLength: 10, maxLength: 30 });
      const check = async (all: readonly Move[], deaf: readonly Move[], last: string) => {
        const { channel, events, ...rest } = await listenTo();
        const player = new Player();
        for (const each of all) await player.play(each);
        if (last !== "none") {
          const identifier = await player.identifierOf("kick");
          if (last === "no-successor") {
            await restream.do({ action: "replace", identifier, order: last });
          } else {
            await restream.do({ action: last });
            for (const each of deaf) await player.play(each);
          }
          await pass(WAITING_MS, [channel]);
          await restream.until("dials>=2");
          await restream.until("sockets==1");
        }
        await pass(SETTLING_MS, [channel]);
        await player.say("twitch", LAST);
        await rest.until((heard) => wordsIn(heard).includes(LAST));
        expect(wordsIn(events)).toEqual(player.heard);
        const { connections } = await restream.truth();
        const there = await rest.connections();
        const told = Object.entries(connections).map(([identifier, { uuid, status, reason }]) => ({
          identifier: `restream:${identifier}`,
          uuid,
          status,
          reason,
        }));
        expect(there).toHaveLength(told.length);
        for (const each of told) expect(there).toContainEqual(expect.objectContaining(each));
        for (const identifier of new Set(events.map(({ connectionid = "" }) => connectionid))) {
          if (identifier.includes(":p_")) continue;
          expect(lifeOf(identifier, events), identifier).toMatch(GAPS_AFTER_LOSSES);
        }
      };
      await fc.assert(
        fc.asyncProperty(moves, fc.array(move, { maxLength: 5 }), ending, check),
        RUN,
      );
    },
  );

  async function listenTo() {
    const made = await listen(
      restream,
      { action: "knobs", heartbeatMs: 50 },
      { action: "connect", platform: "kick" },
      { action: "connect", platform: "x" },
    );
    await restream.until("subscribed==1");
    return {
      channel: made.channel,
      events: made.events,
      until: (isMet: Parameters<typeof made.until>[0]) => made.until(isMet),
      connections: () => made.connections(),
    };
  }
});

describe("Astro's hand-over", () => {
  const astro = new Emulated("astro");
  const COUNT = 60;

  const burst = fc.record({
    before: fc.integer({ min: 1, max: COUNT }),
    oldSocket: fc.constantFrom("talks" as const, "silent" as const),
    overlap: fc.constantFrom("both" as const, "split" as const, "split" as const),
    drainMs: fc.constantFrom(0, 20, 200, 200, null),
    tokenLifeMs: fc.constantFrom(0, 60_000, 60_000),
  });
  type Burst = typeof burst extends fc.Arbitrary<infer Made> ? Made : never;

  it(
    "in mid-burst loses nothing that was said to it, and tells none of it twice",
    {
      timeout: 90_000,
    },
    async ({ expect }) => {
      const check = async (bursts: readonly Burst[]) => {
        const heard = await listen(astro);
        for (const [index, reconnect] of bursts.entries()) {
          await astro.until("subscriptions==3");
          const prefix = `${index}-`;
          await astro.do({ action: "burst", count: COUNT, perSecond: 500, prefix, reconnect });
          if (reconnect.drainMs === null && reconnect.tokenLifeMs > 0) {
            await astro.until("sockets==1");
          }
          await astro.do({ action: "endOldSockets" });
        }
        await astro.until("subscriptions==3");
        await astro.do({ action: "chat", text: LAST });
        await heard.until((events) => wordsIn(events).includes(LAST));
        const truth = await astro.truth();
        const said = expandSaid(truth.said as Parameters<typeof expandSaid>[0]);
        const texts = said.map(({ text }) => text ?? "");
        const words = wordsIn(heard.events).map(String);
        expect(words.toSorted()).toEqual(texts.toSorted());
        const life = lifeOf(`astro:${truth.channel}`, heard.events);
        expect(life).toMatch(GAPS_AFTER_LOSSES);
        const isCut = bursts.every(({ oldSocket }) => oldSocket === "talks") && truth.unheard > 0;
        if (isCut) expect(life).toContain("G");
      };
      const some = fc.array(burst, { minLength: 1, maxLength: 3 });
      await fc.assert(fc.asyncProperty(some, check), { ...RUN, numRuns: 5 });
    },
  );

  it("that fails is tried again while the old socket goes on", async ({ expect }) => {
    const heard = await listen(astro);
    await astro.until("subscriptions==3");
    await astro.do({ action: "reconnect", drainMs: null, tokenLifeMs: 0 });
    await astro.until("dials>=3");
    await astro.until("sockets==1");
    await astro.until("subscriptions==3");
    await astro.do({ action: "chat", text: LAST });
    await heard.until((events) => wordsIn(events).includes(LAST));
    const { channel } = await astro.truth();
    expect(lifeOf(`astro:${channel}`, heard.events)).toMatch(/^C+$/);
  });
});

describe("Twitch's hand-over", () => {
  const twitch = new Emulated("twitch-irc");
  const IDENTIFIER = "twitch-irc:streamer";
  const COUNT = 60;
  // How long the server waits before it ends the sockets it has told to go; null: it does not.
  const leaving = fc.constantFrom(0, 1, 50, 1_000, null);

  it(
    "in mid-burst loses nothing that was said to it, and tells none of it twice",
    { timeout: 90_000 },
    async ({ expect }) => {
      const check = async (leaves: readonly (number | null)[]) => {
        const heard = await listen(twitch);
        for (const [index, leaveMs] of leaves.entries()) {
          await twitch.until("subscribed==1");
          const dials = (await twitch.truth()).dials;
          const prefix = `${index}-`;
          const talk = twitch.do({ action: "burst", count: COUNT, perSecond: 500, prefix });
          await twitch.do({ action: "reconnect", ...(leaveMs !== null && { leaveMs }) });
          await talk;
          await twitch.until(`dials>=${dials + 1}`);
          await twitch.until("sockets==1");
        }
        await twitch.until("subscribed==1");
        await twitch.do({ action: "message", text: LAST });
        await heard.until((events) => wordsIn(events).includes(LAST));
        const truth = await twitch.truth();
        const said = expandSaid(truth.said as Parameters<typeof expandSaid>[0]);
        const words = wordsIn(heard.events).map(String);
        expect(words.toSorted()).toEqual(said.map(({ text }) => text ?? "").toSorted());
        const life = lifeOf(IDENTIFIER, heard.events);
        expect(life).toMatch(GAPS_AFTER_LOSSES);
        if (truth.unheard > 0) expect(life).toContain("G");
      };
      const some = fc.array(leaving, { minLength: 1, maxLength: 3 });
      await fc.assert(fc.asyncProperty(some, check), { ...RUN, numRuns: 5 });
    },
  );
});
