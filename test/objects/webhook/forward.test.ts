import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { Endpoint } from "../../../src/delivery/endpoint.ts";
import type { AttemptOutcome } from "../../../src/delivery/outcome.ts";
import { countPending } from "../../../src/store/queue/waiting.ts";
import { WebhookWorld } from "./support/world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const well: AttemptOutcome = { type: "answered", status: 204, retryAfter: null };
const broken: AttemptOutcome = { type: "answered", status: 500, retryAfter: null };
const later: AttemptOutcome = { type: "answered", status: 503, retryAfter: "36000" };

const slow: AttemptOutcome = { type: "answered", status: 500, retryAfter: "36000" };

const EVENTS = 20;
const RATE = 10;

/** A webhook's runtime in a world of its own, with so many events on their way. */
function inWorld(
  settings: Partial<Endpoint>,
  work: (world: WebhookWorld) => Promise<void>,
  events = EVENTS,
): Promise<void> {
  const stub = env.WEBHOOK.getByName(`forward/${crypto.randomUUID()}`);
  return runInDurableObject(stub, async (_, { storage }) => {
    const world = new WebhookWorld(storage, { ratePerSecond: RATE, ...settings });
    await world.rotate(0);
    world.runtime.look();
    await world.quiet();
    world.publish(events);
    world.handOver(0);
    await work(world);
    world.runtime.stop();
  });
}

/** A request that has left: which, and how long after the beginning. */
interface Left {
  readonly id: string;
  readonly afterMs: number;
}

/** Whatever leaves is answered so, for so long or until nothing waits. */
async function answerAll(
  world: WebhookWorld,
  outcome: AttemptOutcome,
  ms: number,
): Promise<Left[]> {
  const beganAt = world.now;
  const left: Left[] = [];
  world.runtime.look();
  for (;;) {
    await world.quiet();
    const [sent] = world.sent;
    if (sent !== undefined) {
      left.push({ id: sent.id, afterMs: world.now - beganAt });
      await world.answer(0, outcome);
      continue;
    }
    world.runtime.flush();
    await world.quiet();
    if (world.sent.length > 0) continue;
    const next = Math.max(world.now + 1, world.wakeAt ?? Infinity);
    if (countPending(world.sql) === 0) return left;
    world.now = Math.min(next, beganAt + ms);
    if (world.now === beganAt + ms) return left;
    world.runtime.look();
  }
}

const ids = (left: readonly Left[]): Set<string> => new Set(left.map(({ id }) => id));

/** Were they all sent at once, and yet no faster than the endpoint wants them? */
function pacesOf(left: readonly Left[]): { isSoon: boolean; isPaced: boolean } {
  const times = left.map(({ afterMs }) => afterMs);
  const isPaced = times.slice(1).every((at, index) => at - (times[index] ?? 0) >= 1_000 / RATE);
  return { isSoon: (times.at(-1) ?? Infinity) < 2 * SECOND * (EVENTS / RATE), isPaced };
}

/** Deliveries whose next try is later than in a minute. */
function countWaiting(world: WebhookWorld): number {
  const [row] = world.sql
    .exec<{ count: number }>(
      "SELECT count(*) AS count FROM deliveries WHERE status = 'pending' AND due_at > ?",
      world.now + MINUTE,
    )
    .toArray();
  return row?.count ?? 0;
}

/** The endpoint fails until ten of the twenty wait for minutes and more. */
async function failTwice(world: WebhookWorld): Promise<void> {
  while (countWaiting(world) < EVENTS / 2) await answerAll(world, broken, 5 * SECOND);
}

describe("what waits for its next try", () => {
  it.for(["none", "channel"] as const)(
    "is delivered at once, at the endpoint's pace, when a probe succeeds: ordering %s",
    async (ordering, { expect }) => {
      await inWorld({ ordering }, async (world) => {
        if (ordering === "none") await failTwice(world);
        else await answerAll(world, broken, 2 * HOUR);
        // The time of the probe comes, or that of the head of the queue.
        world.now = Math.max(world.now, world.wakeAt ?? 0);
        const left = await answerAll(world, well, 10 * SECOND);
        expect(ids(left).size).toBe(EVENTS);
        expect(pacesOf(left)).toEqual({ isSoon: true, isPaced: true });
        expect(world.broken).toEqual([]);
      });
    },
  );

  it("is delivered at once when something goes well after hours in which nothing did", async ({
    expect,
  }) => {
    // Too few to make it a failing endpoint, and so for a probe.
    const few = async (world: WebhookWorld): Promise<void> => {
      await answerAll(world, broken, 2 * HOUR);
      expect(world.runtime.view().health.state).toBe("healthy");
      expect(countWaiting(world)).toBe(2);
      world.publish(1);
      world.handOver(0);
      const left = await answerAll(world, well, 10 * SECOND);
      expect(ids(left).size).toBe(3);
      expect(pacesOf(left)).toEqual({ isSoon: true, isPaced: true });
    };
    await inWorld({}, few, 2);
  });

  it.for([
    [
      "asks for it",
      (world: WebhookWorld) => {
        world.runtime.retryWaiting(world.now);
      },
    ],
    [
      "enables it again",
      (world: WebhookWorld) => {
        world.runtime.change({ enabled: false }, world.now);
        world.runtime.change({ enabled: true }, world.now);
      },
    ],
    [
      "moves it",
      (world: WebhookWorld) => {
        world.runtime.change({ url: "https://two.example/hook" }, world.now);
      },
    ],
  ] as const)(
    "is delivered at once, at the endpoint's pace, when its owner %s, whatever it waits for",
    async ([, act], { expect }) => {
      for (const outcome of [broken, later]) {
        await inWorld({}, async (world) => {
          await answerAll(world, outcome, HOUR);
          expect(countPending(world.sql)).toBe(EVENTS);
          act(world);
          const left = await answerAll(world, well, 10 * SECOND);
          expect(ids(left).size).toBe(EVENTS);
          expect(pacesOf(left)).toEqual({ isSoon: true, isPaced: true });
          expect(world.broken).toEqual([]);
        });
      }
    },
  );

  it.for(["failed", "all"] as const)(
    "is not skipped by a recovery of %s: each event is delivered at once, and once",
    async (only, { expect }) => {
      const few = async (world: WebhookWorld): Promise<void> => {
        // The first is given up on, the other one is to be tried in ten hours.
        await answerAll(world, { type: "answered", status: 400, retryAfter: null }, SECOND / RATE);
        await answerAll(world, slow, MINUTE);
        expect([countPending(world.sql), countWaiting(world)]).toEqual([1, 1]);
        await world.runtime.recovery.begin({ after: 0, upTo: null, only }, 2);
        world.runtime.requeued();
        const left = await answerAll(world, well, 5 * SECOND);
        expect(left.map(({ id }) => id).toSorted()).toEqual(["epoch00000-1", "epoch00000-2"]);
      };
      await inWorld({}, few, 2);
    },
  );

  it("stays where it is when a recovery brings other places", async ({ expect }) => {
    const few = async (world: WebhookWorld): Promise<void> => {
      await answerAll(world, broken, 20 * MINUTE);
      expect(countWaiting(world)).toBe(2);
      await world.runtime.recovery.begin({ after: 0, upTo: null, only: "missing" }, 2);
      expect(countWaiting(world)).toBe(2);
      await world.runtime.recovery.begin({ after: 1, upTo: null, only: "all" }, 2);
      expect(countWaiting(world)).toBe(1);
      const left = await answerAll(world, broken, SECOND);
      expect([...ids(left)]).toEqual(["epoch00000-2"]);
    };
    await inWorld({}, few, 2);
  });

  it("gets one probe and no more where its owner was wrong, and loses no try by it", async ({
    expect,
  }) => {
    await inWorld({}, async (world) => {
      await answerAll(world, broken, 12 * HOUR);
      while (countWaiting(world) < EVENTS) await answerAll(world, broken, MINUTE);
      const steps = () =>
        world.sql.exec("SELECT number, step FROM deliveries ORDER BY number").toArray();
      const before = steps();
      world.runtime.retryWaiting(world.now);
      const left = await answerAll(world, broken, 2 * SECOND);
      expect(left).toHaveLength(1);
      expect(steps()).toEqual(before);
    });
  });

  it("is still due at once though the object was lost in the moment of it", async ({ expect }) => {
    await inWorld({}, async (world) => {
      await answerAll(world, broken, HOUR);
      world.runtime.retryWaiting(world.now);
      world.crash();
      const left = await answerAll(world, well, 10 * SECOND);
      expect(ids(left).size).toBe(EVENTS);
    });
  });

  it("waits for the time that its endpoint named, where only that is known to be back", async ({
    expect,
  }) => {
    await inWorld({}, async (world) => {
      await answerAll(world, slow, HOUR);
      world.publish(1);
      world.handOver(0);
      expect(ids(await answerAll(world, well, HOUR)).size).toBe(1);
    });
  });
});
