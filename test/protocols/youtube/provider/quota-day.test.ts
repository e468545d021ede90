import { describe, it } from "vitest";

import type { Json } from "../../../../src/lib/json.ts";
import { findPacificDay } from "../../../../src/lib/pacific-day.ts";
import { provider } from "../../../../src/protocols/youtube/provider/provider.ts";
import { linkTo } from "../../support/samples.ts";
import looks from "../frames/looks.json";
import other from "../frames/other.json";
import { CHANNEL, samples } from "../samples.ts";
import { World, type Answered } from "../world.ts";

const HOUR_MS = 3_600_000;
const DAY = findPacificDay(Date.parse("2026-05-04T18:00:00Z"));

const KEY = { credentials: { apiKey: "yt-4pi-k3y" } };
const open = (given: { target?: Json } = {}) =>
  provider.open(linkTo(samples, { ...KEY, ...given }));

const page = other["an empty page"];
const gone: Answered = { status: 404, body: "<html>Not Found</html>" };

/** A Google that is asked for one video: live from an hour of the day to another. */
function google(from: number, to: number, stream: (url: URL, at: number) => Answered) {
  return (url: URL, at: number): Answered => {
    const isLive = at >= DAY.from + from * HOUR_MS && at < DAY.from + to * HOUR_MS;
    if (url.pathname.endsWith("/videos")) {
      const video = isLive ? looks["a live video"] : looks["no video"];
      return { status: 200, frames: [[50, video]], endsAfterMs: 60 };
    }
    if (url.pathname.endsWith("/search")) {
      const found = isLive ? looks["a search that found one"] : looks["a search that found none"];
      return { status: 200, frames: [[50, found]], endsAfterMs: 60 };
    }
    return isLive ? stream(url, at) : { status: 403, body: refusal("liveChatEnded") };
  };
}

const refusal = (reason: string) => JSON.stringify({ error: { errors: [{ reason }] } });

/** Ends a stream every five minutes, as Google does. */
const streams = (): Answered => ({ status: 200, frames: [[10, page]], endsAfterMs: 300_000 });

/** Has no stream, and would be asked each second. */
const polls = (url: URL): Answered =>
  url.pathname.endsWith("/stream")
    ? gone
    : { status: 200, frames: [[10, { ...page, pollingIntervalMillis: 1_000 }]], endsAfterMs: 20 };

const usedIn = (world: World, bucket: string) => world.rows.get(`${bucket} ${DAY.date}`)?.used ?? 0;

const quotasOf = (world: World) =>
  world.told.flatMap(({ at, effect }) => {
    if (effect.type !== "connection-observe") return [];
    const quota = effect.connection.target?.["quota"];
    return quota === undefined ? [] : [{ at, ...(quota as { left: number; emptyAt: unknown }) }];
  });

const failuresOf = (world: World) =>
  world.told.flatMap(({ at, effect }) =>
    effect.type === "session-fail" ? [{ at, ...effect.failure }] : [],
  );

describe("a day of one Google project", () => {
  it("carries twenty streamers who stream for four hours, and says that it lasts", ({ expect }) => {
    const world = new World(DAY.from);
    for (let count = 0; count < 20; count++) world.add(open(), google(8, 12, streams));
    world.runUntil(DAY.to - 1);
    expect(failuresOf(world)).toEqual([]);
    expect(usedIn(world, "units")).toBeLessThan(10_000);
    // All of them were read: about twelve openings an hour each.
    const opened = world.asked.filter(({ url }) => url.pathname.endsWith("/stream"));
    expect(opened.length).toBeGreaterThan(20 * 4 * 11);
    expect(opened.length).toBeLessThan(20 * 4 * 14);
  });

  it("never passes its units, however many chats are read page by page", ({ expect }) => {
    const world = new World(DAY.from);
    for (let count = 0; count < 6; count++) world.add(open(), google(0, 24, polls));
    world.runUntil(DAY.to - 1);
    expect(usedIn(world, "units")).toBeLessThanOrEqual(10_000);
    // It goes on for hours, ever slower, and what is left is for streams, looks and messages.
    const pages = world.asked.filter(({ url }) => url.pathname.endsWith("/messages"));
    expect((pages.at(-1)?.at ?? 0) - DAY.from).toBeGreaterThan(2 * HOUR_MS);
    expect(usedIn(world, "units")).toBeGreaterThan(9_000);
    // Who has to stop says until when, and was told long before.
    for (const { at, reason, retryAfterMs = 0 } of failuresOf(world)) {
      expect(reason).toBe("quota_exceeded");
      expect(at + retryAfterMs).toBeGreaterThan(DAY.to);
    }
    const [warned] = quotasOf(world).filter(({ emptyAt }) => emptyAt !== null);
    expect(warned?.at).toBeLessThan(DAY.from + HOUR_MS);
    expect(warned?.left).toBeGreaterThan(5_000);
  });

  it("reads one chat page by page through a whole stream, fast first", ({ expect }) => {
    const world = new World(DAY.from);
    world.add(open(), google(8, 12, polls));
    world.runUntil(DAY.to - 1);
    expect(failuresOf(world)).toEqual([]);
    const pages = world.asked.filter(({ url }) => url.pathname.endsWith("/messages"));
    const waits = pages.slice(1).map(({ at }, index) => at - (pages[index]?.at ?? at));
    expect(waits[0]).toBeLessThan(10_000);
    expect(Math.max(...waits)).toBeLessThan(60_000);
  });

  it("searches no more often than a hundred times, and not all at once", ({ expect }) => {
    const world = new World(DAY.from);
    for (let count = 0; count < 3; count++) {
      world.add(open({ target: { channel: CHANNEL } }), google(30, 31, streams));
    }
    world.runUntil(DAY.to - 1);
    expect(usedIn(world, "searches")).toBeLessThanOrEqual(100);
    const searches = world.asked.filter(({ url }) => url.pathname.endsWith("/search"));
    expect(searches.at(-1)?.at).toBeGreaterThan(DAY.from + 18 * HOUR_MS);
    expect(usedIn(world, "units")).toBe(0);
  });

  it("looks seldom for a video that nobody shows, all day long", ({ expect }) => {
    const world = new World(DAY.from);
    world.add(open(), google(30, 31, streams));
    world.runUntil(DAY.to - 1);
    expect(usedIn(world, "units")).toBeLessThan(500);
    const gaps = world.asked.slice(1).map(({ at }, index) => at - (world.asked[index]?.at ?? at));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(301_000);
  });
});
