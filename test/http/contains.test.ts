import { describe, it } from "vitest";

import { readContaining } from "../../src/http/history-search.ts";
import { call, chat, makeChannel, postNotes, textsOf, type ShownPage } from "../support/api.ts";
import { makeEvents, numberOf, putHistory } from "../support/history.ts";
import { drained, forgetJournal } from "../support/objects.ts";

const find = async (channel: string, query: string): Promise<ShownPage> =>
  (await call<ShownPage>("GET", `/channels/${channel}/events?${query}`)).body;

describe("a page of events that hold words", () => {
  it("has them from history and journal, in either order, in pages of any size", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["Apple 1", "pear", "apple 2"]);
    await drained(channel);
    await forgetJournal(channel);
    await postNotes(channel, ["plum", "APPLE 3"]);
    for (const limit of [1, 2, 100]) {
      for (const order of ["asc", "desc"]) {
        const found: string[] = [];
        let place = "";
        for (;;) {
          const page = await find(channel, `contains=apple&order=${order}&limit=${limit}${place}`);
          found.push(...(textsOf(page.events) as string[]));
          expect(page.events.length).toBeLessThanOrEqual(limit);
          if (!page.hasMore) break;
          place = `&${order === "asc" ? "after" : "before"}=${page.next}`;
        }
        const all = ["Apple 1", "apple 2", "APPLE 3"];
        expect(found).toEqual(order === "asc" ? all : all.toReversed());
      }
    }
  });

  it("has nothing that was erased, though it may still be kept", async ({ expect }) => {
    const channel = await makeChannel();
    await call("POST", `/channels/${channel}/events`, [chat("m1", "a secret word")]);
    await drained(channel);
    await call("POST", `/channels/${channel}/events`, [
      { type: "chat.message.deleted", data: { messageIds: ["m1"] } },
    ]);
    expect((await find(channel, "contains=secret")).events).toEqual([]);
  });

  it("is refused together with waiting, and without words", async ({ expect }) => {
    const channel = await makeChannel();
    const [id] = await postNotes(channel, ["a"]);
    for (const query of [`contains=a&wait=1&after=${id}`, "contains="]) {
      const { status } = await call("GET", `/channels/${channel}/events?${query}`);
      expect(status).toBe(400);
    }
  });

  it("is the whole range as a file", async ({ expect }) => {
    const channel = await makeChannel();
    await putHistory(await numberOf(channel), []);
    await postNotes(channel, ["apple", "pear", "apple"]);
    const { body } = await call<string>(
      "GET",
      `/channels/${channel}/events?contains=apple`,
      undefined,
      {
        headers: { accept: "application/jsonl" },
      },
    );
    expect(JSON.stringify(body).match(/apple/g)).toHaveLength(2);
  });
});

describe("a search", () => {
  it("looks through so many events and no more, and says where it stopped", async ({ expect }) => {
    const log = makeEvents(20_000);
    const asked: number[] = [];
    const search = { after: 0, upTo: 20_000, order: "asc", limit: 10 } as const;
    const { page } = await readContaining(
      async (after, upTo, limit) => {
        asked.push(limit);
        const events = log.slice(after, Math.min(after + limit, upTo));
        const seenTo = after + events.length;
        return { page: { events, from: after, seenTo, hasMore: seenTo < upTo }, head: 20_000 };
      },
      { ...search, contains: () => false },
    );
    expect(page).toEqual({ events: [], from: 0, seenTo: 5_000, hasMore: true });
    expect(asked).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
  });
});
