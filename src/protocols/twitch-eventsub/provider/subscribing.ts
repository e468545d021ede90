import { clearTimer, failSession, setTimer } from "../../effects.ts";
import type { ProviderEffect } from "../../session.ts";
import { tell } from "./connection.ts";
import { describeNothing, findLack } from "./refusals.ts";
import { requestSubscription } from "./requests.ts";
import {
  isSome,
  join,
  react,
  setPlace,
  type EventSubLink,
  type EventSubState,
  type Place,
  type Reaction,
} from "./state.ts";
import { findWanted, WANTED, type People, type Wanted } from "./wanted.ts";

/*
 * What is wanted is asked for piece by piece, the chat first. Each has its own end: one that is
 * refused stops no other.
 */

// The object has one of a link's requests on its way at a time: with another behind it no time is
// lost, and a message that is sent does not wait for all of them.
const AT_ONCE = 2;

// The rate is a bucket that fills within a minute.
const PAUSE_MS = 2_000;
const PAUSE_MAX_MS = 60_000;

export const RETRY = "retry subscriptions";

// What a socket that failed leaves behind, and what it costs, is gone within a minute or two.
export const AGAIN = "again";
export const AGAIN_MS = 120_000;

/** The reasons that pass by themselves. */
const PASSING: readonly (string | null)[] = [
  "cost_limit",
  "no_answer",
  "provider_down",
  "too_many_sockets",
];

/** The request for a subscription begins so, before its name. */
export const SUBSCRIBE = "subscribe ";

/** Asks for what comes next, as far as it may be asked for now; settles where all is answered. */
export function askNext(link: EventSubLink, before: EventSubState): Reaction {
  const { sessionId, broadcasterId, holder } = before;
  const mayAsk = !before.isPaused && !before.isRenewing && !before.isLeaving;
  if (sessionId === null || holder === null || broadcasterId === null || !mayAsk) {
    return react(before);
  }
  const people = { broadcasterId, userId: holder.userId };
  const effects: ProviderEffect[] = [];
  let state = before;
  for (const { name, status, reason } of before.places) {
    if (state.places.filter((each) => each.status === "asked").length >= AT_ONCE) break;
    const wanted = findWanted(name);
    if (status !== "pending" || wanted === undefined) continue;
    // What had been refused is asked for to see whether it is still.
    const lack = reason === null ? findLack(state, wanted) : null;
    if (lack !== null) {
      state = refuse(state, name, lack);
      continue;
    }
    state = setPlace(state, name, { status: "asked" });
    effects.push(subscribe(link, state, wanted, people, sessionId));
  }
  // What was left for another may be wanted by now.
  const isMore = state.places.some(
    ({ status }, index) => status === "pending" && before.places[index]?.status === "left",
  );
  const asked = { state, effects };
  if (isMore && !isSome(state, "asked")) return join(asked, (next) => askNext(link, next));
  return join(asked, (next) => settle(link, next));
}

function subscribe(
  { url }: EventSubLink,
  { account }: EventSubState,
  wanted: Wanted,
  people: People,
  sessionId: string,
): ProviderEffect {
  const exchange = requestSubscription({ url, account }, wanted, people, sessionId);
  return { type: "request-issue", request: SUBSCRIBE + wanted.name, exchange };
}

/** One is refused: what was left for it is wanted now. */
export function refuse(
  state: EventSubState,
  name: string,
  { reason, detail }: { reason: string; detail: string },
): EventSubState {
  const refused = setPlace(state, name, { status: "refused", id: null, reason, detail });
  const others = WANTED.filter(({ insteadOf }) => insteadOf === name).map((each) => each.name);
  const places = refused.places.map((each): Place =>
    each.status === "left" && others.includes(each.name) ? { ...each, status: "pending" } : each,
  );
  return { ...refused, places };
}

/** All have been answered, or it has taken too long: from here on the channel is heard. */
export function settle(
  link: EventSubLink,
  state: EventSubState,
  isLate: boolean = false,
): Reaction {
  const isOpen = isSome(state, "pending") || isSome(state, "asked");
  if (state.isSettled || state.isLeaving || (isOpen && !isLate)) return react(state);
  if (!isSome(state, "subscribed")) {
    return react(state, ...(isOpen ? [] : [failSession(describeNothing(state))]));
  }
  const settled = { ...state, isSettled: true };
  return react(settled, clearTimer("late"), ...tell(link, settled));
}

/** Asks for the next. What changes once the channel is heard is told at once. */
export function goOn(link: EventSubLink, before: EventSubState, after: EventSubState): Reaction {
  const told = before.isSettled ? tell(link, after) : [];
  return join(react(after, ...told), (state) => askNext(link, state));
}

/** `askedMs`: as long as Twitch wants it, and never longer than its rate's window is. */
export function pause(state: EventSubState, askedMs = 0): Reaction {
  const afterMs = Math.min(PAUSE_MAX_MS, Math.max(askedMs, PAUSE_MS * 2 ** state.pauses));
  const paused = { ...state, isPaused: true, pauses: Math.min(10, state.pauses + 1) };
  return react(paused, setTimer(RETRY, afterMs));
}

/** The pause is over. */
export function onRetry(link: EventSubLink, state: EventSubState): Reaction {
  return askNext(link, { ...state, isPaused: false });
}

/**
 * Asks for one of what was refused for a passing reason: it is not to be missed until the next dial, which
 * may be days away. One that others were taken for instead stays refused, or both would tell of the same.
 */
export function askAgain(link: EventSubLink, state: EventSubState): Reaction {
  const place = state.places.find(
    ({ name, status, reason }) =>
      status === "refused" &&
      PASSING.includes(reason) &&
      !WANTED.some(({ insteadOf }) => insteadOf === name),
  );
  const next = place === undefined ? state : postpone(state, place);
  return join(react(next, setTimer(AGAIN, AGAIN_MS)), (later) => askNext(link, later));
}

/** It is asked for again. */
export function postpone(state: EventSubState, { name }: Place, tries = 0): EventSubState {
  return setPlace(state, name, { status: "pending", tries });
}
