import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { HubCalls, LogBatch } from "../../../src/calls/hub.ts";
import type { Group } from "../../../src/event/group.ts";
import { HubFanout } from "../../../src/objects/channel/hub-fanout.ts";
import { makeChannel } from "../../support/api.ts";
import { EPOCH, numbered, said } from "../../support/samples.ts";

/** A call that a hub has been made, and how it is to end. */
interface Taken {
  readonly batch: LogBatch;
  readonly end: (isFollowed: boolean) => void;
  readonly fail: () => void;
}

/** A hub that takes calls one at a time and lets a test say how each ends. */
function patientHub() {
  const calls: Taken[] = [];
  const waiting: ((taken: Taken) => void)[] = [];
  const hub: HubCalls = {
    deliver: (_channel, _epoch, batch) =>
      new Promise((resolve, reject) => {
        const taken = { batch, end: resolve, fail: () => reject(new Error("the hub is away")) };
        const next = waiting.shift();
        if (next === undefined) calls.push(taken);
        else next(taken);
      }),
    ensure: () => Promise.resolve(),
    gone: () => Promise.resolve(),
    changed: () => Promise.resolve(),
    population: () => Promise.reject(new Error("the hub is away")),
    dismiss: () => Promise.resolve(),
    handOver: () => Promise.resolve(),
  };
  const next = (): Promise<Taken> => {
    const taken = calls.shift();
    return taken === undefined
      ? new Promise((resolve) => waiting.push(resolve))
      : Promise.resolve(taken);
  };
  return { hub, calls, next };
}

const ground = { number: 1, public: false, updatedAt: 1 };

const groupOf = (seq: number, text = "hello"): Group => ({
  from: seq - 1,
  to: seq,
  events: [numbered(said(`m-${seq}`, text), seq)],
});

/** Lines of a channel's object to hubs of the test's own. */
async function withLines(
  work: (
    lines: HubFanout,
    at: (head: number) => void,
    told: ReturnType<typeof patientHub>,
  ) => unknown,
): Promise<void> {
  const stub = env.CHANNEL.getByName(await makeChannel());
  await runInDurableObject(stub, async (_, ctx) => {
    const told = patientHub();
    let head = 0;
    const lines = new HubFanout({
      ctx,
      channel: { id: "demo", epoch: EPOCH },
      hub: () => told.hub,
      head: () => head,
      ground: () => ground,
      changed: () => {},
    });
    lines.attach("hub-0", 1, Date.now());
    await work(lines, (at) => (head = at), told);
    lines.detach("hub-0", Number.MAX_SAFE_INTEGER);
  });
}

describe("telling a hub", () => {
  it("goes on while the last call is under way, and takes what gathers in one", ({ expect }) =>
    withLines(async (lines, _at, { next, calls }) => {
      lines.publish(groupOf(1));
      const first = await next();
      expect(first.batch).toMatchObject({ from: 0, to: 1 });
      for (const seq of [2, 3, 4]) lines.publish(groupOf(seq));
      expect(calls).toEqual([]);
      first.end(true);
      const second = await next();
      expect(second.batch).toMatchObject({ from: 1, to: 4 });
      expect(second.batch.texts.map((text) => (JSON.parse(text) as { id: string }).id)).toEqual(
        [2, 3, 4].map((seq) => `${EPOCH}-${seq}`),
      );
      second.end(true);
    }));

  it("keeps little for one that is slow: it is told how far the log is, and reads it", ({
    expect,
  }) =>
    withLines(async (lines, at, { next }) => {
      lines.publish(groupOf(1));
      const first = await next();
      for (let seq = 2; seq <= 200; seq++) lines.publish(groupOf(seq, "x".repeat(10_000)));
      at(200);
      first.end(true);
      const second = await next();
      expect(second.batch).toEqual({ from: 200, to: 200, texts: [], raws: [], ground });
      lines.publish(groupOf(201));
      second.end(true);
      const third = await next();
      expect(third.batch).toMatchObject({ from: 200, to: 201 });
      third.end(true);
    }));

  it("that is away is tried again, and told how far the log is by then", ({ expect }) =>
    withLines(async (lines, at, { next }) => {
      lines.publish(groupOf(1));
      (await next()).fail();
      for (const seq of [2, 3]) lines.publish(groupOf(seq));
      at(3);
      const again = await next();
      expect(again.batch).toEqual({ from: 3, to: 3, texts: [], raws: [], ground });
      again.end(true);
    }));

  it("ends where it follows no more, unless it has come anew in the meantime", ({ expect }) =>
    withLines(async (lines, _at, { next }) => {
      lines.publish(groupOf(1));
      const first = await next();
      lines.attach("hub-0", 2, Date.now());
      first.end(false);
      lines.detach("hub-0", 1);
      expect(lines.count).toBe(1);
      lines.publish(groupOf(2));
      (await next()).end(false);
      await Promise.resolve();
      await Promise.resolve();
      lines.publish(groupOf(3));
      lines.detach("hub-0", 2);
      expect(lines.count).toBe(0);
      expect(lines.expiresAt).toBeNull();
    }));

  it("says nothing of sockets of a hub that cannot be asked", ({ expect }) =>
    withLines(async (lines) => {
      expect(await lines.populations()).toEqual([]);
    }));
});
