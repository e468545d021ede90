import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import {
  call,
  makeChannel,
  numbers,
  postNotes,
  textsOf,
  type ShownPage,
} from "../../support/api.ts";
import { numberOf, readHistory } from "../../support/history.ts";
import { drained, forgetJournal } from "../../support/objects.ts";
import { connect } from "../../support/sockets.ts";

const DAY_MS = 86_400_000;

/** Lets a channel's object do what it does every few hours, as if it were then. */
async function pruneAt(channel: string, time: number): Promise<void> {
  await runInDurableObject(env.CHANNEL.getByName(channel), async (object) => {
    await object["runtime"]?.onAlarm(["retention"], time);
  });
}

describe("what is older than a channel keeps", () => {
  it("is taken away by the channel's object, and told of", async ({ expect }) => {
    const channel = await makeChannel({ retentionDays: 2 });
    const [first] = await postNotes(channel, ["a", "b"]);
    const last = (await postNotes(channel, ["c"]))[0];
    await drained(channel);
    await forgetJournal(channel);
    const now = Date.now();
    await pruneAt(channel, now + 2 * DAY_MS - 60_000);
    const kept = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
    expect(textsOf(kept.body.events)).toEqual(["a", "b", "c"]);
    await pruneAt(channel, now + 2 * DAY_MS + 60_000);
    expect(await readHistory(await numberOf(channel))).toEqual([]);
    const gone = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
    expect(gone.body.events).toEqual([]);
    const socket = await connect(channel, `?after=${first}`);
    expect(await socket.nextOf("gap")).toMatchObject({ cause: "expired" });
    expect(await postNotes(channel, ["d"])).toEqual([last?.replace(/3$/, "4")]);
    await drained(channel);
    expect(await readHistory(await numberOf(channel))).toHaveLength(1);
    socket.close();
  });

  it("is cut off the oldest block, which is then still written on", async ({ expect }) => {
    const channel = await makeChannel({ retentionDays: 1 });
    await postNotes(channel, numbers(1, 20));
    await drained(channel);
    const middle = Date.now() + 1;
    while (Date.now() <= middle);
    await postNotes(channel, numbers(21, 30));
    await drained(channel);
    await forgetJournal(channel);
    await pruneAt(channel, middle + DAY_MS);
    await postNotes(channel, numbers(31, 32));
    await drained(channel);
    const page = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
    expect(textsOf(page.body.events)).toEqual(numbers(21, 32));
    const { results } = await env.DB.prepare("SELECT place FROM blocks WHERE place >> 32 = ?")
      .bind(await numberOf(channel))
      .all();
    expect(results).toHaveLength(1);
  });
});
