/*
 * The outcomes of a send, target by target. Pure.
 */
import type { StreamEvent } from "./event-types.ts";
import type { SendOutcome } from "./types.ts";

/** The outcomes of a send so far. Null as targets: nobody has said yet who they are. */
export interface Outcomes {
  readonly targets: readonly string[] | null;
  readonly ended: ReadonlyMap<string, SendOutcome>;
}

export const NO_OUTCOMES: Outcomes = { targets: null, ended: new Map() };

/** Adds the outcomes that an event tells of a send: each target ends once. */
export function addOutcomes(outcomes: Outcomes, sendId: string, event: StreamEvent): Outcomes {
  if (event.type !== "send.confirmed" && event.type !== "send.failed") return outcomes;
  const { data } = event;
  if (data.sendId !== sendId) return outcomes;
  const ended = new Map(outcomes.ended);
  for (const target of data.targets) {
    if (ended.has(target)) continue;
    const { reason = "unknown", retryable = false, retryAfter } = data;
    ended.set(
      target,
      event.type === "send.confirmed"
        ? { target, ok: true }
        : { target, ok: false, reason, retryable, ...(retryAfter !== undefined && { retryAfter }) },
    );
  }
  return { ...outcomes, ended };
}

/** Has every target ended? */
export function isSettled({ targets, ended }: Outcomes): boolean {
  return targets !== null && targets.every((target) => ended.has(target));
}

/** Ends what has not ended: what became of it cannot be known any more. */
export function giveUp({ targets, ended }: Outcomes): Outcomes {
  const left = (targets ?? []).filter((target) => !ended.has(target));
  const unknown = left.map((target): [string, SendOutcome] => [
    target,
    { target, ok: false, reason: "outcome_unknown", retryable: false },
  ]);
  return { targets, ended: new Map([...ended, ...unknown]) };
}
