import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, vi } from "vitest";

import type { Endpoint } from "../../../src/delivery/endpoint.ts";
import type { AttemptOutcome } from "../../../src/delivery/outcome.ts";
import { countPending } from "../../../src/store/queue/waiting.ts";
import { WebhookWorld } from "./support/world.ts";

const answered = (status: number): AttemptOutcome => ({
  type: "answered",
  status,
  retryAfter: null,
});

/** A webhook's runtime in a world of its own, with one event that is under way. */
function withOneSent(
  settings: Partial<Endpoint>,
  work: (world: WebhookWorld) => Promise<void>,
): Promise<void> {
  const stub = env.WEBHOOK.getByName(`unwritable/${crypto.randomUUID()}`);
  return runInDurableObject(stub, async (_, { storage }) => {
    const world = new WebhookWorld(storage, settings);
    await world.rotate(0);
    world.runtime.look();
    await world.quiet();
    world.publish(1);
    world.handOver(0);
    await world.quiet();
    await work(world);
    world.runtime.stop();
  });
}

/** Nothing can be written to a table any more, as when the object's storage is full. */
function fill({ sql }: WebhookWorld, table: string): void {
  sql.exec(`CREATE TRIGGER full_${table} BEFORE UPDATE ON ${table}
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
  sql.exec(`CREATE TRIGGER full_${table}_too BEFORE INSERT ON ${table}
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
}

function empty({ sql }: WebhookWorld, table: string): void {
  sql.exec(`DROP TRIGGER full_${table}`);
  sql.exec(`DROP TRIGGER full_${table}_too`);
}

/** Answers whatever is under way, as fast as it comes, until nothing is or it was so often. */
async function answerAll(world: WebhookWorld, outcome: AttemptOutcome): Promise<number> {
  let count = 0;
  while (world.sent.length > 0 && count < 20) {
    await world.answer(0, outcome);
    count += 1;
  }
  return count;
}

/** Time goes by until it wants to be woken. */
async function wake(world: WebhookWorld): Promise<void> {
  world.now = Math.max(world.now, world.wakeAt ?? world.now);
  world.runtime.look();
  await world.quiet();
}

describe("an endpoint whose object cannot write", () => {
  for (const table of ["deliveries", "attempts", "meta"]) {
    it(`is sent an event once, and again only after a growing wait (${table})`, async ({
      expect,
    }) => {
      await withOneSent({}, async (world) => {
        vi.spyOn(console, "error").mockReturnValue();
        fill(world, table);
        const waits: number[] = [];
        for (let round = 0; round < 4; round++) {
          expect(await answerAll(world, answered(500))).toBe(1);
          waits.push((world.wakeAt ?? Infinity) - world.now);
          await wake(world);
        }
        expect(waits).toEqual([5_000, 10_000, 20_000, 40_000]);
        empty(world, table);
        await answerAll(world, answered(204));
        await vi.waitFor(() => expect(countPending(world.sql)).toBe(0));
        expect(world.broken).toEqual([]);
        vi.restoreAllMocks();
      });
    });
  }

  it("is not sent again what it has taken, once that can be written down", async ({ expect }) => {
    await withOneSent({}, async (world) => {
      const told = vi.spyOn(console, "error").mockReturnValue();
      fill(world, "attempts");
      expect(await answerAll(world, answered(204))).toBe(1);
      await vi.waitFor(() => expect(told).toHaveBeenCalled());
      for (let round = 0; round < 5; round++) await wake(world);
      expect(world.sent).toEqual([]);
      empty(world, "attempts");
      for (let round = 0; round < 5; round++) await wake(world);
      world.runtime.flush();
      expect(world.sent).toEqual([]);
      expect(countPending(world.sql)).toBe(0);
      vi.restoreAllMocks();
    });
  });

  it("is sent nothing else meanwhile", async ({ expect }) => {
    await withOneSent({}, async (world) => {
      vi.spyOn(console, "error").mockReturnValue();
      fill(world, "attempts");
      await answerAll(world, answered(500));
      world.publish(3);
      world.handOver(0);
      await world.quiet();
      expect(world.sent).toEqual([]);
      empty(world, "attempts");
      await wake(world);
      expect(world.sent).toHaveLength(4);
      vi.restoreAllMocks();
    });
  });
});
