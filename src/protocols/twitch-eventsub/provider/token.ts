import { failSession, setTimer } from "../../effects.ts";
import type { ProviderEffect, Renewed } from "../../session.ts";
import {
  readAccount,
  readValidation,
  requestValidation,
  VALIDATE_AGAIN_MS,
  VALIDATE_EACH_MS,
} from "../../twitch-account.ts";
import { tell } from "./connection.ts";
import { CHANNEL_UNKNOWN, TOKEN_REFUSED, WRONG_CLIENT } from "./failures.ts";
import { readUserId, requestUser } from "./requests.ts";
import {
  isSome,
  join,
  react,
  type EventSubLink,
  type EventSubState,
  type Reaction,
} from "./state.ts";

/*
 * The token: whose it is, whose channel is followed, and its renewal. What was subscribed with it goes
 * on when it runs out, so it is renewed beside the socket.
 */

/** The names of the requests, and of the timers that are set for the next. */
export const VALIDATION = "validation";
export const USER = "user";
export const RENEWAL = "renewal";

// Before anything is subscribed there are ten seconds in all.
const SOON_MS = 2_000;

// New credentials that are refused right away will not get better.
const FRESH_MS = 60_000;
const RENEW_AGAIN_MS = 30_000;

export function validate({ url }: EventSubLink, state: EventSubState): ProviderEffect {
  const exchange = requestValidation(url, state.account);
  return { type: "request-issue", request: nameValidation(state), exchange };
}

/** Names it by the token that it is of: what was asked about an old one says nothing of the new. */
function nameValidation({ renewals }: EventSubState): string {
  return renewals === 0 ? VALIDATION : `${VALIDATION} ${renewals}`;
}

export function isValidation(request: string): boolean {
  return request === VALIDATION || request.startsWith(`${VALIDATION} `);
}

/** Twitch has said, or has not, whose the token is and what it is good for. */
export function onValidation(
  link: EventSubLink,
  state: EventSubState,
  { request, status, body }: { request: string; status: number; body: string },
  at: number,
): Reaction {
  if (request !== nameValidation(state)) return react(state);
  const validation = readValidation(state.account, status, body);
  switch (validation.type) {
    case "good":
      return onHolder(link, { ...state, holder: validation.holder, trouble: null });
    case "useless":
      return failOrTell(link, state, WRONG_CLIENT);
    case "refused":
      return isFresh(state, at)
        ? failOrTell(link, state, TOKEN_REFUSED)
        : onRefusedToken(link, state, at);
    case "unknown":
      return validateLater(state);
  }
}

/** It was not said. */
export function validateLater(state: EventSubState): Reaction {
  return react(state, setTimer(VALIDATION, state.holder === null ? SOON_MS : VALIDATE_AGAIN_MS));
}

function onHolder(link: EventSubLink, state: EventSubState): Reaction {
  const again = setTimer(VALIDATION, VALIDATE_EACH_MS);
  const { holder, broadcasterId } = state;
  const isOwn = holder?.login.toLowerCase() === link.channel || holder?.userId === link.knownId;
  if (broadcasterId === null && isOwn) {
    return join(react(state, again), (next) => findOwner(link, next, holder?.userId ?? ""));
  }
  const told = state.isSettled ? tell(link, state) : [];
  const asked = broadcasterId === null ? [lookUpUser(link, state)] : [];
  return react(state, again, ...told, ...asked);
}

/** It is known whose channel it is: for later sessions too, whatever it is called by then. */
function findOwner(
  { channel }: EventSubLink,
  state: EventSubState,
  broadcasterId: string,
): Reaction {
  const place = `${channel} ${broadcasterId}`;
  return react({ ...state, broadcasterId }, { type: "place-keep", place });
}

/** The owner's id in a place, where that is of this channel. */
export function readPlace(place: string | null, channel: string): string | null {
  const [login, id] = place?.split(" ") ?? [];
  return login === channel ? (id ?? null) : null;
}

/** Asks whose channel goes by the login. */
export function lookUpUser(
  { url, channel }: EventSubLink,
  { account }: EventSubState,
): ProviderEffect {
  return { type: "request-issue", request: USER, exchange: requestUser({ url, account }, channel) };
}

export function onUser(
  link: EventSubLink,
  state: EventSubState,
  { status, body }: { status: number; body: string },
  at: number,
): Reaction {
  if (status === 401) return onRefusedToken(link, state, at);
  const found = readUserId(status, body);
  if (found === undefined) return react(state, setTimer(USER, SOON_MS));
  // Nobody goes by the login any more: it was renamed.
  const broadcasterId = found ?? link.knownId;
  return broadcasterId === null
    ? react(state, failSession(CHANNEL_UNKNOWN))
    : findOwner(link, state, broadcasterId);
}

/**
 * The token is of no use any more: it is renewed. Of one that has just been Twitch is asked itself: the
 * refusal may be of a request that was on its way with the old one.
 */
export function onRefusedToken(link: EventSubLink, state: EventSubState, at: number): Reaction {
  if (state.isRenewing) return react(state);
  if (isFresh(state, at)) return react(state, validate(link, state));
  if (!state.account.isRenewable) return failOrTell(link, state, TOKEN_REFUSED);
  return react({ ...state, isRenewing: true }, { type: "credentials-renew" });
}

function isFresh({ renewedAt }: EventSubState, at: number): boolean {
  return renewedAt !== null && at - renewedAt < FRESH_MS;
}

/** New credentials have come, or there are none. */
export function onRenewed(
  link: EventSubLink,
  state: EventSubState,
  renewed: Renewed,
  at: number,
): Reaction {
  const over = { ...state, isRenewing: false };
  if (renewed.ok) {
    const account = readAccount(renewed.credentials) ?? state.account;
    const fresh = { ...over, account, renewedAt: at, renewals: state.renewals + 1 };
    return react(fresh, validate(link, fresh));
  }
  const { failure } = renewed;
  if (failure.remedy === "stop" || !isSome(state, "subscribed")) {
    return failOrTell(link, over, failure);
  }
  const again = { ...state, trouble: failure.reason };
  return join(react(again, setTimer(RENEWAL, RENEW_AGAIN_MS)), (next) =>
    react(next, ...tell(link, next)),
  );
}

/** Gives up, but where something is heard: that is heard on, whatever became of the token. */
function failOrTell(
  link: EventSubLink,
  state: EventSubState,
  failure: Parameters<typeof failSession>[0],
): Reaction {
  if (!isSome(state, "subscribed")) return react(state, failSession(failure));
  const told = { ...state, trouble: failure.reason };
  return react(told, ...tell(link, told));
}
