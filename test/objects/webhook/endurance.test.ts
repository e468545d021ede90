import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { Endpoint } from "../../../src/delivery/endpoint.ts";
import type { AttemptOutcome } from "../../../src/delivery/outcome.ts";
import { countPending } from "../../../src/store/queue/waiting.ts";
import { WebhookWorld } from "./support/world.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const well: AttemptOutcome = { type: "answered", status: 204, retryAfter: null };
const refused: AttemptOutcome = { type: "answered", status: 400, retryAfter: null };

/** A webhook's runtime in a world of its own, which has heard of no event yet. */
function inWorld(
  settings: Partial<Endpoint>,
  work: (world: WebhookWorld) => Promise<void>,
): Promise<void> {
  const stub = env.WEBHOOK.getByName(`endurance/${crypto.randomUUID()}`);
  return runInDurableObject(stub, async (_, { storage }) => {
    const world = new WebhookWorld(storage, settings);
    await world.rotate(0);
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

/** What was sent first is answered so, and the next is sent. */
async function answerOne(world: WebhookWorld, outcome: AttemptOutcome): Promise<void> {
  await world.answer(0, outcome);
  world.runtime.flush();
  world.now += 20;
  world.runtime.look();
  await world.quiet();
}

/** All that is sent is answered so, until nothing is on its way. */
async function answerAll(world: WebhookWorld, outcome: AttemptOutcome): Promise<string[]> {
  const ids: string[] = [];
  for (let sent = world.sent[0]; sent !== undefined; sent = world.sent[0]) {
    ids.push(sent.id);
    await answerOne(world, outcome);
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

describe("a range of the log", () => {
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

describe("a recovery", () => {
  it("brings what was given up on, be it ever so much", async ({ expect }) => {
    await inWorld({ batch: { max: 500, waitMs: 0 } }, async (world) => {
      await happen(world, 1);
      await answerAll(world, refused);
      // As many more, as a dead endpoint leaves them in days.
      world.sql.exec(
        `WITH RECURSIVE place (seq) AS (SELECT 2 UNION ALL SELECT seq + 1 FROM place LIMIT 400000)
         INSERT INTO deliveries SELECT NULL, lane, kind, message_id || seq, min(seq), max(seq),
           json_group_array(seq), 1, NULL, status, why, 1, 1, 0, 0, 0, 0, settled_at, NULL, NULL
         FROM place, deliveries GROUP BY seq / 100000`,
      );
      const upTo = 400_001;
      await world.runtime.recovery.begin({ after: 0, upTo, only: "failed" }, upTo);
      world.runtime.requeued();
      await world.quiet();
      expect(countPending(world.sql)).toBeGreaterThan(0);
    });
  });

  it("that was called off has still brought what it had brought", async ({ expect }) => {
    await inWorld({ ordering: "channel" }, async (world) => {
      const { intake, recovery } = world.runtime;
      world.publish(9);
      intake.beginAt(9);
      const job = await recovery.begin({ after: 0, upTo: 9, only: "missing" }, 9);
      world.runtime.requeued();
      await world.quiet();
      for (let place = 1; place <= 3; place++) await answerOne(world, well);
      recovery.cancel(job.number);
      world.runtime.requeued();
      // What was under way still arrives.
      expect(await answerAll(world, well)).toEqual(["epoch00000-4"]);
      await recovery.begin({ after: 0, upTo: 9, only: "missing" }, 9);
      world.runtime.requeued();
      await world.quiet();
      const again = [5, 6, 7, 8, 9].map((place) => `epoch00000-${place}`);
      expect(await answerAll(world, well)).toEqual(again);
    });
  });
});

describe("a webhook whose channel is gone", () => {
  it("finds out by itself", async ({ expect }) => {
    await inWorld({}, async (world) => {
      await happen(world, 1);
      await world.answer(0, { type: "answered", status: 500, retryAfter: null });
      world.isChannelGone = true;
      world.now += HOUR;
      world.runtime.look();
      await world.quiet();
      expect(world.broken).toContain("it took itself for an orphan");
    });
  });
});

describe("an endpoint's rate", () => {
  it("is kept though the object is put away in between", async ({ expect }) => {
    await inWorld({ ratePerSecond: 0.01 }, async (world) => {
      await happen(world, 2);
      expect(await answerAll(world, well)).toEqual(["epoch00000-1"]);
      world.now += 90_000;
      world.crash();
      await world.quiet();
      expect(world.sent).toEqual([]);
      world.now += 10_000;
      world.runtime.look();
      await world.quiet();
      expect(await answerAll(world, well)).toEqual(["epoch00000-2"]);
    });
  });

  it("holds nothing up by a clock that went back", async ({ expect }) => {
    await inWorld({}, async (world) => {
      await happen(world, 1);
      await answerAll(world, well);
      world.now -= HOUR;
      await happen(world, 1);
      expect(await answerAll(world, well)).toEqual(["epoch00000-2"]);
    });
  });
});

describe("a secret that was replaced", () => {
  it("signs until its grace is over, and no longer", async ({ expect }) => {
    await inWorld({}, async (world) => {
      const signatures = () => world.sent[0]?.headers["webhook-signature"]?.split(" ").length;
      await world.rotate(HOUR);
      world.now += HOUR - 1;
      await happen(world, 1);
      expect(signatures()).toBe(4);
      await answerAll(world, well);
      world.now += HOUR;
      await happen(world, 1);
      expect(signatures()).toBe(2);
      await answerAll(world, well);
    });
  });

  it("leaves nothing unsigned where it was the last", async ({ expect }) => {
    await inWorld({}, async (world) => {
      world.sql.exec("DELETE FROM meta WHERE key = 'keys'");
      world.crash();
      await happen(world, 1);
      expect(world.sent).toEqual([]);
      expect(world.sql.exec("SELECT record ->> '$.class' AS class FROM attempts").one()).toEqual({
        class: "ours",
      });
    });
  });
});

describe("an address", () => {
  it("is looked at again before each delivery", async ({ expect }) => {
    await inWorld({}, async (world) => {
      await happen(world, 1);
      await answerAll(world, well);
      world.problem = "resolves to a private address";
      await happen(world, 1);
      expect(world.sent).toEqual([]);
      expect(
        world.sql.exec("SELECT record ->> '$.reason' AS reason FROM attempts").toArray(),
      ).toEqual([{ reason: "accepted" }, { reason: "address_refused" }]);
    });
  });
});
