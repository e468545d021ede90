import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { EVERYTHING, type Filter } from "../../../src/event/filter.ts";
import { ChannelArchive } from "../../../src/objects/channel/archive.ts";
import { readPage } from "../../../src/store/history/pages.ts";
import { findEventAt, findSeqBefore } from "../../../src/store/history/places.ts";
import type { Queries } from "../../../src/store/history/queries.ts";
import type { RecordedEvent } from "../../../src/store/logged-event.ts";
import { makeChannel } from "../../support/api.ts";
import {
  BUCKET,
  countBlocks,
  HISTORY,
  listBucket,
  listNamed,
  putBlocksOf,
} from "../../support/archive.ts";
import { failing, failingDatabase, Fault } from "../../support/faults.ts";

const COUNT = 70;
let numbers = 700_000;

const EVENTS: readonly RecordedEvent[] = Array.from({ length: COUNT * 3 }, (_, index) => ({
  seq: index + 1,
  type: index % 50 === 0 ? "custom.rare" : "custom.a",
  provider: "api",
  platform: index < 90 ? "twitch" : "kick",
  at: 1_000 + index * 10,
  text: `{"id":"e-${index + 1}","type":"custom.a","data":{"n":${index + 1}}}`,
  raw: index % 4 === 0 ? `{"raw":${index}}` : null,
}));

/** A history of seventy blocks, and its archive. */
async function inArchive(
  work: (make: () => ChannelArchive, number: number) => Promise<void>,
): Promise<void> {
  const number = (numbers += 1);
  await putBlocksOf(number, EVENTS, 3);
  const channel = env.CHANNEL.getByName(await makeChannel());
  await runInDurableObject(channel, (_, { storage }) => {
    const port = { storage, channel: { number, epoch: "epoch" as never }, isStopped: () => false };
    return work(() => new ChannelArchive(port), number);
  });
}

async function readAll(number: number, filter: Filter = EVERYTHING, order: "asc" | "desc" = "asc") {
  const seqs: number[] = [];
  let range = { after: 0, upTo: COUNT * 3 };
  for (;;) {
    const query = { ...range, channel: number, order, limit: 17, filter, raw: true };
    const page = await readPage(HISTORY, query);
    seqs.push(...page.events.map(({ seq }) => seq));
    if (!page.hasMore) return order === "asc" ? seqs : seqs.toReversed();
    range = order === "asc" ? { ...range, after: page.seenTo } : { ...range, upTo: page.seenTo };
  }
}

const ALL = EVENTS.map(({ seq }) => seq);

const faulty = (fault: Fault): Queries => ({
  ...failingDatabase(env.DB, fault),
  archive: failing(BUCKET, ["put", "get", "head", "list", "delete"], fault),
});

/** As after a restart: what was begun is found, and then what was asked is done. */
async function recover(archive: ChannelArchive): Promise<void> {
  while (archive.isInDoubt) await archive.sweep(HISTORY, Date.now());
}

describe("a channel's archive", () => {
  it("is read with the database as one: every page, filter, time and event is what it was", async ({
    expect,
  }) => {
    await inArchive(async (make, number) => {
      expect(await make().shelve(HISTORY, 1_000_000)).toBe("more");
      expect(await countBlocks(number)).toBe(COUNT - 64);
      const rare = { ...EVERYTHING, types: ["custom.rare"] };
      const kick = { ...EVERYTHING, platforms: ["kick"] };
      for (const order of ["asc", "desc"] as const) {
        expect(await readAll(number, EVERYTHING, order)).toEqual(ALL);
        expect(await readAll(number, rare, order)).toEqual([1, 51, 101, 151, 201]);
        expect(await readAll(number, kick, order)).toEqual(ALL.slice(90));
      }
      for (const seq of [1, 2, 64, 192, 193, 210]) {
        const { at, ...event } = EVENTS[seq - 1] as RecordedEvent;
        expect(await findEventAt(HISTORY, number, seq)).toEqual(event);
        expect(await findSeqBefore(HISTORY, number, at)).toBe(seq - 1);
      }
    });
  });

  it("keeps the newest block in the database, and what is too young", async ({ expect }) => {
    await inArchive(async (make, number) => {
      expect(await make().shelve(HISTORY, 0)).toEqual({ lastAt: EVENTS[191]?.at });
      await make().shelve(HISTORY, 1_000_000);
      expect(await make().shelve(HISTORY, 1_000_000)).toBe("nothing");
      expect(await countBlocks(number)).toBe(COUNT - 64);
    });
  });

  it("loses nothing and leaves nothing, wherever putting away is cut off, before or after", async ({
    expect,
  }) => {
    for (const when of ["before", "after"] as const) {
      for (let at = 1; ; at++) {
        const fault = new Fault(at, when);
        let isOver = false;
        await inArchive(async (make, number) => {
          isOver = await make()
            .shelve(faulty(fault), 1_000_000)
            .then(() => true)
            .catch(() => false);
          expect(await readAll(number)).toEqual(ALL);
          await recover(make());
          expect(await listBucket(number)).toEqual(await listNamed(number));
          await make().shelve(HISTORY, 1_000_000);
          expect(await readAll(number)).toEqual(ALL);
          expect(await listBucket(number)).toEqual(await listNamed(number));
        });
        if (isOver) break;
      }
    }
  });

  it("takes away what is too old, wherever that is cut off, and leaves no volume without a row", async ({
    expect,
  }) => {
    const kept = EVENTS.filter(({ at }) => at >= 1_500).map(({ seq }) => seq);
    for (const when of ["before", "after"] as const) {
      for (let at = 1; ; at++) {
        let isOver = false;
        await inArchive(async (make, number) => {
          await make().shelve(HISTORY, 1_000_000);
          isOver = await make()
            .prune(faulty(new Fault(at, when)), 1_500)
            .then(() => true)
            .catch(() => false);
          await recover(make());
          await make().prune(HISTORY, 1_500);
          await recover(make());
          expect(await readAll(number)).toEqual(kept);
          expect(await listBucket(number)).toEqual(await listNamed(number));
          await make().prune(HISTORY, 1_000_000);
          await recover(make());
          expect(await listBucket(number)).toEqual([]);
        });
        if (isOver) break;
      }
    }
  });

  it("that cannot be read is a failure to try again, and nothing is passed over", async ({
    expect,
  }) => {
    await inArchive(async (make, number) => {
      await make().shelve(HISTORY, 1_000_000);
      const query = { channel: number, after: 0, upTo: 210, limit: 9, filter: EVERYTHING };
      for (const order of ["asc", "desc"] as const) {
        const asked = { ...query, order, upTo: 100 };
        const away = failing(BUCKET, ["get"], new Fault(1, "before"));
        await expect(readPage({ ...HISTORY, archive: away }, asked)).rejects.toMatchObject({
          code: "unavailable",
        });
        await expect(readPage({ ...HISTORY, archive: undefined }, asked)).rejects.toMatchObject({
          code: "unavailable",
        });
      }
      await BUCKET.delete(await listBucket(number));
      await expect(readPage(HISTORY, { ...query, order: "asc" })).rejects.toMatchObject({
        code: "unavailable",
      });
    });
  });
});
