import { env } from "cloudflare:workers";
import { assert, asyncProperty, constantFrom, integer, nat } from "fast-check";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";

import { call, type ShownPage } from "../../support/api.ts";
import { Hook, until } from "../../support/hooks.ts";
import { crowd } from "../../support/hubs.ts";
import {
  anyWords,
  expectedOf,
  filterOf,
  holdFromHistory,
  makeLog,
  positionIn,
  queryOf,
  seqOf,
  type MixedLog,
  type Mixture,
  type Words,
} from "../../support/logs.ts";
import { drained, forgetJournal, OWNER } from "../../support/objects.ts";
import { connect } from "../../support/sockets.ts";
import { openStream } from "../../support/streams.ts";

const MIXTURES: Record<string, Mixture> = {
  "the journal alone": { history: 0, both: 0, journal: 300, lost: 0 },
  "history alone": { history: 300, both: 0, journal: 0, lost: 0 },
  "history, both and the journal alone": { history: 250, both: 150, journal: 200, lost: 0 },
  "what retention left": { history: 250, both: 100, journal: 60, lost: 170 },
  "a journal whose history is gone": { history: 200, both: 0, journal: 30, lost: 200 },
};

// As many sockets as a channel takes before hubs do.
const ROOM = Number(env.CHANNEL_SOCKETS);

interface Gap {
  readonly from: string;
  readonly to: string;
  readonly cause: string;
}

/** What a reader was given, in its order, and what it was told that it will not get. */
interface Read {
  readonly seqs: readonly number[];
  readonly gaps: readonly Gap[];
}

/** Reads history by `next`, page by page. */
async function readPages(
  { channel }: MixedLog,
  query: string,
  order: "asc" | "desc",
  limit: number,
): Promise<Read> {
  const seqs: number[] = [];
  const gaps: Gap[] = [];
  for (let bound = query; ;) {
    const { body } = await call<ShownPage>(
      "GET",
      `/channels/${channel}/events?order=${order}&limit=${limit}${bound}`,
    );
    if (body.events.length > limit) throw new Error("more than was asked for");
    seqs.push(...body.events.map(seqOf));
    if (body.gap !== undefined) gaps.push(body.gap);
    if (!body.hasMore) return { seqs, gaps };
    const name = order === "asc" ? "after" : "before";
    bound = `${query.replace(new RegExp(`&${name}=[^&]*`), "")}&${name}=${body.next}`;
  }
}

/** Reads by a native socket until it has been told of everything up to the head. */
async function readSocket(log: MixedLog, query: string): Promise<Read> {
  const head = positionIn(log, log.events.length);
  const socket = await connect(log.channel, `?${query.slice(1)}`);
  const seqs: number[] = [];
  const gaps: Gap[] = [];
  let at = "";
  while (at !== head) {
    const frame = await socket.next();
    if (frame.type === "gap") gaps.push(frame as unknown as Gap);
    if (frame.type === "events") seqs.push(...frame.events.map(seqOf));
    if (frame.type === "gap" || frame.type === "events") at = frame.to;
  }
  socket.close();
  return { seqs, gaps };
}

/** Reads by Server-Sent Events until the position has reached the head. */
async function readStream(log: MixedLog, query: string, last: string): Promise<Read> {
  const head = positionIn(log, log.events.length);
  const stream = await openStream(log.channel, `?${query.slice(1)}`, { "last-event-id": last });
  const seqs: number[] = [];
  const gaps: Gap[] = [];
  for (let at = ""; at !== head;) {
    const block = await stream.next();
    if (block.event === "gap") gaps.push(JSON.parse(block.data ?? "") as Gap);
    else if (block.data !== undefined) seqs.push(seqOf({ id: block.id ?? "" }));
    at = block.id ?? at;
  }
  await stream.cancel();
  return { seqs, gaps };
}

async function readExport(log: MixedLog, query: string, accept: string): Promise<Read> {
  const { body, headers } = await call<string>(
    "GET",
    `/channels/${log.channel}/events?${query.slice(1)}`,
    undefined,
    { headers: { accept } },
  );
  const lines = body.split(/\r?\n/).filter((line) => line.includes(`${log.epoch}-`));
  const seqs = lines.map((line) => Number(new RegExp(`${log.epoch}-(\\d+)`).exec(line)?.[1]));
  const told = /^from="(.*)", to="(.*)", cause=expired$/.exec(headers.get("tributary-gap") ?? "");
  const gap = { from: told?.[1] ?? "", to: told?.[2] ?? "", cause: "expired" };
  return { seqs, gaps: told === null ? [] : [gap] };
}

describe.for(Object.entries(MIXTURES))("read from %s", ([, mixture]) => {
  let log: MixedLog;
  beforeAll(async () => {
    log = await makeLog(mixture);
  });
  afterAll(() => holdFromHistory(log.number, false));
  afterEach(() => crowd(ROOM));

  /** All that is kept and matches is given, in order; and what was asked for and is not kept is told. */
  function problemsOf(read: Read, words: Words, after: number, order: "asc" | "desc"): unknown[] {
    const problems: unknown[] = [];
    let from = after;
    for (const gap of read.gaps) {
      const isRight = gap.cause === "expired" && gap.from === positionIn(log, after);
      const to = seqOf({ id: gap.to });
      // What the journal still has may be given though history has it no more.
      if (!isRight || to > log.lostTo || to < log.keptFrom) problems.push(gap);
      from = to;
    }
    const seqs = expectedOf(log, filterOf(words), from);
    const expected = order === "asc" ? seqs : seqs.toReversed();
    if (JSON.stringify(read.seqs) !== JSON.stringify(expected)) {
      problems.push({ from, got: read.seqs.join(), expected: expected.join() });
    }
    if (after < log.keptFrom && read.gaps.length === 0) problems.push("a gap that is not told");
    return problems;
  }

  it("history by `next` is exactly the matching log, or its gap is told", async ({ expect }) => {
    const size = log.events.length;
    await assert(
      asyncProperty(
        anyWords,
        constantFrom("asc" as const, "desc" as const),
        constantFrom(1, 7, 50, 128, 500),
        nat(size),
        async (words, order, limit, after) => {
          const query = `${queryOf(words)}&after=${positionIn(log, after)}`;
          // One by one takes long where there is much: near the end there is less.
          const start = limit < 7 ? Math.max(after, size - 20) : after;
          const bounded = query.replace(positionIn(log, after), positionIn(log, start));
          const read = await readPages(log, bounded, order, limit);
          expect(problemsOf(read, words, start, order)).toEqual([]);
        },
      ),
      { numRuns: 30, endOnFailure: true },
    );
  });

  it("a socket that resumes gets exactly the matching log, or is told its gap", async ({
    expect,
  }) => {
    await assert(
      asyncProperty(anyWords, nat(log.events.length - 1), async (words, after) => {
        const query = `${queryOf(words)}&after=${positionIn(log, after)}`;
        for (const sockets of [ROOM, 0]) {
          crowd(sockets);
          expect(problemsOf(await readSocket(log, query), words, after, "asc")).toEqual([]);
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it("a stream that resumes gets exactly the matching log, or is told its gap", async ({
    expect,
  }) => {
    await assert(
      asyncProperty(anyWords, nat(log.events.length - 1), async (words, after) => {
        const read = await readStream(log, queryOf(words), positionIn(log, after));
        expect(problemsOf(read, words, after, "asc")).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it("a socket that rewinds gets exactly the last events that match", async ({ expect }) => {
    await assert(
      asyncProperty(anyWords, integer({ min: 1, max: 500 }), async (words, count) => {
        const matching = expectedOf(log, filterOf(words), log.keptFrom);
        for (const sockets of [ROOM, 0]) {
          crowd(sockets);
          const expected = matching.slice(-count);
          if (expected.length === 0) return;
          const socket = await connect(log.channel, `?rewind=${count}${queryOf(words)}`);
          const got = (await socket.events(expected.length)).map(seqOf);
          expect(got).toEqual(expected);
          socket.close();
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it("an export is exactly the matching log, or its gap is told", async ({ expect }) => {
    await assert(
      asyncProperty(
        anyWords,
        constantFrom("asc" as const, "desc" as const),
        constantFrom("application/jsonl", "application/x-ndjson", "text/csv"),
        nat(log.events.length),
        async (words, order, accept, after) => {
          const query = `${queryOf(words)}&order=${order}&after=${positionIn(log, after)}`;
          const read = await readExport(log, query, accept);
          expect(problemsOf(read, words, after, order)).toEqual([]);
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it("a long poll brings exactly the matching log, or tells its gap at once", async ({
    expect,
  }) => {
    await assert(
      asyncProperty(anyWords, nat(log.events.length - 1), async (words, after) => {
        const position = positionIn(log, after);
        const isLost = after < log.lostTo;
        const isAny = isLost || expectedOf(log, filterOf(words), after).length > 0;
        // Where something is to be told it is told at once, however long might be waited for more.
        const query = `${queryOf(words)}&after=${position}&wait=${isAny ? 30 : 0.01}`;
        const read = await readPages(log, query, "asc", 100);
        expect(problemsOf(read, words, after, "asc")).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it.for([
    { types: "", providers: "", platforms: "twitch" },
    { types: "custom.b.*", providers: "dlive,api", platforms: "" },
    { types: "custom.a", providers: "", platforms: "" },
  ])(
    "a recovery brings exactly the matching log, or tells its gap: %o",
    async (words, { expect }) => {
      const hook = new Hook();
      const { types, providers, platforms } = filterOf(words);
      const batch = { max: 100, waitMs: 50 };
      const webhook = await hook.attach(log.channel, { types, providers, platforms, batch });
      const path = `/channels/${log.channel}/webhooks/${webhook.id}`;
      const asked = { after: positionIn(log, 0), until: positionIn(log, log.events.length) };
      const { body } = await call<{ id: string }>("POST", `${path}/recoveries`, {
        ...asked,
        only: "all",
      });
      const done = await until(
        async () =>
          (await call<{ status: string; gap: Gap | null }>("GET", `${path}/recoveries/${body.id}`))
            .body,
        ({ status }) => status === "done",
      );
      const received = (await hook.until(1))
        .flatMap((request) => JSON.parse(request.body) as { id: string; test?: boolean }[])
        .filter(({ test }) => test !== true);
      const gaps = done.gap === null ? [] : [done.gap];
      const read = { seqs: received.map(seqOf).toSorted((a, b) => a - b), gaps };
      expect(problemsOf(read, words, 0, "asc")).toEqual([]);
      await call("DELETE", path);
    },
  );
});

describe("a filter that lets next to nothing through", () => {
  it("is read to its end, however long the ranges between", async ({ expect }) => {
    const log = await makeLog({ history: 0, both: 0, journal: 0, lost: 0 });
    const { channel, number, epoch } = log;
    const object = env.CHANNEL.getByName(channel);
    const rare: number[] = [];
    // Longer than one look goes in history, and than one goes in the journal.
    for (let place = 0; place < 11_500; place += 500) {
      const drafts = Array.from({ length: 500 }, (_, index) => {
        const seq = place + index + 1;
        const isRare = seq % 3_700 === 0;
        if (isRare) rare.push(seq);
        return { type: "custom.n", platform: isRare ? "aa" : "bb", data: { n: seq } } as const;
      });
      await object.post(OWNER, drafts, 50_000);
      if (place === 6_000) {
        await drained(channel);
        await forgetJournal(channel);
        await holdFromHistory(number, true);
      }
    }
    const whole = { ...log, events: { length: 11_500 } as MixedLog["events"] };
    for (const order of ["asc", "desc"] as const) {
      const expected = order === "asc" ? rare : rare.toReversed();
      const query = "&platforms=aa";
      expect((await readPages(whole, query, order, 1)).seqs).toEqual(expected);
      const exported = await readExport(whole, `${query}&order=${order}`, "text/csv");
      expect(exported.seqs).toEqual(expected);
    }
    const read = await readSocket(whole, `&platforms=aa&after=${epoch}-0`);
    expect(read.seqs).toEqual(rare);
    const socket = await connect(channel, "?rewind=3&platforms=aa");
    expect((await socket.events(3)).map(seqOf)).toEqual(rare.slice(-3));
    socket.close();
    await holdFromHistory(number, false);
  });
});
