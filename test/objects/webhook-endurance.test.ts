import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { Endpoint } from "../../src/delivery/endpoint.ts";
import type { Outcome } from "../../src/delivery/outcome.ts";
import { WebhookWorld } from "./support/webhook-world.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const well: Outcome = { type: "answered", status: 204, retryAfter: null };

/** A webhook's runtime in a world of its own, which has heard of no event yet. */
function inWorld(
  wish: Partial<Endpoint>,
  work: (world: WebhookWorld) => Promise<void>,
): Promise<void> {
  const stub = env.WEBHOOK.getByName(`endurance/${crypto.randomUUID()}`);
  return runInDurableObject(stub, async (_, { storage }) => {
    const world = new WebhookWorld(storage, wish);
    world.runtime.look();
    await world.quiet();
    await work(world);
    world.runtime.stop();
  });
}

/** So many events happen and are handed over. */
async function happen(world: WebhookWorld, count: number): Promise<void> {
  world.publish(count);
  world.handOver(0);
  await world.quiet();
}

/** All that is sent is answered so, until nothing is on its way. */
async function answerAll(world: WebhookWorld, outcome: Outcome): Promise<string[]> {
  const ids: string[] = [];
  for (let sent = world.sent[0]; sent !== undefined; sent = world.sent[0]) {
    ids.push(sent.id);
    await world.answer(0, outcome);
    world.runtime.flush();
    await world.quiet();
  }
  return ids;
}

function count(world: WebhookWorld, what: string): number {
  const [row] = world.sql
    .exec<{ count: number }>(`SELECT count(*) AS count FROM ${what}`)
    .toArray();
  return row?.count ?? 0;
}

describe("an endpoint's records", () => {
  it("are forgotten in time, though no instance of its object lives long", async ({ expect }) => {
    await inWorld({}, async (world) => {
      await happen(world, 3);
      await answerAll(world, well);
      for (let hour = 0; hour < 8 * 24; hour += 12) {
        world.now += 12 * HOUR;
        world.crash();
        await happen(world, 1);
        await answerAll(world, well);
      }
      expect(world.log.length).toBe(19);
      expect(count(world, "deliveries")).toBeLessThanOrEqual(15);
      expect(count(world, "attempts")).toBe(count(world, "deliveries"));
      const oldest = world.now - 7 * DAY - HOUR;
      expect(count(world, `deliveries WHERE settled_at < ${oldest}`)).toBe(0);
    });
  });
});

describe("a stretch of the log", () => {
  it("is not taken if that could not be written down", async ({ expect }) => {
    await inWorld({}, async (world) => {
      await happen(world, 1);
      await answerAll(world, well);
      world.sql.exec(
        `CREATE TRIGGER full BEFORE UPDATE ON meta WHEN new.key = 'mark'
         BEGIN SELECT raise(ABORT, 'full'); END`,
      );
      world.publish(1);
      expect(() => world.handOver(1)).toThrow("full");
      world.sql.exec("DROP TRIGGER full");
      world.handOver(1);
      await world.quiet();
      expect(world.sent.map(({ id }) => id)).toEqual(["epoch00000-2"]);
    });
  });
});
