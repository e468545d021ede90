import { grant, refuse } from "../event/answer.ts";
import type { ChannelInput, ChannelState, Decision, Placed } from "./channel.ts";

/** An input's end. */
export interface InputOutcome {
  readonly placed: Placed;
  /** The error that was thrown, where the fault is the relay's own; null otherwise. */
  readonly error: unknown;
}

/** How many places of the log an input is answered with. */
export function countEvents(input: ChannelInput): number {
  return input.type === "drafts-observed" ? input.drafts.length : 0;
}

/** The outcome of each input of a decision, in their order. */
export function listOutcomes(
  inputs: readonly ChannelInput[],
  { places, refusals }: Decision,
): InputOutcome[] {
  let next = 0;
  return inputs.map((input, index) => {
    const refusal = refusals?.get(index);
    if (refusal !== undefined) {
      return { placed: refuse("invalid_input", refusal.problem), error: refusal.error };
    }
    const from = next;
    next += countEvents(input);
    return { placed: grant(places.slice(from, next)), error: null };
  });
}

/** Refuses so many inputs over a failure of the relay's own, and changes nothing. */
export function refuseAll(state: ChannelState, count: number, error: unknown): Decision {
  const refusal = { problem: "this cannot be made an event", error };
  const refusals = new Map(Array.from({ length: count }, (_, index) => [index, refusal]));
  return { state, effects: [], places: [], refusals };
}
