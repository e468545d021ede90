import { failSession, setTimer } from "../../effects.ts";
import type { LinkFailure } from "../../session.ts";
import { describeOutage, judge } from "./failures.ts";
import { lookLater } from "./finding.ts";
import { onTokenRefused } from "./renewing.ts";
import {
  LOOK,
  SILENCE,
  type YouTubeLink,
  type YouTubeReaction,
  type YouTubeState,
} from "./state.ts";

const MINUTE_MS = 60_000;
const FAULTS_MAX = 3;

/** The answer to a look has ended. `status`: null where there was none. */
export function onLookEnded(
  link: YouTubeLink,
  state: YouTubeState,
  { status, body, at }: { status: number | null; body: string; at: number },
): YouTubeReaction {
  const isTold = status !== null && status < 300;
  if (isTold && state.isAnswered) return { state, effects: [] };
  if (isTold || status === null) return lookAgain(state, describeOutage(status));
  const verdict = judge(status, body, at);
  switch (verdict.type) {
    case "token-refused":
      return onTokenRefused(link, state);
    case "too-fast":
      return { state, effects: lookLater(state, at, 2 * MINUTE_MS) };
    case "fail":
      return { state, effects: [failSession(verdict.failure)] };
    default:
      return lookAgain(state, describeOutage(status));
  }
}

/** A look came to nothing. */
function lookAgain(state: YouTubeState, failure: LinkFailure): YouTubeReaction {
  const { faults } = state;
  if (faults >= FAULTS_MAX) return { state, effects: [failSession(failure)] };
  const retry = setTimer(LOOK, 1_000 * 2 ** faults);
  return {
    state: { ...state, faults: faults + 1 },
    effects: [retry, setTimer(SILENCE, 10 * MINUTE_MS)],
  };
}
