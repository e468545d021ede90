import * as fc from "fast-check";
import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/interactive-sync/index.ts";
import type { ProviderEffect, SendFailure } from "../../../../src/protocols/session.ts";
import { drive, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import answers from "../frames/answers.json";
import connection from "../frames/connection.json";
import emits from "../frames/emits.json";
import { samples, showing } from "../samples.ts";

type Doing =
  | { readonly type: "send"; readonly id: string | null }
  | { readonly type: "answer"; readonly name: keyof typeof answers }
  | { readonly type: "pace" | "answer-late" | "ok" | "emit" };

const doing: fc.Arbitrary<Doing> = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom("dawn", "dusk", "1", "2", null) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(...(Object.keys(answers) as (keyof typeof answers)[])),
    },
    { weight: 3, arbitrary: fc.constant("pace" as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("answer-late" as const, "emit" as const, "ok" as const),
    },
  )
  .map((each): Doing => {
    if (each === "pace" || each === "answer-late" || each === "emit") return { type: each };
    if (each !== null && each in answers) {
      return { type: "answer", name: each as keyof typeof answers };
    }
    return { type: "send", id: each };
  });

/** Everything that one socket did, and what became of each job. */
class Account {
  readonly issued: string[] = [];
  readonly ended = new Map<string, "confirmed" | SendFailure>();
  readonly faults: string[] = [];
  isOver = false;
  isReplaced = false;
  warnings = 0;
  #awaiting = 0;
  readonly #timers = new Set<string>();

  has(timer: string): boolean {
    return this.#timers.has(timer);
  }

  /** Something answered what was sent, if anything was. */
  hear(status: string): void {
    if (status === "warning") this.warnings += 1;
    this.#awaiting = 0;
  }

  fired(timer: string): void {
    this.#timers.delete(timer);
  }

  note(effects: readonly ProviderEffect[]): void {
    for (const effect of effects) {
      if (this.isOver) this.faults.push(`${effect.type} after the end`);
      switch (effect.type) {
        case "send-issue":
          if (this.ended.has(effect.job)) this.faults.push("issued after its end");
          this.issued.push(effect.job);
          break;
        case "frame-send":
          this.#awaiting += 1;
          if (this.#awaiting > 1) this.faults.push("two are awaited");
          if (this.warnings >= 4) this.faults.push("sent in spite of its warnings");
          if (this.#timers.has("pace")) this.faults.push("sent too soon");
          break;
        case "send-confirm":
          this.#end(effect.job, "confirmed");
          break;
        case "send-fail":
          this.#end(effect.job, effect.failure);
          break;
        case "session-fail":
          this.isOver = true;
          break;
        case "session-replace":
          this.isReplaced = true;
          break;
        case "timer-set":
          this.#timers.add(effect.timer);
          break;
        case "timer-clear":
          this.#timers.delete(effect.timer);
          break;
        default:
      }
    }
  }

  #end(job: string, outcome: "confirmed" | SendFailure): void {
    if (this.ended.has(job)) this.faults.push(`${job} ended twice`);
    this.ended.set(job, outcome);
  }
}

/** Does all of it, until the session is over. */
function run(all: readonly Doing[], handOver: string | null) {
  const session = drive(provider.open(linkTo(samples, { handOver })));
  const account = new Account();
  const jobs: string[] = [];
  account.note(session.opened());
  account.note(session.receives(connection.ok));
  for (const each of all) {
    if (account.isOver) break;
    account.note(perform(session, account, jobs, each));
  }
  return { account, jobs };
}

function perform(
  session: Driven,
  account: Account,
  jobs: string[],
  each: Doing,
): readonly ProviderEffect[] {
  switch (each.type) {
    case "send":
      jobs.push(`job-${jobs.length}`);
      return session.sends(showing(jobs.at(-1) ?? "", each.id));
    case "answer":
      account.hear(answers[each.name].status);
      return session.receives(answers[each.name]);
    case "emit":
      return session.receives(emits.input);
    case "ok":
      return session.receives(connection.ok);
    default: {
      const timer = each.type === "pace" ? "pace" : "answer";
      if (!account.has(timer)) return [];
      account.fired(timer);
      return session.fires(timer);
    }
  }
}

const handOver = fc.constantFrom(null, '{"id":"dawn"}');

describe("in whatever order sends and answers come", () => {
  it("none is sent while another is awaited, too soon, or unnoted, and none ends twice", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.array(doing, { maxLength: 60 }), handOver, (all, handed) => {
        const { account, jobs } = run(all, handed);
        expect(account.faults).toEqual([]);
        expect(new Set(account.issued).size).toBe(account.issued.length);
        // What has not ended is the one that is awaited, and the one that waits.
        const open = jobs.filter((job) => !account.ended.has(job));
        expect(open.length).toBeLessThanOrEqual(account.isOver ? 0 : 2);
        expect(account.isReplaced).toBe(account.warnings >= 4);
      }),
      { numRuns: 1000 },
    );
  });

  it("what was not issued may be tried again, unless a newer one took its place", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(doing, { maxLength: 60 }), handOver, (all, handed) => {
        const { account } = run(all, handed);
        for (const [job, outcome] of account.ended) {
          if (outcome === "confirmed" || account.issued.includes(job)) continue;
          expect(outcome.retryable).toBe(outcome.reason !== "superseded");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("the newest of all that was asked for is what is sent in the end", ({ expect }) => {
    const id = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.array(id, { minLength: 1, maxLength: 10 }), (ids) => {
        const session = drive(provider.open(linkTo(samples)));
        session.receives(connection.ok);
        const sent = ids.flatMap((each, i) => session.sends(showing(`job-${i}`, each)));
        sent.push(...session.fires("pace"), ...session.receives(answers.ok));
        const frames = sent.filter((effect) => effect.type === "frame-send");
        const { data } = JSON.parse(frames.at(-1)?.frame ?? "{}") as { data: { id: string } };
        const newest = ids.at(-1) ?? "";
        expect([newest, `${newest.slice(0, -1)}1`]).toContain(data.id);
        expect(frames.length).toBe(Math.min(ids.length, 2));
      }),
    );
  });
});
