import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { ChannelCalls } from "../../../src/calls/channel.ts";
import type { LogBatch } from "../../../src/calls/hub.ts";
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

/** A channel that notes from where a hub asks to be given its log. */
function channelWith(asked: (number | null)[] = [], epoch = EPOCH): ChannelCalls {
  const channel: Partial<ChannelCalls> = {
    attach: (_hub, _term, at) => {
      asked.push(at);
      return Promise.resolve({ ok: true, value: { epoch, head: 0, ground } });
    },
    detach: () => Promise.resolve(),
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
              name: "hub-0",
              reach: () => channelWith(),
              publish: (_channel: string, group: Group) => {
                joins &&= group.from === to;
                to = group.to;
                given.push(...group.events.map(({ seq }) => seq));
              },
              onRights: () => {},
              onGone: () => {
                throw new Error("it is there");
              },
            },
            `feed-${runs}`,
            null,
          );
          await feed.join();
          for (const batch of told) {
            const place = feed.at;
            const reach = batch.from <= place ? Math.max(place, batch.to) : place;
            expect(await feed.deliver(EPOCH, batch)).toBe(reach);
          }
          // A channel goes on from where the hub says it is.
          for (let at = feed.at; at < LENGTH;) {
            at = (await feed.deliver(EPOCH, batchOf(at, Math.min(LENGTH, at + 7)))) ?? LENGTH;
          }
          await feed.reached(LENGTH);
          expect(given).toEqual(log.map(({ seq }) => seq));
          expect(joins).toBe(true);
          expect(feed.at).toBe(LENGTH);
          feed.leave(false);
          expect(await feed.deliver(EPOCH, batchOf(0, 1))).toBeNull();
        }),
        { numRuns: 200 },
      );
    });
  });

  it("says where it is as it renews, and once where somebody waits for more", async ({
    expect,
  }) => {
    await runInDurableObject(env.HUB.getByName("hub-0"), async (_, ctx) => {
      const asked: (number | null)[] = [];
      const host = {
        ctx,
        name: "hub-0",
        reach: () => channelWith(asked),
        publish: () => {},
        onRights: () => {},
        onGone: () => {},
      };
      const feed = new HubFeed(host, "feed-asking", null);
      await feed.join();
      await feed.deliver(EPOCH, batchOf(0, 10));
      await feed.renew();
      const waits = [feed.reached(20), feed.reached(LENGTH)];
      await feed.deliver(EPOCH, batchOf(10, LENGTH));
      await Promise.all(waits);
      expect(asked).toEqual([null, 10, 10]);
      feed.leave(false);
    });
  });

  it("stays where it is where it cannot read what it is given", async ({ expect }) => {
    await runInDurableObject(env.HUB.getByName("hub-0"), async (_, ctx) => {
      const host = {
        ctx,
        name: "hub-0",
        reach: () => channelWith(),
        publish: () => {},
        onRights: () => {},
        onGone: () => {},
      };
      const feed = new HubFeed(host, "feed-unreadable", null);
      await feed.join();
      const broken = { ...batchOf(0, 1), texts: ["{"] };
      await expect(feed.deliver(EPOCH, broken)).rejects.toThrow(SyntaxError);
      expect(feed.at).toBe(0);
      expect(await feed.deliver(EPOCH, batchOf(0, 1))).toBe(1);
      feed.leave(false);
    });
  });

  it("takes what its channel tells before it has said where to begin", async ({ expect }) => {
    await runInDurableObject(env.HUB.getByName("hub-0"), async (_, ctx) => {
      const given: number[] = [];
      const host = {
        ctx,
        name: "hub-0",
        reach: () => channelWith(),
        publish: (_channel: string, { events }: Group) =>
          void given.push(...events.map(({ seq }) => seq)),
        onRights: () => {},
        onGone: () => {},
      };
      const feed = new HubFeed(host, "feed-early", null);
      expect(await feed.deliver(EPOCH, batchOf(0, 1))).toBeNull();
      const joined = feed.join();
      expect(await feed.deliver(EPOCH, batchOf(0, 2))).toBe(2);
      await joined;
      expect(given).toEqual([1, 2]);
      feed.leave(false);
    });
  });

  it("is gone where its channel is another as it renews", async ({ expect }) => {
    await runInDurableObject(env.HUB.getByName("hub-0"), async (_, ctx) => {
      let epoch = EPOCH;
      let isGone = false;
      const host = {
        ctx,
        name: "hub-0",
        reach: () => channelWith([], epoch),
        publish: () => {},
        onRights: () => {},
        onGone: (gone: HubFeed) => {
          isGone = true;
          gone.leave(true);
        },
      };
      const feed = new HubFeed(host, "feed-renewed", null);
      await feed.join();
      epoch = "aaaaaaaaaa";
      await feed.renew();
      expect(isGone).toBe(true);
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
            name: "hub-0",
            reach: () => channelWith(),
            publish: () => {},
            onRights: () => void (changes += 1),
            onGone: () => {},
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
          name: "hub-0",
          reach: () => channelWith(),
          publish: () => {
            throw new Error("nothing of it is for anybody here");
          },
          onRights: () => {},
          onGone: (gone) => {
            isGone = true;
            gone.leave(true);
          },
        },
        "feed-gone",
        null,
      );
      await feed.join();
      expect(await feed.deliver("aaaaaaaaaa", batchOf(0, 1))).toBeNull();
      expect(isGone).toBe(true);
    });
  });
});
