import {
  deny,
  endDone,
  endWith,
  expire,
  keepState,
  type AuthorizationInput,
  type AuthorizationReaction,
  type DeviceAnswer,
  type StateOf,
} from "./authorization-state.ts";

/*
 * A log-in for a device (RFC 8628): somebody types a word on a page of the provider's, which is asked
 * meanwhile, no faster than it wants, whether that was done. Whatever is asked is on disk as asked
 * before, so that an object that is lost in the middle asks again, and knows that an answer is lost.
 */

/** No answer is waited for as long as that. */
const ANSWER_MS = 20_000;

/** RFC 8628, 3.5: who is told to slow down asks this much later from then on. */
const SLOWER_MS = 5_000;
const INTERVAL_MAX_MS = 60_000;

/** How long whose the tokens are is asked for, and how often. */
const ACCOUNT_MS = 600_000;
const ACCOUNT_EVERY_MS = 10_000;

/** The state of one that was just begun. */
export function beginWaiting(intervalMs: number, at: number): StateOf<"waiting"> {
  const kept = Math.min(Math.max(intervalMs, 1_000), INTERVAL_MAX_MS);
  return { status: "waiting", askAt: at + kept, intervalMs: kept, misses: 0 };
}

export function stepWaiting(
  state: StateOf<"waiting">,
  expiresAt: number,
  input: AuthorizationInput,
): AuthorizationReaction {
  switch (input.type) {
    case "time-passed": {
      if (isOver(state, expiresAt, input.at)) return expire();
      if (input.at < state.askAt) return keepState(state);
      // A miss until it is answered.
      const asked = { ...state, askAt: input.at + ANSWER_MS, misses: state.misses + 1 };
      return { state: asked, effects: [{ type: "device-ask" }] };
    }
    case "looked-at":
      return isOver(state, expiresAt, input.at) ? expire() : keepState(state);
    case "device-answered":
      return onAnswer(state, input.answer, input.at);
    case "exchange-failed":
      return endWith("failed", input.reason, input.detail);
    default:
      return keepState(state);
  }
}

/** When there is something to do: what was asked is answered before the time is up. */
export function findAskTime({ askAt, misses }: StateOf<"waiting">, expiresAt: number): number {
  return misses > 0 ? askAt : Math.min(askAt, expiresAt);
}

/** Is it too late? An answer that is on its way may be the one with the tokens, which come once. */
function isOver(state: StateOf<"waiting">, expiresAt: number, at: number): boolean {
  return at >= expiresAt && at >= findAskTime(state, expiresAt);
}

function onAnswer(
  state: StateOf<"waiting">,
  answer: DeviceAnswer,
  at: number,
): AuthorizationReaction {
  const { intervalMs, misses } = state;
  switch (answer.type) {
    case "pending":
      return keepState({ ...state, askAt: at + intervalMs, misses: 0 });
    case "too-fast": {
      const slower = Math.min(intervalMs + SLOWER_MS, INTERVAL_MAX_MS);
      return keepState({ ...state, askAt: at + slower, intervalMs: slower, misses: 0 });
    }
    // Each further miss is waited for twice as long.
    case "lost": {
      const waitMs = Math.min(intervalMs * 2 ** Math.min(misses, 10), INTERVAL_MAX_MS);
      return keepState({ ...state, askAt: at + waitMs });
    }
    case "denied":
      return deny();
    case "unknown":
      return describeUnknown(misses);
    case "refused":
      return endWith("failed", answer.reason, answer.detail);
    case "granted": {
      const { credentials } = answer;
      return {
        state: { status: "granted", since: at, askAt: at + ANSWER_MS },
        effects: [{ type: "credentials-keep", credentials }, { type: "account-find" }],
      };
    }
  }
}

/** The provider knows the code no more. Where an answer before was lost, that was the one. */
function describeUnknown(misses: number): AuthorizationReaction {
  if (misses > 1) {
    const detail =
      "The provider's answer was lost on its way, and it gives the tokens once. Begin the log-in again.";
    return endWith("failed", "answer_lost", detail);
  }
  const detail =
    "The code is good no more: it has run out, or was refused. Begin the log-in again.";
  return endWith("expired", "consent_expired", detail);
}

export function stepGranted(
  state: StateOf<"granted">,
  input: AuthorizationInput,
): AuthorizationReaction {
  switch (input.type) {
    case "time-passed": {
      if (input.at >= state.since + ACCOUNT_MS) {
        const detail = "The provider did not say whose account it is. Begin the log-in again.";
        return endWith("failed", "unreachable", detail);
      }
      if (input.at < state.askAt) return keepState(state);
      const asked = { ...state, askAt: input.at + ANSWER_MS };
      return { state: asked, effects: [{ type: "account-find" }] };
    }
    case "account-found": {
      const { credentials, target } = input;
      return { state, effects: [{ type: "provider-link", credentials, target }] };
    }
    case "account-unknown":
      return keepState({ ...state, askAt: input.at + ACCOUNT_EVERY_MS });
    case "exchange-failed":
      return endWith("failed", input.reason, input.detail);
    case "provider-linked":
      return endDone(input.provider);
    default:
      return keepState(state);
  }
}
