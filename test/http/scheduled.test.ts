import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import worker from "../../src/index.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { call, makeChannel, postNotes } from "../support/api.ts";
import { readHistory } from "../support/history.ts";
import { methodOf } from "../support/methods.ts";
import { drained } from "../support/objects.ts";
import { connect } from "../support/sockets.ts";

const DAY_MS = 86_400_000;

/** Runs the cron as it would run at a time. */
async function runAt(time: number): Promise<void> {
  const controller = createScheduledController({ scheduledTime: new Date(time) });
  await worker.scheduled(controller, env);
}

const countKept = async (number: number): Promise<number> => (await readHistory(number)).length;

describe("every minute", () => {
  it("takes away what deleted channels left behind", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
    await postNotes(channel, ["a", "b", "c"]);
    await drained(channel);
    expect(await countKept(body.number)).toBe(3);
    await call("DELETE", `/channels/${channel}`);
    await runAt(Date.now());
    expect(await countKept(body.number)).toBe(0);
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

/** The next minute in which everything is looked after. */
const fifth = (): number => Math.ceil(Date.now() / 300_000) * 300_000;

describe("a run", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("closes a channel to strangers that could not be told so when it was", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const socket = await connect(channel, "", { key: null });
    await socket.nextOf("hello");
    vi.spyOn(ChannelObject.prototype, "refresh").mockRejectedValue(new Error("lost"));
    const changed = await call("PATCH", `/channels/${channel}`, { public: false });
    expect([changed.status, changed.body["code"]]).toEqual([503, "unavailable"]);
    vi.restoreAllMocks();
    await runAt(Date.now());
    expect((await socket.closed).code).toBe(4001);
  });

  it("makes a channel known to an object that could not be told of it", async ({ expect }) => {
    const id = await makeChannel();
    // So that its object is awake, and knows of none.
    await call("DELETE", `/channels/${id}`);
    vi.spyOn(ChannelObject.prototype, "refresh").mockRejectedValue(new Error("lost"));
    expect((await call("POST", "/channels", { id })).status).toBe(201);
    vi.restoreAllMocks();
    await runAt(Date.now());
    expect(await postNotes(id, ["a"])).toHaveLength(1);
  });

  it("tells an object of a change that the database alone knows of", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const socket = await connect(channel, "", { key: null });
    await socket.nextOf("hello");
    const at = Date.now() + 1;
    await env.DB.prepare("UPDATE channels SET public = 0, updated_at = ? WHERE id = ?")
      .bind(at, channel)
      .run();
    await runAt(fifth());
    expect((await socket.closed).code).toBe(4001);
  });

  it("does the rest of its work where one channel fails", async ({ expect }) => {
    const [first = "", second = ""] = [await makeChannel(), await makeChannel()].toSorted();
    const doomed = [await makeChannel(), await makeChannel()];
    for (const id of doomed) await postNotes(id, ["a"]);
    const numbers = await Promise.all(
      [first, second, ...doomed].map(
        async (id) => (await call<{ number: number }>("GET", `/channels/${id}`)).body.number,
      ),
    );
    for (const id of doomed) await drained(id);
    const destroy = methodOf(ChannelObject.prototype, "destroy");
    const ensure = methodOf(ChannelObject.prototype, "ensure");
    vi.spyOn(ChannelObject.prototype, "destroy").mockImplementation(function orFail(
      this: ChannelObject,
      number,
    ) {
      if (number === numbers[2]) return Promise.reject(new Error("broken"));
      return destroy.call(this, number);
    });
    const ensured: string[] = [];
    vi.spyOn(ChannelObject.prototype, "ensure").mockImplementation(function orFail(
      this: ChannelObject,
      seen,
    ) {
      const number = seen?.number ?? 0;
      if (number === numbers[0]) return Promise.reject(new Error("broken"));
      if (number === numbers[1]) ensured.push(second);
      return ensure.call(this, seen);
    });
    for (const id of doomed) await call("DELETE", `/channels/${id}`);
    await runAt(fifth());
    expect(ensured).toEqual([second]);
    const left = await env.DB.prepare("SELECT channel FROM purges WHERE channel IN (?, ?)")
      .bind(numbers[2] ?? 0, numbers[3] ?? 0)
      .all();
    expect(left.results).toEqual([{ channel: numbers[2] }]);
    vi.restoreAllMocks();
    await runAt(Date.now());
    expect(await countKept(numbers[2] ?? 0)).toBe(0);
  });
});
