import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { HubCalls, HubPlace, LogBatch } from "../../../src/calls/hub.ts";
import type { Group } from "../../../src/event/group.ts";
import { HubFanout } from "../../../src/objects/channel/hub-fanout.ts";
import { LogFollowers } from "../../../src/objects/channel/log-followers.ts";
import { makeChannel } from "../../support/api.ts";
import { EPOCH, numbered, said } from "../../support/samples.ts";

/** A call that a hub has been made, and how it is to end. */
interface Taken {
  readonly batch: LogBatch;
  readonly end: (answer: HubPlace | boolean | null) => void;
  readonly fail: () => void;
}

/** A hub that takes calls one at a time and lets a test say how each ends. */
function patientHub() {
  const calls: Taken[] = [];
  const waiting: ((taken: Taken) => void)[] = [];
  const hub: HubCalls = {
    deliver: (_channel, _epoch, batch) =>
      new Promise((resolve, reject) => {
        const taken = {
          batch,
          // One that was deployed before answers with a boolean.
          end: resolve as (answer: HubPlace | boolean | null) => void,
          fail: () => reject(new Error("the hub is away")),
        };
        const next = waiting.shift();
        if (next === undefined) calls.push(taken);
        else next(taken);
      }),
    ensure: () => Promise.resolve({ sockets: 0, channels: 0 }),
    gone: () => Promise.resolve(),
    changed: () => Promise.resolve(),
    population: () => Promise.reject(new Error("the hub is away")),
    sockets: () => Promise.reject(new Error("the hub is away")),
    endSocket: () => Promise.reject(new Error("the hub is away")),
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

interface Told {
  readonly hubs: HubFanout;
  readonly publish: (group: Group) => void;
  readonly told: ReturnType<typeof patientHub>;
}

/** The hubs of a channel, of which there is one, of the test's own. */
async function withHub(work: (told: Told) => unknown): Promise<void> {
  const stub = env.CHANNEL.getByName(await makeChannel());
  await runInDurableObject(stub, async (_, { storage }) => {
    const told = patientHub();
    const followers = new LogFollowers({
      epoch: EPOCH,
      head: () => 0,
      reader: {
        resume: async ({ seq }) => ({ from: seq, gap: null }),
        next: () => Promise.reject(new Error("everything is in memory")),
      },
    });
    const host = {
      storage,
      followers,
      channel: { id: "demo", epoch: EPOCH },
      hub: () => told.hub,
      ground: () => ground,
      changed: () => {},
      given: () => {},
    };
    const hubs = new HubFanout(host);
    hubs.attach("hub-0", 1, null, Date.now());
    await work({ hubs, publish: (group) => followers.publish(group), told });
    hubs.detach("hub-0", Number.MAX_SAFE_INTEGER);
  });
}

const nothing = (at: number): LogBatch => ({ from: at, to: at, texts: [], raws: [], ground });

describe("telling a hub", () => {
  it("goes on while the last call is under way, and takes what gathers in one", ({ expect }) =>
    withHub(async ({ publish, told: { next, calls } }) => {
      publish(groupOf(1));
      const first = await next();
      expect(first.batch).toMatchObject({ from: 0, to: 1 });
      for (const seq of [2, 3, 4]) publish(groupOf(seq));
      expect(calls).toEqual([]);
      first.end({ at: 1 });
      const second = await next();
      expect(second.batch).toMatchObject({ from: 1, to: 4 });
      expect(second.batch.texts.map((text) => (JSON.parse(text) as { id: string }).id)).toEqual(
        [2, 3, 4].map((seq) => `${EPOCH}-${seq}`),
      );
      second.end({ at: 4 });
    }));

  it("is no more at once than a socket takes, however much has gathered", ({ expect }) =>
    withHub(async ({ publish, told: { next } }) => {
      publish(groupOf(1));
      const first = await next();
      for (let seq = 2; seq <= 200; seq++) publish(groupOf(seq, "x".repeat(10_000)));
      let at = 1;
      first.end({ at });
      while (at < 200) {
        const { batch, end } = await next();
        expect(batch.from).toBe(at);
        expect(batch.texts.join("").length).toBeLessThanOrEqual(64 * 1024);
        at = batch.to;
        end({ at });
      }
    }));

  it("that is away is tried again, and asked where it is", ({ expect }) =>
    withHub(async ({ publish, told: { next } }) => {
      publish(groupOf(1));
      (await next()).fail();
      for (const seq of [2, 3]) publish(groupOf(seq));
      const again = await next();
      expect(again.batch).toEqual(nothing(3));
      again.end({ at: 1 });
      const rest = await next();
      expect(rest.batch).toMatchObject({ from: 1, to: 3 });
      rest.end({ at: 3 });
    }));

  it("goes on from where the hub says it is, whatever was taken for granted", ({ expect }) =>
    withHub(async ({ hubs, publish, told: { next } }) => {
      for (const seq of [1, 2, 3]) publish(groupOf(seq));
      const first = await next();
      first.end({ at: 3 });
      publish(groupOf(4));
      (await next()).end({ at: 2 });
      const second = await next();
      expect(second.batch).toMatchObject({ from: 2, to: 4 });
      second.end({ at: 4 });
      hubs.attach("hub-0", 1, 1, Date.now());
      const third = await next();
      expect(third.batch).toMatchObject({ from: 1, to: 4 });
      third.end({ at: 4 });
    }));

  it("asks after a restart where it is, and nothing where all is well", ({ expect }) =>
    withHub(async ({ hubs, told: { next, calls } }) => {
      hubs.nudge();
      const first = await next();
      expect(first.batch).toEqual(nothing(0));
      first.end({ at: 0 });
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(calls).toEqual([]);
    }));

  it("ends where it follows no more, unless it has come anew in the meantime", ({ expect }) =>
    withHub(async ({ hubs, publish, told: { next } }) => {
      publish(groupOf(1));
      const first = await next();
      hubs.attach("hub-0", 2, null, Date.now());
      first.end(null);
      hubs.detach("hub-0", 1);
      expect(hubs.count).toBe(1);
      publish(groupOf(2));
      (await next()).end(null);
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(hubs.count).toBe(0);
      expect(hubs.expiresAt).toBeNull();
    }));

  it("knows one that was deployed before by its answer, and leaves the holes to it", ({ expect }) =>
    withHub(async ({ hubs, publish, told: { next } }) => {
      publish(groupOf(1));
      (await next()).end(true);
      publish(groupOf(2));
      const second = await next();
      expect(second.batch).toMatchObject({ from: 1, to: 2 });
      second.end(false);
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(hubs.count).toBe(0);
    }));

  it("goes to hubs that were written down before, for as long as they counted then", ({ expect }) =>
    withHub(async ({ hubs, told }) => {
      const stub = env.CHANNEL.getByName(await makeChannel());
      expect(hubs.expiresAt).not.toBeNull();
      await runInDurableObject(stub, async (_, { storage }) => {
        storage.sql.exec("INSERT INTO hubs (hub, term, expires_at) VALUES ('hub-1', 7, 1000)");
        const followers = new LogFollowers({
          epoch: EPOCH,
          head: () => 5,
          reader: {
            resume: async ({ seq }) => ({ from: seq, gap: null }),
            next: () => Promise.reject(new Error("everything is in memory")),
          },
        });
        const restored = new HubFanout({
          storage,
          followers,
          channel: { id: "demo", epoch: EPOCH },
          hub: () => told.hub,
          ground: () => ground,
          changed: () => {},
          given: () => {},
        });
        expect(restored.expiresAt).toBe(1_000);
        followers.publish(groupOf(6));
        const first = await told.next();
        expect(first.batch).toMatchObject({ from: 5, to: 6 });
        first.end({ at: 6 });
        restored.expire(1_000);
        expect(restored.count).toBe(0);
      });
    }));

  it("says nothing of sockets of a hub that cannot be asked", ({ expect }) =>
    withHub(async ({ hubs }) => {
      expect(await hubs.populations()).toEqual([]);
    }));
});
