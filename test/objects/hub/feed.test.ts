import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { ChannelCalls } from "../../../src/calls/channel.ts";
import type { LogBatch, LogQuery } from "../../../src/calls/hub.ts";
import type { Group } from "../../../src/event/group.ts";
import { HubFeed } from "../../../src/objects/hub/feed.ts";
import { listFeeds } from "../../../src/store/hub/feeds.ts";
import { EPOCH, numbered, said } from "../../support/samples.ts";

/*
 * A feed under a channel that tells of its log in any order, with holes and repeats: what comes of
 * it is the log.
 */

const LENGTH = 40;
const ground = { number: 1, public: true, updatedAt: 1 };
const log = Array.from({ length: LENGTH }, (_, index) =>
  numbered(said(`m-${index}`, "x"), index + 1),
);

function batchOf(from: number, to: number): LogBatch {
  const events = log.slice(from, to);
  return { from, to, texts: events.map(({ text }) => text), raws: events.map(() => null), ground };
}

/** A channel that answers with short pages, and fails now and then. */
function channelWith(failures: readonly boolean[]): ChannelCalls {
  const left = [...failures];
  const channel: Partial<ChannelCalls> = {
    attach: () => Promise.resolve({ ok: true, value: { epoch: EPOCH, head: 0, ground } }),
    detach: () => Promise.resolve(),
    readLog: (_epoch, { after, upTo }: LogQuery) => {
      if (left.shift() === true) return Promise.reject(new Error("the channel is away"));
      const to = Math.min(after + 7, upTo);
      const events = log.slice(after, to).map(({ seq, event, text }) => {
        const { type, provider, platform } = event;
        return { seq, type, provider, platform, text, raw: null };
      });
      const page = { events, from: after, seenTo: to, hasMore: to < upTo };
      return Promise.resolve({ ok: true, value: page });
    },
  };
  return channel as ChannelCalls;
}

const batches = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: LENGTH }), fc.integer({ min: 0, max: 12 }))
    .map(([from, length]) => batchOf(from, Math.min(LENGTH, from + length))),
  { maxLength: 12 },
);

describe("a hub's feed", () => {
  it("gives every event once and in order, whatever it is told in which order", async ({
    expect,
  }) => {
    const stub = env.HUB.getByName("hub-0");
    await runInDurableObject(stub, async (_, ctx) => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(batches, async (told) => {
          const given: number[] = [];
          let to = 0;
          let joins = true;
          runs += 1;
          const feed = new HubFeed(
            {
              ctx,
              hub: "hub-0",
              channel: () => channelWith([]),
              publish: (_channel: string, group: Group) => {
                joins &&= group.from === to;
                to = group.to;
                given.push(...group.events.map(({ seq }) => seq));
              },
              changed: () => {},
              gone: () => {
                throw new Error("it is there");
              },
            },
            `feed-${runs}`,
            null,
          );
          await feed.join();
          for (const batch of told) expect(feed.deliver(EPOCH, batch)).toBe(true);
          await feed.reached(LENGTH);
          expect(given).toEqual(log.map(({ seq }) => seq));
          expect(joins).toBe(true);
          expect(feed.at).toBe(LENGTH);
          feed.leave(false);
          expect(feed.deliver(EPOCH, batchOf(0, 1))).toBe(false);
        }),
        { numRuns: 200 },
      );
    });
  });

  it("reads on where a page could not be read at first", async ({ expect }) => {
    await runInDurableObject(env.HUB.getByName("hub-0"), async (_, ctx) => {
      const given: number[] = [];
      // One channel for all calls: what is left of its failures is its own.
      const channel = channelWith([false, true]);
      const feed = new HubFeed(
        {
          ctx,
          hub: "hub-0",
          channel: () => channel,
          publish: (_channel: string, { events }: Group) =>
            void given.push(...events.map(({ seq }) => seq)),
          changed: () => {},
          gone: () => {},
        },
        "feed-failing",
        null,
      );
      await feed.join();
      feed.deliver(EPOCH, batchOf(30, LENGTH));
      await feed.reached(LENGTH);
      expect(given).toEqual(log.map(({ seq }) => seq));
      feed.leave(false);
    });
  });

  it("knows who may read its channel by the newest it was told, in whatever order", async ({
    expect,
  }) => {
    const grounds = fc.shuffledSubarray(
      [1, 2, 3, 4, 5].map((updatedAt) => ({ number: 1, public: updatedAt % 2 === 0, updatedAt })),
      { minLength: 1 },
    );
    await runInDurableObject(env.HUB.getByName("hub-0"), async (_, ctx) => {
      let changes = 0;
      await fc.assert(
        fc.asyncProperty(grounds, fc.boolean(), async (told, isJoined) => {
          changes = 0;
          const host = {
            ctx,
            hub: "hub-0",
            channel: () => channelWith([]),
            publish: () => {},
            changed: () => void (changes += 1),
            gone: () => {},
          };
          const feed = new HubFeed(host, "feed-ground", null);
          if (isJoined) await feed.join();
          for (const each of told) feed.learn(each);
          if (!isJoined) await feed.join();
          const newest = Math.max(ground.updatedAt, ...told.map(({ updatedAt }) => updatedAt));
          expect(feed.ground).toMatchObject({ id: "feed-ground", updatedAt: newest });
          if (isJoined && newest > ground.updatedAt) expect(changes).toBeGreaterThan(0);
          const [row] = listFeeds(ctx.storage.sql).filter((each) => each.channel === "feed-ground");
          expect(row?.ground.updatedAt).toBe(newest);
          feed.leave(false);
        }),
      );
    });
  });

  it("is gone where its channel is another", async ({ expect }) => {
    await runInDurableObject(env.HUB.getByName("hub-0"), async (_, ctx) => {
      let isGone = false;
      const feed = new HubFeed(
        {
          ctx,
          hub: "hub-0",
          channel: () => channelWith([]),
          publish: () => {
            throw new Error("nothing of it is for anybody here");
          },
          changed: () => {},
          gone: (gone) => {
            isGone = true;
            gone.leave(true);
          },
        },
        "feed-gone",
        null,
      );
      await feed.join();
      expect(feed.deliver("aaaaaaaaaa", batchOf(0, 1))).toBe(false);
      expect(isGone).toBe(true);
    });
  });
});
