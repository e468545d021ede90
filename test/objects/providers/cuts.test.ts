import { assert, asyncProperty, integer, shuffledSubarray, type Parameters } from "fast-check";
import { afterEach, describe, it, vi, type ExpectStatic } from "vitest";

import type { ShownEvent } from "../../support/api.ts";
import { pass } from "../../support/clock.ts";
import type { Emulable } from "../../support/emulable.ts";
import { Emulated, type Truth } from "../../support/emulated.ts";
import { GAPS_AFTER_LOSSES, lifeOf, Listener, wordsIn } from "../../support/listener.ts";

/** How the emulated provider ends a socket: after so many of its frames. */
interface End {
  readonly after: number;
  readonly how: "close" | "cut" | "cut-inside" | "mute";
}

interface Subject {
  readonly protocol: Emulable;
  /** What there is before anybody dials. */
  readonly scene: readonly Record<string, unknown>[];
  /** How many frames its greeting has. */
  readonly greeting: number;
  /** The emulator's word for so many sockets being where events can come. */
  readonly greeted: (sockets: number) => string;
  /** After so many frames it has been asked for all that is wanted. */
  readonly askedAfter: number;
  /** The connection map that its truth amounts to. */
  readonly map: (truth: Truth) => readonly object[];
  /** False where a provider that has nothing to tell is silent for ever. */
  readonly isTalkative?: false;
  /** Those of which nothing can be missed. */
  readonly idle: readonly string[];
}

const subjects: readonly Subject[] = [
  {
    protocol: "dlive",
    scene: [],
    greeting: 2,
    greeted: (sockets) => `subscriptions==${2 * sockets}`,
    askedAfter: 1,
    map: () => [{ identifier: "dlive:streamer", status: "connected", reason: null }],
    idle: [],
  },
  {
    protocol: "restream",
    scene: [
      { action: "connect", platform: "kick" },
      { action: "connect", platform: "youtube", status: "error", reason: "event_not_started" },
    ],
    greeting: 3,
    greeted: (sockets) => `subscribed==${sockets}`,
    askedAfter: 0,
    map: ({ connections }) =>
      Object.entries(connections).map(([identifier, { uuid, status, reason }]) => ({
        identifier: `restream:${identifier}`,
        uuid,
        status,
        reason,
      })),
    idle: [],
  },
  {
    protocol: "astro",
    scene: [],
    greeting: 4,
    greeted: (sockets) => `subscriptions==${3 * sockets}`,
    askedAfter: 0,
    map: ({ channel, subscriptions }) => [
      {
        identifier: `astro:${channel}`,
        status: "connected",
        reason: null,
        target: {
          platform: "streamelements",
          id: channel,
          topics: Object.fromEntries(
            subscriptions.map(({ topic }) => [topic, { status: "subscribed" }]),
          ),
        },
      },
    ],
    idle: [],
  },
  {
    protocol: "interactive-sync",
    scene: [],
    greeting: 1,
    greeted: (sockets) => `subscribed==${sockets}`,
    askedAfter: 0,
    map: ({ channels }) =>
      Object.keys(channels).map((id) => ({
        identifier: `interactive-sync:${id}`,
        status: "connected",
        writable: true,
      })),
    isTalkative: false,
    idle: [],
  },
  {
    protocol: "multistreamer",
    scene: [{ action: "live" }],
    greeting: 1,
    greeted: (sockets) => `sockets==${sockets}`,
    askedAfter: 0,
    map: ({ accounts }) =>
      Object.entries(accounts).map(([id, { live, writable }]) => ({
        identifier: `multistreamer:${id}`,
        status: "connected",
        live,
        writable,
      })),
    idle: ["multistreamer:18"],
  },
  {
    protocol: "twitch-irc",
    scene: [],
    greeting: 4,
    greeted: (sockets) => `subscribed==${sockets}`,
    askedAfter: 2,
    map: () => [{ identifier: "twitch-irc:streamer", status: "connected", reason: null }],
    idle: [],
  },
  {
    protocol: "twitch-eventsub",
    // What is asked for is as much as is needed to see how it is asked.
    scene: [{ action: "knobs", scopes: ["user:read:chat", "user:write:chat"] }],
    greeting: 1,
    greeted: (sockets) => `subscriptions==${16 * sockets}`,
    askedAfter: 1,
    map: () => [
      {
        identifier: "twitch-eventsub:rivermoss",
        status: "connected",
        reason: "subscriptions_refused",
        writable: true,
      },
    ],
    idle: [],
  },
];

// fast-check says the seed and the case when one fails.
const RUN: Parameters<unknown> = { seed: 20_261_121, numRuns: 1, endOnFailure: true };

// By then a provider has told of every connection it has, and no silence is too long yet.
const SETTLING_MS = 11_000;

// By then every silence is too long.
const SILENCE_MS = 180_000;

const listeners: Listener[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(listeners.splice(0).map((listener) => listener.end()));
});

async function listen(emulated: Emulated, ends: readonly End[]): Promise<readonly Listener[]> {
  await emulated.do({ action: "endNext", ends });
  const made = await Promise.all(ends.map(() => Listener.to(emulated)));
  listeners.push(...made);
  return made;
}

const LAST = "over1";

const isOver = (events: readonly ShownEvent[]): boolean => wordsIn(events).includes(LAST);

/** A link that has told of no connection yet has an entry of its own, until it has. */
function hasOnlyItsOwn(events: readonly ShownEvent[]): boolean {
  const own = events.filter(({ connectionid = "" }) => /:p_\w{20}$/.test(connectionid));
  return own.length === 0 || own.at(-1)?.type === "connection.closed";
}

/** A link that is on its way says so, and what comes of it: events may come before that. */
function isThere(events: readonly ShownEvent[]): boolean {
  const told = events.filter(({ type }) => type === "connection.updated");
  return told.at(-1)?.data["status"] !== "connecting";
}

/** How much of a burst comes through a socket that ends so; all of it where it ended before. */
function heardOf({ after, how }: End, greeting: number, count: number): number {
  const isBefore = how === "cut-inside" ? after < greeting : after <= greeting;
  return isBefore ? count : Math.min(after - greeting, count);
}

const words = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `b${index + 1}`);

describe.for(subjects)("$protocol, cut at any frame", (subject) => {
  const { protocol, greeting, askedAfter, scene, greeted, map, idle, isTalkative = true } = subject;
  const emulated = new Emulated(protocol);

  /** Each channel heard a range from the burst's beginning, and then the last word; once each. */
  async function follow(each: Listener, expect: ExpectStatic): Promise<number> {
    await each.until((events) => isOver(events) && hasOnlyItsOwn(events) && isThere(events));
    const heard = wordsIn(each.events);
    expect(heard).toEqual([...words(heard.length - 1), LAST]);
    const identifiers = (await each.connections()).map(({ identifier }) => String(identifier));
    for (const identifier of identifiers) {
      const life = lifeOf(identifier, each.events);
      expect(life, identifier).toMatch(idle.includes(identifier) ? /^[LC]+$/ : GAPS_AFTER_LOSSES);
    }
    const expected = map(await emulated.truth());
    const there = await each.connections();
    expect(there).toHaveLength(expected.length);
    for (const connection of expected) {
      expect(there).toContainEqual(expect.objectContaining(connection));
    }
    return heard.length - 1;
  }

  it(
    "is whole again, tells each event once and of every gap",
    { timeout: 60_000 },
    async ({ expect }) => {
      const most = 4;
      const points = Array.from({ length: greeting + most }, (_, after) => after);
      const all = points.flatMap((after): End[] =>
        (["close", "cut", "cut-inside"] as const).map((how) => ({ after, how })),
      );
      const order = shuffledSubarray(all, { minLength: all.length });
      await assert(
        asyncProperty(order, integer({ min: most, max: most + 4 }), async (ends, count) => {
          await emulated.reset();
          await emulated.do(...scene);
          const made = await listen(emulated, ends);
          const channels = made.map(({ channel }) => channel);
          await emulated.until(greeted(ends.length));
          await emulated.do({ action: "burst", count, prefix: "b" });
          await emulated.until(greeted(ends.length));
          await emulated.do({ action: "burst", count: 1, prefix: LAST.slice(0, -1) });
          await pass(SETTLING_MS, channels);
          const heard = await Promise.all(made.map((each) => follow(each, expect)));
          const expected = ends.map((end) => heardOf(end, greeting, count));
          expect(heard.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
        }),
        RUN,
      );
    },
  );

  it("notices a silence that begins at any frame", { timeout: 60_000 }, async ({ expect }) => {
    const count = 3;
    const last = isTalkative ? greeting + count : greeting - 1;
    const ends = Array.from({ length: last + 1 }, (_, after): End => ({ after, how: "mute" }));
    await emulated.reset();
    await emulated.do(...scene);
    const made = await listen(emulated, ends);
    const channels = made.map(({ channel }) => channel);
    await emulated.until(`sockets==${ends.length}`);
    await emulated.until(greeted(ends.filter(({ after }) => after >= askedAfter).length));
    await emulated.do({ action: "burst", count, prefix: "b" });
    await pass(SILENCE_MS, channels);
    await emulated.until(`dials>=${2 * ends.length}`);
    await emulated.until(greeted(ends.length));
    await emulated.do({ action: "burst", count: 1, prefix: LAST.slice(0, -1) });
    await pass(SETTLING_MS, channels);
    const heard = await Promise.all(made.map((each) => follow(each, expect)));
    const expected = ends.map(({ after }) => Math.max(0, after - greeting));
    expect(heard.toSorted((a, b) => a - b)).toEqual(expected);
  });
});
