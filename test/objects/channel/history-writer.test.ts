import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";

import { call, makeChannel, postNotes, textsOf, type ShownPage } from "../../support/api.ts";
import { numberOf, readHistory } from "../../support/history.ts";
import { drained } from "../../support/objects.ts";
import { connect } from "../../support/sockets.ts";

interface Status {
  readonly history: { lagEvents: number; failures: number; lastError: string | null };
  readonly counters: { historyRowsWritten: number };
}

const statusOf = async (channel: string): Promise<Status> =>
  (await call<Status>("GET", `/channels/${channel}/status`)).body;

const inHistory = async (channel: string): Promise<unknown[]> => {
  const events = await readHistory(await numberOf(channel));
  return events.map(({ text }) => (JSON.parse(text) as { data: { text: string } }).data.text);
};

/** The database answers, and can take no events. */
const breakHistory = () => env.DB.prepare("ALTER TABLE blocks RENAME TO blocks_away").run();
const mendHistory = () => env.DB.prepare("ALTER TABLE blocks_away RENAME TO blocks").run();

const texts = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

describe("history", () => {
  afterEach(async () => {
    await mendHistory().catch(() => {});
  });

  it("gets every event once, at a row for each block and for each type in it", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await postNotes(channel, texts(500));
    await drained(channel);
    expect((await statusOf(channel)).counters.historyRowsWritten).toBe(2 * Math.ceil(500 / 128));
    expect(await inHistory(channel)).toEqual(texts(500));
  });

  it("is told of nothing that clients wait for: they notice no failure of it", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    await breakHistory();
    await postNotes(channel, texts(300));
    expect(textsOf(await socket.events(300))).toEqual(texts(300));
    socket.close();
  });

  it("catches up after a failure: nothing is lost or doubled", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["before"]);
    await drained(channel);
    await breakHistory();
    for (let batch = 0; batch < 4; batch++) await postNotes(channel, texts(200));
    await runDurableObjectAlarm(env.CHANNEL.getByName(channel));
    const { history } = await statusOf(channel);
    expect([history.lagEvents, history.failures > 0]).toEqual([800, true]);
    expect(history.lastError).toContain("blocks");
    await mendHistory();
    await drained(channel);
    expect(await inHistory(channel)).toEqual([
      "before",
      ...texts(200),
      ...texts(200),
      ...texts(200),
      ...texts(200),
    ]);
    expect((await statusOf(channel)).history).toMatchObject({ failures: 0, lastError: null });
  });

  it("is shown with what it has not got yet", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, texts(3));
    await drained(channel);
    await postNotes(channel, ["new"]);
    const page = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
    expect(textsOf(page.body.events)).toEqual([...texts(3), "new"]);
  });
});
