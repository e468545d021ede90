import { computePaceMs } from "../../../event/quota.ts";
import { clearTimer, failSession, setTimer } from "../../effects.ts";
import type { LinkFailure } from "../../session.ts";
import { UNITS } from "../wire/frames.ts";
import { tellAgain } from "./connection.ts";
import { describeOutage, describeQuota, judge, type Verdict } from "./failures.ts";
import { observeInParts } from "./page.ts";
import { endReading, read } from "./reading.ts";
import { onTokenRefused } from "./renewing.ts";
import { UNITS_BUCKET } from "./requests.ts";
import {
  READ,
  STALE,
  goOn,
  type YouTubeLink,
  type YouTubeReaction,
  type YouTubeState,
} from "./state.ts";
import { draftEnd } from "./stream-events.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FIVE_MINUTES_MS = 5 * MINUTE_MS;

// Google's own servers end a stream every few minutes: so many openings an hour are no fault.
const OPENINGS_MAX = 12;
const BACK_OFF_MS = 30_000;
const BRIEF_MS = 5_000;

const FAULTS_MAX = 3;
const TOO_FAST_MS = 10_000;
// What is left of a day is to last for a stream of this length, were it to be read page by page.
const STREAM_MS = 4 * HOUR_MS;
const RESERVE = 500;
const POLL_AT_LEAST_EVERY_MS = 10 * MINUTE_MS;

/** An answer of the chat has ended. `status`: null where there was none. */
export function onReadEnded(
  link: YouTubeLink,
  state: YouTubeState,
  { status, body, at }: { status: number | null; body: string; at: number },
): YouTubeReaction {
  if (state.broadcast === null) return { state, effects: [] };
  if (status === null) return onFault(state, describeOutage(null));
  if (status >= 300) return onVerdict(link, state, judge(status, body, at), at);
  if (!state.isPolling) return reopen(link, state, at);
  if (!state.isAnswered) return onFault(state, describeOutage(status));
  return pollLater(state, at);
}

/** A stream ends now and then: it goes on where it was, at once as long as that is not too often. */
function reopen(link: YouTubeLink, state: YouTubeState, at: number): YouTubeReaction {
  const { openedAt } = state;
  const recent = openedAt.filter((each) => each > at - HOUR_MS).length;
  const isBrief = at - (openedAt.at(-1) ?? at) < BRIEF_MS;
  const over = recent - OPENINGS_MAX;
  const afterMs = over > 0 ? Math.min(FIVE_MINUTES_MS, over * BACK_OFF_MS) : isBrief ? 2_000 : 0;
  if (afterMs === 0) return read(link, state, at);
  return { state, effects: [clearTimer(STALE), setTimer(READ, afterMs)] };
}

/**
 * Asks for the next page in a while: as the chat asks for it, and as the day's units allow. A page so late
 * that it is of no use to anybody is left to the next day.
 */
function pollLater(state: YouTubeState, at: number): YouTubeReaction {
  const units = state.balances[UNITS_BUCKET];
  const plan = { units: UNITS.list, reserve: RESERVE, forMs: STREAM_MS };
  const paceMs = units === undefined ? 0 : computePaceMs(units, plan, at);
  if (units !== undefined && paceMs > POLL_AT_LEAST_EVERY_MS) {
    return { state, effects: [failSession(describeQuota(at, units.resetsAt))] };
  }
  const afterMs = Math.max(1_000, state.pollAfterMs, paceMs);
  return { state, effects: [setTimer(READ, afterMs)] };
}

function onVerdict(
  link: YouTubeLink,
  state: YouTubeState,
  verdict: Verdict,
  at: number,
): YouTubeReaction {
  switch (verdict.type) {
    case "token-lost":
      return onTokenLost(link, state, at);
    case "over":
      return onOver(link, state, verdict.reason, at);
    case "too-fast": {
      const afterMs = Math.min(FIVE_MINUTES_MS, TOO_FAST_MS * 2 ** state.faults);
      const slower = Math.min(MINUTE_MS, state.pollAfterMs * 2);
      const next = { ...state, faults: state.faults + 1, pollAfterMs: slower };
      return { state: next, effects: [clearTimer(STALE), setTimer(READ, afterMs)] };
    }
    case "gone":
      // The stream is not for everyone, and may be taken away: pages are there all the same.
      return state.isPolling
        ? onFault(state, describeOutage(404))
        : goOn(tellAgain(link, { ...state, isPolling: true }), (next) => read(link, next, at));
    case "token-refused":
      return onTokenRefused(link, state);
    case "again":
      return onFault(state, verdict.failure);
    case "fail":
      return { state, effects: [failSession(verdict.failure)] };
  }
}

function onFault(state: YouTubeState, failure: LinkFailure): YouTubeReaction {
  const { faults } = state;
  if (faults >= FAULTS_MAX) return { state, effects: [failSession(failure)] };
  const retry = setTimer(READ, 1_000 * 2 ** faults);
  return { state: { ...state, faults: faults + 1 }, effects: [clearTimer(STALE), retry] };
}

/** The chat does not go on from the token: it is read from what it holds of the past. */
function onTokenLost(link: YouTubeLink, state: YouTubeState, at: number): YouTubeReaction {
  if (state.token === null) return onFault(state, describeOutage(400));
  // Where nothing was told of the connection yet, the channel knows of the outage.
  const missingSince = state.isReading ? (state.heardAt ?? at) : null;
  const anew = { token: null, isPastNext: true, isResumed: false, missingSince };
  return read(link, { ...state, ...anew }, at);
}

function onOver(
  link: YouTubeLink,
  state: YouTubeState,
  reason: string,
  at: number,
): YouTubeReaction {
  const videoId = state.broadcast?.videoId ?? "";
  const isTold = state.isReading || state.isOnlineTold;
  const drafts = isTold ? [draftEnd(link, videoId, reason, null)] : [];
  const ended = endReading(state, videoId, at);
  return { state: ended.state, effects: [...observeInParts(drafts), ...ended.effects] };
}
