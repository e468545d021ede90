import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { AttemptOutcome } from "../../../src/delivery/outcome.ts";
import { findDelivery } from "../../../src/store/queue/deliveries.ts";
import { listRecoveries } from "../../../src/store/queue/recoveries.ts";
import { WebhookWorld } from "./support/world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RUNS = 30;

/** What can happen to a webhook, in an order that nobody chooses. */
type Turn = (world: WebhookWorld) => Promise<void> | void;

class Command implements fc.AsyncCommand<object, WebhookWorld> {
  readonly #name: string;
  readonly #turn: Turn;

  constructor(name: string, turn: Turn) {
    this.#name = name;
    this.#turn = turn;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, world: WebhookWorld): Promise<void> {
    await this.#turn(world);
    await world.quiet();
    holds(world);
  }

  toString(): string {
    return this.#name;
  }
}

const command = (name: string, turn: Turn): Command => new Command(name, turn);

const outcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constant({ type: "answered", status: 204, retryAfter: null } as const),
  },
  fc
    .constantFrom(400, 404, 408, 409, 429, 500, 503)
    .chain((status) =>
      fc
        .constantFrom(null, "1", "60", "7200")
        .map((retryAfter) => ({ type: "answered", status, retryAfter }) as const),
    ),
  fc
    .constantFrom("timeout" as const, "connection" as const, "internal" as const)
    .map((fault) => ({ type: "failed", fault }) as const),
);
const gone: AttemptOutcome = { type: "answered", status: 410, retryAfter: null };
const well: AttemptOutcome = { type: "answered", status: 204, retryAfter: null };

/** Time goes on; whoever asked to be woken by then is. */
function pass(world: WebhookWorld, ms: number): void {
  world.now += ms;
  if (world.wakeAt !== null && world.wakeAt <= world.now) world.runtime.look();
}

const handed = fc
  .record({ count: fc.integer({ min: 1, max: 4 }), back: fc.nat(5) })
  .map(({ count, back }) =>
    command(`${count} events, handed over from ${back} before`, (world) => {
      world.publish(count);
      world.handOver(back);
    }),
  );

const answers = fc
  .record({ place: fc.nat(4), answer: outcome })
  .map(({ place, answer }) =>
    command(`request ${place} is answered ${JSON.stringify(answer)}`, (world) =>
      world.answer(place, answer),
    ),
  );

const commands = [
  // What happens most of the time, most of the time.
  handed,
  handed,
  handed,
  answers,
  answers,
  answers,
  answers,
  fc.constant(command("the object is lost before the record", (world) => world.crash())),
  fc.constant(
    command("the object is lost between an answer and its record", (world) => {
      const [sent] = world.sent;
      if (sent !== undefined) world.accepted.add(sent.id);
      sent?.answer(well);
      world.crash();
    }),
  ),
  fc.constant(
    command("the object is lost after the record", (world) => {
      world.runtime.flush();
      world.crash();
    }),
  ),
  fc.constant(
    command("the alarm goes off twice", (world) => {
      world.runtime.look();
      world.runtime.look();
    }),
  ),
  fc
    .integer({ min: 1, max: 20_000 })
    .map((ms) => command(`${ms} ms pass`, (world) => pass(world, ms))),
  fc
    .integer({ min: -2, max: 30 })
    .map((hours) => command(`the clock jumps by ${hours} h`, (world) => pass(world, hours * HOUR))),
  fc
    .constantFrom(0, HOUR)
    .map((grace) =>
      command(`the secret is rotated, grace ${grace}`, (world) => world.rotate(grace)),
    ),
  fc.constantFrom("https://one.example/hook", "https://two.example/hook").map((url) =>
    command(`it moves to ${url}`, (world) => {
      world.runtime.change({ url }, world.now);
      world.runtime.look();
    }),
  ),
  fc.constantFrom(null, 2, 50).map((ratePerSecond) =>
    command(`its rate is ${ratePerSecond}`, (world) => {
      world.runtime.change({ ratePerSecond }, world.now);
      world.runtime.look();
    }),
  ),
  fc.constantFrom(true, true, true, false).map((enabled) =>
    command(enabled ? "it is enabled" : "it is disabled", (world) => {
      world.runtime.change({ enabled }, world.now);
      world.runtime.look();
    }),
  ),
  fc.constant(
    command("it is disabled while a delivery is made ready", (world) => {
      world.publish(2);
      world.handOver(0);
      world.runtime.change({ enabled: false }, world.now);
    }),
  ),
  fc.constant(
    command("its owner says that it is well", (world) => {
      if (world.runtime.endpoint.enabled) world.runtime.retryWaiting(world.now);
    }),
  ),
  fc.constant(command("it says that it is gone", (world) => world.answer(0, gone))),
  fc
    .record({ after: fc.nat(10), only: fc.constantFrom("failed", "missing", "all") })
    .map(({ after, only }) =>
      command(`a recovery of ${only} after ${after}`, async (world) => {
        if (!world.runtime.endpoint.enabled) return;
        const asked = { after, upTo: null, only };
        await world.runtime.recovery.begin(asked, world.runtime.intake.takenTo ?? 0);
        world.runtime.requeued();
      }),
    ),
];

/** What must hold after every turn. */
function holds(world: WebhookWorld): void {
  const { sql, broken } = world;
  const holes = sql
    .exec<{ delivery: number }>(
      `SELECT d.number AS delivery FROM deliveries AS d
       LEFT JOIN attempts AS a ON a.delivery = d.number GROUP BY d.number
       HAVING count(a.number) <> d.attempts OR coalesce(max(a.number), 0) <> d.attempts`,
    )
    .toArray();
  for (const { delivery } of holes) broken.push(`attempts of ${delivery} have holes`);
  const isEnabled = world.runtime.endpoint.enabled;
  if (isEnabled && pending(world) > 0 && !world.isBusy && world.wakeAt === null) {
    broken.push("work waits, and nothing will wake it");
  }
  if (world.wakeAt !== null && !world.isBusy && world.wakeAt <= world.now) {
    broken.push("it waits for the past");
  }
  if (broken.length > 0) throw new Error(broken.join("; "));
}

function pending(world: WebhookWorld): number {
  const [row] = world.sql
    .exec<{ count: number }>("SELECT count(*) AS count FROM deliveries WHERE status = 'pending'")
    .toArray();
  return row?.count ?? 0;
}

/** From here on all goes well: whatever is owed arrives. */
async function goWell(world: WebhookWorld): Promise<void> {
  if (!world.runtime.endpoint.enabled) world.runtime.change({ enabled: true }, world.now);
  world.runtime.look();
  for (let turn = 0; turn < 2_000; turn++) {
    await world.quiet();
    if (world.sent.length > 0) {
      await world.answer(0, well);
      continue;
    }
    world.runtime.flush();
    await world.quiet();
    if (world.sent.length > 0) continue;
    const isDone = pending(world) === 0 && unended(world) === 0;
    if (isDone) return;
    world.now = Math.max(world.now + 1, Math.min(world.wakeAt ?? Infinity, world.now + DAY));
    world.runtime.look();
  }
  throw new Error("what is owed does not arrive");
}

function unended(world: WebhookWorld): number {
  return listRecoveries(world.sql, Number.MAX_SAFE_INTEGER, 1_000).filter(
    ({ endedAt }) => endedAt === null,
  ).length;
}

/** Every delivery was taken by the receiver, or it is on record why it was given up on. */
function nothingIsLost(world: WebhookWorld): void {
  const numbers = world.sql.exec<{ number: number }>("SELECT number FROM deliveries").toArray();
  for (const { number } of numbers) {
    const delivery = findDelivery(world.sql, number);
    if (delivery?.status === "succeeded" && world.accepted.has(delivery.messageId ?? "")) continue;
    if (delivery?.status === "failed" && delivery.why !== null) continue;
    throw new Error(`lost: ${JSON.stringify(delivery)}`);
  }
  const covered = new Set<number>();
  for (const { number } of numbers) {
    for (const seq of findDelivery(world.sql, number)?.seqs ?? []) covered.add(seq);
  }
  const spans = world.sql
    .exec<{ from_seq: number; to_seq: number }>("SELECT from_seq, to_seq FROM spans")
    .toArray();
  for (const { from_seq: from, to_seq: to } of spans) {
    for (let seq = from + 1; seq <= to; seq++) {
      if (!covered.has(seq)) throw new Error(`event ${seq} was taken, and is nowhere`);
    }
  }
}

describe.for([
  ["as they come", {}],
  ["in the order of the channel", { ordering: "channel" }],
  ["in batches", { batch: { max: 3, waitMs: 1_000 } }],
  ["in batches and in order", { ordering: "channel", batch: { max: 3, waitMs: 1_000 } }],
] as const)("deliveries %s", ([, asked]) => {
  it("keep every promise, whatever happens in whatever order", async ({ expect }) => {
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: "max" }), async (turns) => {
        worlds += 1;
        const stub = env.WEBHOOK.getByName(`model/${crypto.randomUUID()}`);
        await runInDurableObject(stub, async (_, { storage }) => {
          const world = new WebhookWorld(storage, { ...asked });
          await world.rotate(0);
          world.runtime.look();
          await world.quiet();
          await fc.asyncModelRun(() => ({ model: {}, real: world }), turns);
          await goWell(world);
          holds(world);
          nothingIsLost(world);
          world.runtime.stop();
        });
      }),
      { numRuns: RUNS },
    );
    expect(worlds).toBeGreaterThanOrEqual(RUNS);
  }, 120_000);
});
