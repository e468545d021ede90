import { describe, it } from "vitest";

import {
  call,
  chat,
  makeChannel,
  numbers,
  postNotes,
  type ShownPage,
  textsOf,
} from "../support/api.ts";
import { loseHistory, numberOf } from "../support/history.ts";
import { drained, forgetJournal } from "../support/objects.ts";

const pageOf = async (channel: string, query: string): Promise<ShownPage> =>
  (await call<ShownPage>("GET", `/channels/${channel}/events?${query}`)).body;

/** A channel whose log lies in history, in the journal, and in both. */
async function spread(): Promise<{ channel: string; ids: string[] }> {
  const channel = await makeChannel();
  const ids = await postNotes(channel, numbers(1, 100));
  ids.push(...(await postNotes(channel, numbers(101, 150))));
  await drained(channel);
  await forgetJournal(channel);
  ids.push(...(await postNotes(channel, numbers(151, 250))));
  await drained(channel);
  ids.push(...(await postNotes(channel, numbers(251, 300))));
  return { channel, ids };
}

describe("history", () => {
  it("is read newest first, a page of 100 unless told otherwise", async ({ expect }) => {
    const { channel, ids } = await spread();
    const page = await pageOf(channel, "");
    expect(textsOf(page.events)).toEqual(numbers(201, 300).toReversed());
    expect(page).toMatchObject({ next: ids[200], hasMore: true });
  });

  it("is the same in pages of any size, in both directions", async ({ expect }) => {
    const { channel } = await spread();
    for (const [order, parameter] of [
      ["asc", "after"],
      ["desc", "before"],
    ] as const) {
      for (const limit of [7, 100, 500]) {
        const texts: unknown[] = [];
        let bound = "";
        for (;;) {
          const page = await pageOf(channel, `order=${order}&limit=${limit}${bound}`);
          expect(page.events.length).toBeLessThanOrEqual(limit);
          texts.push(...textsOf(page.events));
          if (!page.hasMore) break;
          bound = `&${parameter}=${page.next}`;
        }
        expect(texts).toEqual(order === "asc" ? numbers(1, 300) : numbers(1, 300).toReversed());
      }
    }
  });

  it("excludes the positions it is bounded by", async ({ expect }) => {
    const { channel, ids } = await spread();
    const page = await pageOf(channel, `order=asc&after=${ids[9]}&before=${ids[14]}`);
    expect(textsOf(page.events)).toEqual(numbers(11, 14));
    expect(page.hasMore).toBe(false);
  });

  it("is half open in time, by when events were recorded", async ({ expect }) => {
    const { channel } = await spread();
    const { events } = await pageOf(channel, "order=asc&limit=500");
    const times = [...new Set(events.map(({ recordedtime }) => recordedtime))];
    expect(times.length).toBeGreaterThan(1);
    for (const time of times) {
      const at = encodeURIComponent(time);
      const since = await pageOf(channel, `order=asc&limit=500&since=${at}`);
      const until = await pageOf(channel, `order=asc&limit=500&until=${at}`);
      expect(since.events).toEqual(events.filter(({ recordedtime }) => recordedtime >= time));
      expect(until.events).toEqual(events.filter(({ recordedtime }) => recordedtime < time));
    }
  });

  it("is filtered by types, prefixes, providers and platforms alike", async ({ expect }) => {
    const channel = await makeChannel();
    const post = (...events: object[]) => call("POST", `/channels/${channel}/events`, events);
    await post(
      ...numbers(1, 30).map((text, index) => ({
        type: ["custom.a", "custom.b.c", "custom.d"][index % 3],
        platform: index % 2 === 0 ? "twitch" : "kick",
        data: { text },
      })),
    );
    await drained(channel);
    await forgetJournal(channel);
    await post(chat("m1", "said"), { type: "custom.a", platform: "twitch", data: { text: "new" } });
    const found = async (query: string) =>
      textsOf((await pageOf(channel, `order=asc&${query}`)).events);
    const all = await found("limit=500");
    expect(await found("types=custom.a")).toHaveLength(11);
    expect(await found("types=custom.b.*,chat.*")).toHaveLength(11);
    expect(await found("types=custom.*")).toHaveLength(31);
    expect(await found("types=*")).toEqual(all);
    expect(await found("platforms=twitch")).toHaveLength(16);
    expect(await found("types=custom.a&platforms=kick")).toHaveLength(5);
    expect(await found("providers=api")).toEqual(all);
    expect(await found("providers=dlive")).toEqual([]);
    expect(await found("types=chat.message&platforms=api")).toEqual(["said"]);
  });

  it("links to the next page, without the token", async ({ expect }) => {
    const { channel, ids } = await spread();
    const { headers } = await call("GET", `/channels/${channel}/events?limit=10&token=x`);
    expect(headers.get("link")).toBe(
      `</v1/channels/${channel}/events?limit=10&before=${ids[290]}>; rel="next"`,
    );
  });

  it("need not be sent again while it is the same, unless it may grow", async ({ expect }) => {
    const { channel, ids } = await spread();
    const closed = `/channels/${channel}/events?before=${ids[20]}&limit=10`;
    const first = await call("GET", closed);
    const tag = first.headers.get("etag") ?? "";
    const second = await call("GET", closed, undefined, { headers: { "if-none-match": tag } });
    expect([first.status, second.status, second.body]).toEqual([200, 304, ""]);
    const open = await call("GET", `/channels/${channel}/events`);
    expect([open.headers.get("etag"), open.headers.get("cache-control")]).toEqual([
      null,
      "no-store",
    ]);
  });

  it("says what was asked for and is no longer kept", async ({ expect }) => {
    const { channel, ids } = await spread();
    await loseHistory(await numberOf(channel), ({ seq }) => seq <= 3);
    const page = await pageOf(channel, `order=asc&limit=2&after=${ids[0]}`);
    expect(textsOf(page.events)).toEqual(["n4", "n5"]);
    expect(page.gap).toEqual({ from: ids[0], to: ids[2], cause: "expired" });
    expect(await pageOf(channel, `order=asc&limit=2&after=${ids[2]}`)).not.toHaveProperty("gap");
  });

  it("waits for something to come where it is asked to", async ({ expect }) => {
    const channel = await makeChannel();
    const [id] = await postNotes(channel, ["a"]);
    const waiting = pageOf(channel, `order=asc&after=${id}&wait=30&types=custom.note`);
    await call("POST", `/channels/${channel}/events`, { type: "custom.other", data: {} });
    await postNotes(channel, ["b"]);
    expect(textsOf((await waiting).events)).toEqual(["b"]);
    const empty = await pageOf(channel, `order=asc&after=${id}&wait=0.05&types=chat.*`);
    expect(empty).toMatchObject({ events: [], hasMore: false });
  });

  it("can be polled: the position that it gives at the end goes on from there", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const first = await pageOf(channel, "order=asc");
    expect(first.next).toMatch(/-0$/);
    await postNotes(channel, ["a"]);
    const second = await pageOf(channel, `order=asc&after=${first.next}`);
    expect(textsOf(second.events)).toEqual(["a"]);
    expect((await pageOf(channel, `order=asc&after=${second.next}`)).events).toEqual([]);
  });

  it.for([
    ["since=2026-01-01T00:00:00Z&until=2026-01-01T00:00:00Z", "until"],
    ["since=yesterday", "since"],
    ["wait=5", "wait"],
    ["after=nonsense", "after"],
    ["limit=501", "limit"],
    ["order=up", "order"],
    ["providers=myspace", "providers"],
    ["platforms=Two%20Words", "platforms"],
  ] as const)("refuses %s", async ([query, parameter], { expect }) => {
    const channel = await makeChannel();
    const { status, body } = await call<{ errors: { parameter: string }[] }>(
      "GET",
      `/channels/${channel}/events?${query}`,
    );
    expect([status, body.errors[0]?.parameter]).toEqual([400, parameter]);
  });
});

describe("exports", () => {
  const exported = async (channel: string, accept: string, query = "order=asc") =>
    call<string>("GET", `/channels/${channel}/events?${query}`, undefined, { headers: { accept } });

  it("are JSON lines of the whole range", async ({ expect }) => {
    const { channel } = await spread();
    const page = await pageOf(channel, "order=asc&limit=500");
    const { headers, body } = await exported(channel, "application/jsonl");
    expect(headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
    const lines = body.trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(page.events);
    expect((await exported(channel, "application/x-ndjson")).body).toBe(body);
    expect((await exported(channel, "application/jsonl", "limit=3")).body.split("\n")).toHaveLength(
      4,
    );
  });

  it("are CSV that a spreadsheet shows and does not carry out", async ({ expect }) => {
    const channel = await makeChannel();
    await call("POST", `/channels/${channel}/events`, [
      chat("m1", '=HYPERLINK("http://evil")'),
      chat("m2", 'two\nlines, and "quotes"'),
    ]);
    const { headers, body } = await exported(channel, "text/csv");
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(body.split("\r\n")[0]).toBe(
      "id,type,time,recordedtime,provider,platform,connectionid,subject,user,text,amount,currency,test,data",
    );
    expect(body).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(body).toContain('"two\nlines, and ""quotes"""');
  });

  it("are empty of an empty range, and still say their columns", async ({ expect }) => {
    const channel = await makeChannel();
    expect((await exported(channel, "application/jsonl")).body).toBe("");
    expect((await exported(channel, "text/csv")).body).toMatch(/^id,type,.*,data\r\n$/);
  });
});
