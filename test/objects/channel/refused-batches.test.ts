import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";

import type { RecordedEvent } from "../../../src/store/logged-event.ts";
import { call, makeChannel, postNotes, textsOf, type ShownPage } from "../../support/api.ts";
import { numberOf, readHistory } from "../../support/history.ts";
import { drained } from "../../support/objects.ts";

interface Status {
  readonly history: { readonly failures: number };
  readonly counters: { readonly historyReduced: number };
}

const statusOf = async (channel: string): Promise<Status> =>
  (await call<Status>("GET", `/channels/${channel}/status`)).body;

const stored = async (channel: string): Promise<RecordedEvent[]> =>
  readHistory(await numberOf(channel));

/** A text that cannot be compressed: a block with it is larger than the trigger lets it be. */
const POISON = Array.from({ length: 1_000 }, () => crypto.randomUUID()).join("");

afterEach(async () => {
  await env.DB.exec("DROP TRIGGER IF EXISTS particular");
});

describe("a batch for history", () => {
  it("is cut by bytes: events of any language get through", async ({ expect }) => {
    const channel = await makeChannel();
    const wide = { type: "custom.text", data: { text: "字".repeat(20_000) } };
    for (let round = 0; round < 4; round++) {
      const { status } = await call(
        "POST",
        `/channels/${channel}/events`,
        Array.from({ length: 12 }, () => wide),
      );
      expect(status).toBe(201);
    }
    await drained(channel);
    expect(await stored(channel)).toHaveLength(48);
    expect((await statusOf(channel)).counters.historyReduced).toBe(0);
  });

  it("that is refused for good is halved to the event at fault, in whose place a gap is told", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    // As the database refuses what does not fit a table.
    await env.DB.exec(
      "CREATE TRIGGER particular BEFORE INSERT ON blocks WHEN length(new.text) > 10000 BEGIN SELECT RAISE(ABORT, 'string or blob too big: SQLITE_TOOBIG'); END",
    );
    const texts = Array.from({ length: 40 }, (_, index) => (index % 17 === 3 ? POISON : "good"));
    await postNotes(channel, texts);
    await postNotes(channel, ["later"]);
    await drained(channel);
    const rows = await stored(channel);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
    const told = rows.map(({ type, text }) => {
      const { data, sequence } = JSON.parse(text) as { data: { text?: string }; sequence: string };
      return [Number(sequence), type, data.text];
    });
    expect(told).toEqual(
      [...texts, "later"].map((text, index) =>
        text === POISON
          ? [index + 1, "connection.gap", undefined]
          : [index + 1, "custom.note", text],
      ),
    );
    const { history, counters } = await statusOf(channel);
    expect([history.failures, counters.historyReduced]).toEqual([0, 3]);
  });

  it("that fails for a cause that passes is kept whole, and tried again", async ({ expect }) => {
    const channel = await makeChannel();
    await env.DB.exec(
      "CREATE TRIGGER particular BEFORE INSERT ON blocks BEGIN SELECT RAISE(ABORT, 'away'); END",
    );
    await postNotes(channel, ["a", "b"]);
    while ((await statusOf(channel)).history.failures < 2) {
      await runDurableObjectAlarm(env.CHANNEL.getByName(channel));
    }
    await env.DB.exec("DROP TRIGGER particular");
    await drained(channel);
    const { body } = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
    expect(textsOf(body.events)).toEqual(["a", "b"]);
    expect((await statusOf(channel)).counters.historyReduced).toBe(0);
  });
});
