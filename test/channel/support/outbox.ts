import type { Job } from "../../../src/channel/job.ts";
import {
  decideOutbox,
  EMPTY_OUTBOX,
  type OutboxEffect,
  type OutboxInput,
} from "../../../src/channel/outbox.ts";

export const P = "p_1";

type Effects = readonly OutboxEffect[];

/** Named ends: the job, and why it failed; null where it was confirmed. */
type End = readonly [string, string | null];

export function job(id: string, given: Partial<Job> = {}): Job {
  return {
    id,
    sendId: id,
    identifier: "dlive:otterbrook",
    platform: "dlive",
    providerId: P,
    provider: "dlive",
    content: { kind: "chat", style: "text", text: id },
    sender: "somebody",
    phase: "queued",
    at: 1_000_000,
    ...given,
  };
}

/** An outbox in the hands of a test, with a clock that the test moves. */
export function outbox() {
  let state = EMPTY_OUTBOX;
  const box = {
    at: 1_000_000,
    handle(input: OutboxInput): Effects {
      const decision = decideOutbox(state, input);
      state = decision.state;
      return decision.effects;
    },
    asks: (...jobs: Job[]) =>
      box.handle({ type: "jobs-asked", jobs, latestOnly: false, at: box.at }),
    shows: (...jobs: Job[]) =>
      box.handle({ type: "jobs-asked", jobs, latestOnly: true, at: box.at }),
    restores: (...jobs: Job[]) => box.handle({ type: "jobs-restored", jobs, at: box.at }),
    opens: (providerId: string, paceMs: number) =>
      box.handle({ type: "line-opened", providerId, paceMs, at: box.at }),
    closes: (providerId: string) => box.handle({ type: "line-closed", providerId, at: box.at }),
    issued: (id: string) => box.handle({ type: "job-issued", job: id, at: box.at }),
    askedApart: (id: string) => box.handle({ type: "job-asked", job: id, at: box.at }),
    confirmed: (id: string) => box.handle({ type: "job-confirmed", job: id, at: box.at }),
    fails: (id: string, reason: string) =>
      box.handle({
        type: "job-failed",
        job: id,
        failure: { reason, retryable: false },
        at: box.at,
      }),
    passes: () => box.handle({ type: "time-passed", at: box.at }),
    jobs: () => state.jobs.map(({ id }) => id),
    /** The senders served at a provider's account, the last one last. */
    served: (providerId: string, identifier: string) =>
      state.lines[providerId]?.accounts[identifier]?.served ?? [],
    /** The accounts of a provider of which it is known whose turn it is. */
    accounts: (providerId: string) => Object.keys(state.lines[providerId]?.accounts ?? {}),
    /** The providers of which it is known whose turn it is. */
    lines: () => Object.keys(state.lines),
    offered: (effects: Effects): string[] =>
      effects.flatMap((effect) => (effect.type === "job-offer" ? [effect.job.id] : [])),
    /** The sends that are told of as taken on. */
    accepts: (effects: Effects): string[] =>
      effects.flatMap((effect) =>
        effect.type === "jobs-accept" ? effect.jobs.map(({ id }) => id) : [],
      ),
    ends: (effects: Effects): End[] =>
      effects.flatMap((effect): End[] =>
        effect.type === "job-end"
          ? [[effect.job.id, effect.outcome.confirmed ? null : effect.outcome.reason]]
          : [],
      ),
  };
  return box;
}
