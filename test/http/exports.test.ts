import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { Hono } from "hono";
import { describe, it } from "vitest";

import type { ChannelStub } from "../../src/asking.ts";
import type { Frontier } from "../../src/calls/history.ts";
import { grant } from "../../src/event/answer.ts";
import { EVERYTHING } from "../../src/event/filter.ts";
import type { AppEnv } from "../../src/http/env.ts";
import { respondWithExport } from "../../src/http/event-answers.ts";
import {
  EXPORT_LIMITS,
  EXPORT_PAGE,
  EXPORT_QUERIES,
  findExportEnd,
} from "../../src/http/export-range.ts";
import { exportStream } from "../../src/http/export.ts";
import { History, type HistoryQuery } from "../../src/http/history.ts";
import type { ChannelRecord } from "../../src/store/history/channels.ts";
import { allowQueries, meterDatabase } from "../../src/store/history/metered.ts";
import { call, makeChannel, numbers, postNotes, textsOf } from "../support/api.ts";
import { makeEvents, putHistory } from "../support/history.ts";
import { invoke } from "../support/limits.ts";

const EPOCH = "aaaaaaaaaa";

/** A history of so many small events that the database has, and the object's word of it. */
async function written(number: number, count: number, queries = EXPORT_QUERIES): Promise<History> {
  await putHistory(number, makeEvents(count));
  const record = {
    number,
    id: "written",
    name: "written",
    epoch: EPOCH,
    public: false,
    retentionDays: 30,
    mode: "always",
    merge: "exact",
    jurisdiction: null,
    locationHint: null,
    historyDatabase: "DB",
    createdAt: 0,
    updatedAt: 0,
  } as const;
  const tail = { events: [], from: count, seenTo: count, hasMore: false };
  const frontier: Frontier = {
    epoch: EPOCH,
    head: count,
    fed: count,
    bookmark: null,
    erasures: [],
    sightings: [],
    tail,
  };
  const object = { frontier: () => Promise.resolve(grant(frontier)) } as object as ChannelStub;
  return new History(meterDatabase(env.DB, allowQueries(queries)), object, record);
}

const query = (order: "asc" | "desc", about: Partial<HistoryQuery> = {}): HistoryQuery => ({
  after: undefined,
  before: undefined,
  since: undefined,
  until: undefined,
  order,
  limit: EXPORT_PAGE,
  filter: EVERYTHING,
  raw: false,
  ...about,
});

/** The numbers of the events of one answer, and where it says that the next one goes on. */
async function exported(
  history: History,
  asked: HistoryQuery,
  limits = EXPORT_LIMITS,
): Promise<{ seen: number[]; goesOnAt: string | null }> {
  const pages = history.pages(asked, limits);
  const first = await pages.next();
  const stream = exportStream("application/jsonl", first, pages, {
    limit: Number.MAX_SAFE_INTEGER,
    bom: false,
  });
  const text = await new Response(stream).text();
  const seen = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { n: number }).n);
  return { seen, goesOnAt: first.done === true ? null : first.value.goesOnAt };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("an export", () => {
  it.for(["asc", "desc"] as const)(
    "of more than a quarter of a million events is whole, within what D1 answers: %s",
    async (order, { expect }) => {
      const count = 300_000;
      const history = await written(order === "asc" ? 3_000_001 : 3_000_002, count);
      const { seen, goesOnAt } = await invoke(null, () => exported(history, query(order)));
      expect([seen.length, seen[0], seen.at(-1), goesOnAt]).toEqual(
        order === "asc" ? [count, 1, count, null] : [count, count, 1, null],
      );
    },
  );

  it("that one answer has no room for says from the start where the next goes on", async ({
    expect,
  }) => {
    const history = await written(3_000_003, 500);
    const limits = { places: 120, pages: 4 };
    for (const order of ["asc", "desc"] as const) {
      for (const filter of [EVERYTHING, { ...EVERYTHING, platforms: ["api"] }]) {
        const all: number[] = [];
        let place: string | null = null;
        let answers = 0;
        do {
          const at: Partial<HistoryQuery> =
            place === null ? {} : order === "asc" ? { after: place } : { before: place };
          const answer = await exported(
            history,
            query(order, { limit: 20, filter, ...at }),
            limits,
          );
          expect(answer.seen.length).toBeLessThanOrEqual(120);
          all.push(...answer.seen);
          place = answer.goesOnAt;
          answers += 1;
        } while (place !== null);
        expect(all).toEqual(order === "asc" ? upTo(500) : upTo(500).toReversed());
        expect(answers).toBeGreaterThan(4);
      }
    }
  });

  it("is bounded by what its pages hold where its events are large", ({ expect }) => {
    const range = { order: "asc", after: 0, upTo: 1_000_000 } as const;
    // Sixty-four events fill a page: four hundred pages have no more than so many.
    expect(findExportEnd({ ...range, seenTo: 64 }, EXPORT_LIMITS)).toBe(64 * 400);
    expect(findExportEnd({ ...range, seenTo: 5_000 }, EXPORT_LIMITS)).toBe(null);
    const down = { order: "desc", after: 10, upTo: 1_000_010 } as const;
    expect(findExportEnd({ ...down, seenTo: 999_946 }, EXPORT_LIMITS)).toBe(1_000_010 - 25_600);
  });

  it("ends within its range and makes headway, whatever the range", ({ expect }) => {
    const range = fc
      .record({
        order: fc.constantFrom("asc" as const, "desc" as const),
        after: fc.nat(10_000),
        length: fc.nat(3_000_000),
        seen: fc.nat(10_000),
      })
      .map(({ order, after, length, seen }) => {
        const end = after + length;
        return { order, after, upTo: end, seenTo: order === "asc" ? after + seen : end - seen };
      });
    fc.assert(
      fc.property(range, (each) => {
        const end = findExportEnd(each, EXPORT_LIMITS);
        if (end === null) {
          expect(each.upTo - each.after).toBeLessThanOrEqual(1_000_000);
          return;
        }
        expect(end).toBeGreaterThan(each.order === "asc" ? each.after : each.after - 1);
        expect(end).toBeLessThan(each.order === "asc" ? each.upTo + 1 : each.upTo);
      }),
    );
  });

  it("breaks off rather than end as if it were whole, should it cost more than was thought", async ({
    expect,
  }) => {
    const history = await written(3_000_004, 300, 50);
    const asked = query("asc", { limit: 1 });
    await expect(exported(history, asked, { places: 1_000_000, pages: 1_000_000 })).rejects.toThrow(
      "queries at once",
    );
  });

  it("links to where it goes on, and to nothing where it is whole", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, numbers(1, 30));
    const { headers, body } = await call<string>(
      "GET",
      `/channels/${channel}/events?order=asc`,
      undefined,
      { headers: { accept: "application/jsonl" } },
    );
    const lines = body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { data: object });
    expect(textsOf(lines as never)).toEqual(numbers(1, 30));
    expect(headers.get("link")).toBe(null);
  });
});

describe("an export that one answer has no room for", () => {
  const page = { events: [], next: null, hasMore: false, gap: null, isOpen: false };

  /** The answer to an export of which the first page says where it goes on. */
  async function answerOf(goesOnAt: string | null, limit: number | undefined): Promise<Response> {
    const pages = async function* () {
      yield await Promise.resolve({ ...page, goesOnAt });
    };
    const history = { pages } as object as History;
    const app = new Hono<AppEnv>().get("/export", (c) => {
      c.set("channel", { id: "c" } as ChannelRecord);
      return respondWithExport(c, "application/jsonl", history, query("asc"), {
        limit,
        bom: false,
      });
    });
    return app.request("/export?order=asc&token=secret");
  }

  it("links to where it goes on, without the credential", async ({ expect }) => {
    const { headers } = await answerOf(`${EPOCH}-7`, undefined);
    expect(headers.get("link")).toBe(`</export?order=asc&after=${EPOCH}-7>; rel="next"`);
  });

  it("links to nothing where it is whole, or where so much was asked for", async ({ expect }) => {
    expect((await answerOf(null, undefined)).headers.get("link")).toBe(null);
    expect((await answerOf(`${EPOCH}-7`, 5)).headers.get("link")).toBe(null);
  });
});
