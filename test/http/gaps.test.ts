import { describe, it } from "vitest";

import { exportStream } from "../../src/http/export.ts";
import type { HistoryPage } from "../../src/http/history.ts";
import { call, makeChannel, numbers, postNotes, type ShownPage, textsOf } from "../support/api.ts";
import { loseHistory } from "../support/history.ts";
import { drained, forgetJournal } from "../support/objects.ts";
import { connect } from "../support/sockets.ts";

const pageOf = async (channel: string, query: string): Promise<ShownPage> =>
  (await call<ShownPage>("GET", `/channels/${channel}/events?${query}`)).body;

/** As retention does: what was recorded up to a place is taken away. */
async function take(channel: string, upTo: string | undefined): Promise<void> {
  const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
  await loseHistory(body.number, ({ seq }) => seq <= Number(upTo?.split("-")[1]));
}

/** A channel whose log lies in history; the newest group is in the journal as well. */
async function kept(count: number): Promise<{ channel: string; ids: string[] }> {
  const channel = await makeChannel();
  const ids: string[] = [];
  for (const text of numbers(1, count)) ids.push(...(await postNotes(channel, [text])));
  await drained(channel);
  await forgetJournal(channel);
  return { channel, ids };
}

describe("history", () => {
  it("tells a gap where retention took everything, as a socket does", async ({ expect }) => {
    const { channel, ids } = await kept(4);
    await take(channel, ids[3]);
    for (const order of ["asc", "desc"]) {
      const page = await pageOf(channel, `order=${order}&after=${ids[0]}`);
      expect(page).toMatchObject({
        events: [],
        gap: { from: ids[0], to: ids[3], cause: "expired" },
      });
    }
    const socket = await connect(channel, `?after=${ids[0]}`);
    expect(await socket.nextOf("gap")).toMatchObject({ from: ids[0], cause: "expired" });
    socket.close();
  });

  it("tells a gap of no more than was asked for", async ({ expect }) => {
    const { channel, ids } = await kept(6);
    await take(channel, ids[3]);
    const page = await pageOf(channel, `order=asc&after=${ids[0]}&before=${ids[3]}`);
    expect(page).toMatchObject({ events: [], gap: { from: ids[0], to: ids[2] } });
    expect(await pageOf(channel, `order=asc&after=${ids[3]}`)).not.toHaveProperty("gap");
    // Whoever does not say where to begin begins with what there is.
    expect(await pageOf(channel, "order=asc")).not.toHaveProperty("gap");
  });

  it("tells a gap where a time lies before everything that is kept", async ({ expect }) => {
    const { channel, ids } = await kept(6);
    const { events } = await pageOf(channel, "order=asc");
    await take(channel, ids[2]);
    const at = encodeURIComponent(events[1]?.recordedtime ?? "");
    const page = await pageOf(channel, `order=asc&since=${at}`);
    expect(textsOf(page.events)).toEqual(numbers(4, 6));
    expect(page.gap).toMatchObject({ to: ids[2], cause: "expired" });
    const later = encodeURIComponent(new Date(Date.now() + 1000).toISOString());
    expect(await pageOf(channel, `order=asc&since=${later}`)).not.toHaveProperty("gap");
  });

  it("tells a gap going down from the first page on", async ({ expect }) => {
    const { channel, ids } = await kept(6);
    await take(channel, ids[2]);
    const page = await pageOf(channel, `after=${ids[0]}&limit=1`);
    expect(page).toMatchObject({ hasMore: true, gap: { from: ids[0], to: ids[2] } });
  });

  it("does not wait for more where there is a gap to tell", async ({ expect }) => {
    const { channel, ids } = await kept(4);
    await take(channel, ids[3]);
    const page = await pageOf(channel, `order=asc&after=${ids[0]}&wait=30`);
    expect(page.gap).toMatchObject({ from: ids[0] });
  });
});

describe("an export", () => {
  it("tells its gap in a header, before anything is read of it", async ({ expect }) => {
    const { channel, ids } = await kept(6);
    await take(channel, ids[2]);
    for (const order of ["asc", "desc"]) {
      const { headers, body } = await call<string>(
        "GET",
        `/channels/${channel}/events?order=${order}&after=${ids[0]}`,
        undefined,
        { headers: { accept: "application/jsonl" } },
      );
      expect(headers.get("tributary-gap")).toBe(`from="${ids[0]}", to="${ids[2]}", cause=expired`);
      expect(body.trimEnd().split("\n")).toHaveLength(3);
    }
  });

  it("breaks off where something is taken away while it is read", async ({ expect }) => {
    const page = (seq: number, gap: HistoryPage["gap"]): HistoryPage => ({
      events: [{ seq, type: "t", provider: "p", platform: "p", text: `{"n":${seq}}`, raw: null }],
      next: null,
      hasMore: true,
      gap,
      isOpen: false,
    });
    async function* pages(): AsyncGenerator<HistoryPage, void> {
      yield page(1, null);
      yield page(9, { from: "e-1", to: "e-8", cause: "expired" });
    }
    const rest = pages();
    const stream = exportStream("application/jsonl", await rest.next(), rest, {
      limit: 100,
      bom: false,
    });
    await expect(new Response(stream).text()).rejects.toThrow(/taken away/);
  });
});

describe("a replay", () => {
  it("tells its gap where retention overtakes it", async ({ expect }) => {
    const channel = await makeChannel();
    const ids: string[] = [];
    for (let group = 0; group < 4; group++) {
      ids.push(...(await postNotes(channel, numbers(group * 100 + 1, group * 100 + 100))));
    }
    await drained(channel);
    await forgetJournal(channel);
    // The place that it resumes after is kept, and what follows the first page is not any more.
    const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
    await loseHistory(body.number, ({ seq }) => seq >= 130 && seq <= 200);
    const socket = await connect(channel, `?after=${ids[0]}`);
    const heard: unknown[] = [];
    let frame = await socket.nextOf("events");
    while (frame.type === "events") {
      heard.push(...textsOf(frame.events));
      frame = await socket.next();
    }
    expect(frame).toMatchObject({ type: "gap", from: ids[128], to: ids[199], cause: "expired" });
    expect(heard).toEqual(numbers(2, 129));
    expect(textsOf(await socket.events(200))).toEqual(numbers(201, 400));
    socket.close();
  });
});
