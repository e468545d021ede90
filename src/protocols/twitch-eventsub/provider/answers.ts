import { failSession } from "../../effects.ts";
import type { ProviderEffect } from "../../session.ts";
import { judge, judgeSilence, TRIES_MAX, type Verdict } from "./refusals.ts";
import { findExisting, findInList, readMade, requestList, requestRemoval } from "./requests.ts";
import {
  join,
  react,
  setPlace,
  type EventSubLink,
  type EventSubState,
  type Place,
  type Reaction,
} from "./state.ts";
import { askAgain, askNext, goOn, pause, postpone, refuse, SUBSCRIBE } from "./subscribing.ts";
import { onRefusedToken } from "./token.ts";
import { findWanted, type Wanted } from "./wanted.ts";

/* What Twitch answers to the request for a subscription, and what is done about one that is in the way. */

const LIST = "list ";
const REMOVE = "remove ";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
}

/** Is it a request of these? */
export function isSubscribing(request: string): boolean {
  return [SUBSCRIBE, LIST, REMOVE].some((each) => request.startsWith(each));
}

/** A request of these was answered, or nobody answered: `answer` is null. */
export function onAnswer(
  link: EventSubLink,
  state: EventSubState,
  request: string,
  answer: Answer | null,
  at: number,
): Reaction {
  const name = request.slice(request.indexOf(" ") + 1);
  const wanted = findWanted(name);
  const place = state.places.find((each) => each.name === name);
  if (wanted === undefined || place === undefined) return react(state);
  if (request.startsWith(SUBSCRIBE)) {
    const verdict = answer === null ? judgeSilence(place) : judge(state, wanted, place, answer);
    return apply(link, state, { wanted, place, verdict, answer }, at);
  }
  return answer?.status === 401
    ? onRefusedToken(link, postpone(state, place), at)
    : onCleaned(link, state, { wanted, place, request, answer });
}

interface Judged {
  readonly wanted: Wanted;
  readonly place: Place;
  readonly verdict: Verdict;
  readonly answer: Answer | null;
}

function apply(
  link: EventSubLink,
  state: EventSubState,
  { wanted, place, verdict, answer }: Judged,
  at: number,
): Reaction {
  const { name } = place;
  const { body = "", retryAfterMs } = answer ?? {};
  switch (verdict.type) {
    case "made": {
      const { id, cost } = readMade(body);
      const made = setPlace({ ...state, pauses: 0, cost: cost ?? state.cost }, name, {
        ...MADE,
        id,
      });
      const next = goOn(link, state, made);
      // It had been refused: what was for the same reason may be had by now as well.
      return place.reason === null ? next : join(next, (later) => askAgain(link, later));
    }
    case "exists":
      return onExisting(link, state, wanted, place, body);
    case "refused":
      return goOn(link, state, refuse(state, name, verdict));
    case "token":
      return place.tries + 1 < TRIES_MAX
        ? onRefusedToken(link, postpone(state, place, place.tries + 1), at)
        : goOn(link, state, refuse(state, name, STILL_REFUSED));
    case "later":
      return pause(postpone(state, place, place.tries + 1), retryAfterMs);
    case "failed":
      return react(state, failSession(verdict.failure));
  }
}

const STILL_REFUSED = {
  reason: "token_invalid",
  detail: "Twitch refuses the token for this, and says otherwise that it is good.",
};

const MADE = { status: "subscribed", reason: null, detail: null, mayBeThere: false } as const;

/**
 * Somebody has it already: a socket that is gone, most often. It is taken away and asked for once more,
 * but for one of this very session, which came by an answer that was not heard.
 */
function onExisting(
  link: EventSubLink,
  state: EventSubState,
  wanted: Wanted,
  place: Place,
  body: string,
): Reaction {
  const { name, mayBeThere, tries } = place;
  if (mayBeThere) return goOn(link, state, setPlace(state, name, { ...MADE, id: null }));
  if (tries > 1) return goOn(link, state, refuse(state, name, IN_THE_WAY));
  const counted = setPlace(state, name, { tries: tries + 1 });
  const existing = findExisting(body);
  const { url } = link;
  const { account } = state;
  if (existing !== null) return react(counted, remove(link, counted, name, existing));
  const exchange = requestList({ url, account }, wanted.type);
  return react(counted, { type: "request-issue", request: LIST + name, exchange });
}

function remove(
  { url }: EventSubLink,
  { account }: EventSubState,
  name: string,
  id: string,
): ProviderEffect {
  const exchange = requestRemoval({ url, account }, id);
  return { type: "request-issue", request: REMOVE + name, exchange };
}

const IN_THE_WAY = {
  reason: "subscription_exists",
  detail: "Another program has the same subscription, and it could not be taken away.",
};

/** The one that is in the way was looked for, or taken away. */
function onCleaned(
  link: EventSubLink,
  state: EventSubState,
  {
    wanted,
    place: { name },
    request,
    answer,
  }: {
    wanted: Wanted;
    place: Place;
    request: string;
    answer: Answer | null;
  },
): Reaction {
  const again = setPlace(state, name, { status: "pending" });
  const { sessionId, holder, broadcasterId } = state;
  if (answer === null || answer.status >= 500 || answer.status === 429) {
    return pause(again, answer?.retryAfterMs);
  }
  if (!request.startsWith(LIST) || sessionId === null) return askNext(link, again);
  const people = { broadcasterId: broadcasterId ?? "", userId: holder?.userId ?? "" };
  const found = findInList(answer.body, wanted, people, sessionId);
  if (found === null) return askNext(link, again);
  return found.isOurs
    ? goOn(link, state, setPlace(state, name, { ...MADE, id: found.id }))
    : react(state, remove(link, state, name, found.id));
}
