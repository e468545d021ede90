import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { LookBack } from "../../../src/objects/channel/look-back.ts";
import type { Page } from "../../../src/store/history/pages.ts";
import { makeChannel, postNotes, textsOf } from "../../support/api.ts";
import { connect } from "../../support/sockets.ts";

const LOOKS = 100;
const range = { after: 0, upTo: 1_000_000 };

/** Reads pages of a log that nothing in matches, and counts them by who asked. */
function reading(reads: string[], party: string) {
  return (upTo: number): Page => {
    reads.push(party);
    return { events: [], from: 0, seenTo: upTo - LOOKS, hasMore: true };
  };
}

describe("looking back for what is not there", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("ends after a few pages", async ({ expect }) => {
    const reads: string[] = [];
    const found = new LookBack().find("a", range, 500, reading(reads, "a"));
    await vi.runAllTimersAsync();
    expect(await found).toEqual({ count: 0, first: null, isWhole: false });
    expect(reads).toHaveLength(10);
  });

  it("leaves everybody else their turn, whoever looks however often", async ({ expect }) => {
    const reads: string[] = [];
    const lookBack = new LookBack();
    const crowd = Array.from({ length: 1_000 }, () =>
      lookBack.find("crowd", range, 500, reading(reads, "crowd")),
    );
    const refused = Promise.allSettled(crowd);
    const one = lookBack.find("one", range, 500, reading(reads, "one"));
    // A second of it is ten pages: most of the time is left to the object.
    await vi.advanceTimersByTimeAsync(2_500);
    expect(reads.length).toBeLessThanOrEqual(26);
    expect(await one).toMatchObject({ isWhole: false });
    expect(reads.filter((party) => party === "one")).toHaveLength(10);
    await vi.runAllTimersAsync();
    const outcomes = await refused;
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(64);
  });
});

describe("a socket that rewinds with a filter that lets nothing through", () => {
  it("begins at now, and keeps nobody waiting", async ({ expect }) => {
    const channel = await makeChannel();
    const texts = Array.from({ length: 500 }, (_, index) => `n${index}`);
    for (let round = 0; round < 10; round++) await postNotes(channel, texts);
    const socket = await connect(channel, "?rewind=500&types=custom.never,custom.live");
    const other = await connect(channel, "?rewind=1");
    expect(textsOf(await other.events(1))).toEqual(["n499"]);
    await runInDurableObject(env.CHANNEL.getByName(channel), () => null);
    await socket.nextOf("hello");
    await postNotes(channel, ["no"]);
    other.close();
    socket.close();
  });
});
