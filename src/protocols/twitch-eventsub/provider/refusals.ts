import type { LinkFailure } from "../../session.ts";
import { readWords } from "./requests.ts";
import type { EventSubState, Place } from "./state.ts";
import { listMissing, type Wanted } from "./wanted.ts";

/** The meaning of an answer to the request for a subscription. */
export type Verdict =
  | { readonly type: "made" }
  /** Somebody has it already. */
  | { readonly type: "exists" }
  /** This one will not be had. */
  | { readonly type: "refused"; readonly reason: string; readonly detail: string }
  | { readonly type: "token" }
  /** It is asked for again after a pause. */
  | { readonly type: "later" }
  /** The socket is of no use. */
  | { readonly type: "failed"; readonly failure: LinkFailure };

/** So often it is asked for in vain, and then not until the next dial. */
export const TRIES_MAX = 5;

export function judge(
  state: EventSubState,
  wanted: Wanted,
  place: Place,
  { status, body }: { status: number; body: string },
): Verdict {
  const words = readWords(body);
  if (status >= 200 && status < 300) return { type: "made" };
  if (status === 409) return { type: "exists" };
  if (status === 401) return { type: "token" };
  if (status === 403) return { type: "refused", ...explainForbidden(state, wanted) };
  if (status === 429) return judgeLimit(state, words);
  if (status >= 500) {
    return place.tries + 1 < TRIES_MAX
      ? { type: "later" }
      : { type: "refused", reason: "provider_down", detail: "Twitch did not answer this in time." };
  }
  if (/session does not exist|already disconnected/i.test(words)) {
    return { type: "failed", failure: SESSION_GONE };
  }
  return { type: "refused", reason: "bad_request", detail: `Twitch answered ${status}: ${words}` };
}

/** Nobody answered: it may have been made all the same. */
export function judgeSilence({ tries }: Place): Verdict {
  return tries + 1 < TRIES_MAX
    ? { type: "later" }
    : { type: "refused", reason: "no_answer", detail: "Twitch did not answer this." };
}

/** The same status has three meanings, which its words tell apart. */
function judgeLimit(state: EventSubState, words: string): Verdict {
  if (/transport/i.test(words)) {
    const failure = TOO_MANY_SOCKETS;
    const isHeard = state.places.some(({ status }) => status === "subscribed");
    return isHeard
      ? { type: "refused", reason: failure.reason, detail: failure.detail }
      : { type: "failed", failure };
  }
  return /cost|subscription/i.test(words)
    ? { type: "refused", reason: "cost_limit", detail: COST_LIMIT }
    : { type: "later" };
}

export const COST_LIMIT =
  "The account follows too much with this application: free what others do not need, or link the channel's own account.";

/** The remedy differs by whose channel it is. */
function explainForbidden(
  { holder, broadcasterId }: EventSubState,
  wanted: Wanted,
): { reason: string; detail: string } {
  const isOwn = holder?.userId === broadcasterId;
  if (isOwn) return lackScopes(wanted.scopes);
  switch (wanted.condition) {
    case "BM":
      return { reason: "not_moderator", detail: "Make the account a moderator of the channel." };
    case "BU":
      return { reason: "banned", detail: "The account may not be in this chat: ask a moderator." };
    default:
      return {
        reason: "not_broadcaster",
        detail: "Only the channel's own account is told of this: link with its token.",
      };
  }
}

function lackScopes(scopes: readonly string[]): { reason: string; detail: string } {
  return { reason: "scope_missing", detail: `Give the token the right: ${scopes.join(", ")}.` };
}

/** Finds why something need not be asked for with this token; null where it may be had. */
export function findLack(
  { holder, cost, broadcasterId }: EventSubState,
  wanted: Wanted,
): { reason: string; detail: string } | null {
  const missing = listMissing(wanted, holder?.scopes ?? []);
  if (missing.length > 0) return lackScopes(missing);
  // What needs no right of the channel's owner is counted, where somebody else asks.
  const isCounted = wanted.scopes.length === 0 && holder?.userId !== broadcasterId;
  const isUsedUp = cost !== null && cost.total >= cost.max;
  return isCounted && isUsedUp ? { reason: "cost_limit", detail: COST_LIMIT } : null;
}

const SESSION_GONE: LinkFailure = {
  remedy: "retry",
  reason: "session_gone",
  detail: "Twitch does not know the session any more.",
};

const TOO_MANY_SOCKETS: LinkFailure = {
  remedy: "slow",
  reason: "too_many_sockets",
  detail:
    "Three sockets of this account are open already: close another program with the same client id.",
  isError: true,
};

/** Nothing at all can be heard: why, by what is wanted first. */
export function describeNothing({ places }: EventSubState): LinkFailure {
  const first = places.find(({ status }) => status === "refused");
  const isAway = first?.reason === "no_answer" || first?.reason === "provider_down";
  return {
    remedy: isAway ? "slow" : "stop",
    reason: first?.reason ?? "subscriptions_refused",
    detail: `Twitch lets this account hear nothing here. ${first?.detail ?? ""}`.trim(),
  };
}
