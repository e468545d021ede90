import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import worker from "../../src/index.ts";
import { call, makeChannel, postNotes, textsOf, type ShownPage } from "../support/api.ts";
import { drained, forgetJournal } from "../support/objects.ts";
import { connect } from "../support/sockets.ts";

const DAY_MS = 86_400_000;

/** Runs the cron as it would run at a time. */
async function runAt(time: number): Promise<void> {
  const controller = createScheduledController({ scheduledTime: new Date(time) });
  await worker.scheduled(controller, env);
}

const rowsOf = async (number: number): Promise<number> =>
  (
    await env.DB.prepare("SELECT count(*) AS n FROM events WHERE channel = ?")
      .bind(number)
      .first<{ n: number }>()
  )?.n ?? 0;

describe("every minute", () => {
  it("takes away what is older than its channel keeps, and tells of it", async ({ expect }) => {
    const channel = await makeChannel({ retentionDays: 2 });
    const [first] = await postNotes(channel, ["a", "b"]);
    const last = (await postNotes(channel, ["c"]))[0];
    await drained(channel);
    await forgetJournal(channel);
    const now = Date.now();
    await runAt(now + 2 * DAY_MS - 60_000);
    const kept = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
    expect(textsOf(kept.body.events)).toEqual(["a", "b", "c"]);
    await runAt(now + 2 * DAY_MS + 60_000);
    const gone = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
    expect(gone.body.events).toEqual([]);
    const socket = await connect(channel, `?after=${first}`);
    expect(await socket.nextOf("gap")).toMatchObject({ cause: "expired" });
    expect(await postNotes(channel, ["d"])).toEqual([last?.replace(/3$/, "4")]);
    socket.close();
  });

  it("takes away what deleted channels left behind", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
    await postNotes(channel, ["a", "b", "c"]);
    await drained(channel);
    expect(await rowsOf(body.number)).toBe(3);
    await call("DELETE", `/channels/${channel}`);
    await runAt(Date.now());
    expect(await rowsOf(body.number)).toBe(0);
    const purges = await env.DB.prepare("SELECT * FROM purges WHERE channel = ?")
      .bind(body.number)
      .all();
    expect(purges.results).toEqual([]);
  });

  it("forgets requests after a day", async ({ expect }) => {
    const channel = await makeChannel();
    const post = () =>
      call("POST", `/channels/${channel}/tickets`, undefined, {
        headers: { "idempotency-key": "k" },
      });
    await post();
    expect((await post()).headers.get("idempotency-replayed")).toBe("true");
    await runAt(Date.now() + DAY_MS + 60_000);
    expect((await post()).headers.get("idempotency-replayed")).toBe(null);
  });
});
