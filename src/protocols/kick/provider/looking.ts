import { askFor, failSession, observeConnection, observeEvents, setTimer } from "../../effects.ts";
import type { LinkFailure, SocketInput } from "../../session.ts";
import { EVENTS } from "../wire/frames.ts";
import {
  askAppToken,
  askChannel,
  askSubscriptions,
  listMissing,
  readChannel,
  readSubscribed,
  readSubscriptions,
  readToken,
  subscribe,
  unsubscribe,
} from "./api.ts";
import { draftGap, toConnection } from "./connection.ts";
import {
  APP_REFUSED,
  describeRefused,
  describeUnknown,
  judgeAnswer,
  NO_ANSWER,
  NO_APP,
  NO_ROUTE,
  UNREADABLE,
} from "./failures.ts";
import type { KickLink } from "./link.ts";
import { andThen, react, type KickReaction, type KickState } from "./state.ts";

/*
 * A look at what is subscribed, in steps: the app's token, whose channel it is, the claim of what is said
 * of it, the list of subscriptions, those that are missing, and those that are one too many.
 */

const STEPS = ["token", "channel", "route", "list", "subscribe", "tidy"] as const;
type Step = (typeof STEPS)[number];
type Answered = Extract<SocketInput, { type: "request-answered" }>;

// Kick lets go of a subscription after a day of failures, and tells nobody.
const LOOK_EACH_MS = 3_600_000;
const LOOK_AGAIN_MS = 300_000;

// A token is let go of before it ends: a look takes its time.
const TOKEN_MARGIN_MS = 60_000;

// A live channel has some chat in that time.
const SILENT_AFTER_MS = 3_600_000;

export function isStep(request: string): request is Step {
  return (STEPS as readonly string[]).includes(request);
}

/** Begins a look. */
export function look(link: KickLink, state: KickState, at: number): KickReaction {
  const { token } = state;
  const isGood = token !== null && (token.endsAt === null || token.endsAt > at);
  if (!isGood) return askForToken(link, { ...state, token: null, isTokenAnew: false });
  const { text } = token;
  const next = { ...state, isTokenAnew: false };
  return react(next, askFor("channel", askChannel(link, text, link.channel)));
}

function askForToken(link: KickLink, state: KickState): KickReaction {
  if (link.app === null) return fail(link, state, NO_APP);
  return react(state, askFor("token", askAppToken(link, link.app)));
}

/** Nobody answered one of the steps. */
export function onLost(link: KickLink, state: KickState, step: Step): KickReaction {
  // One too many is found again at the next look.
  if (step === "tidy") return react(state);
  return fail(link, state, step === "route" ? NO_ROUTE : NO_ANSWER);
}

export function onAnswer(link: KickLink, state: KickState, answer: Answered): KickReaction {
  const { request, status, body } = answer;
  if (request === "tidy") return react(state);
  if (request === "route") {
    return status === 200 ? onRoute(link, state) : fail(link, state, NO_ROUTE);
  }
  if (request === "token") return onToken(link, state, answer);
  if (status === 401 && !state.isTokenAnew) {
    return askForToken(link, { ...state, token: null, isTokenAnew: true });
  }
  if (status < 200 || status >= 300) return fail(link, state, judgeAnswer(status, body));
  if (request === "channel") return onChannel(link, state, body);
  return request === "list"
    ? onList(link, state, body, answer.at)
    : onSubscribed(link, state, body, answer.at);
}

function onToken(link: KickLink, state: KickState, { status, body, at }: Answered): KickReaction {
  const isRefused = status === 400 || status === 401;
  if (status !== 200) return fail(link, state, isRefused ? APP_REFUSED : judgeAnswer(status, body));
  const token = readToken(body);
  if (token === null) return fail(link, state, UNREADABLE);
  const { access_token: text, expires_in: seconds } = token;
  const endsAt = seconds == null ? null : at + seconds * 1000 - TOKEN_MARGIN_MS;
  const next = { ...state, token: { text, endsAt } };
  return react(next, askFor("channel", askChannel(link, text, link.channel)));
}

function onChannel(link: KickLink, state: KickState, body: string): KickReaction {
  const channel = readChannel(body);
  if (channel === null) return fail(link, state, UNREADABLE);
  if (channel === "unknown") return fail(link, state, describeUnknown(link.channel));
  // Claimed anew at each look: the database may have been put back to a time before.
  const claim = { type: "route-claim", request: "route", key: channel.id } as const;
  return react({ ...state, channel }, claim);
}

function onRoute(link: KickLink, state: KickState): KickReaction {
  const { token, channel } = state;
  if (token === null || channel === null) return fail(link, state, UNREADABLE);
  return react(state, askFor("list", askSubscriptions(link, token.text, channel.id)));
}

function onList(link: KickLink, state: KickState, body: string, at: number): KickReaction {
  const { token, channel } = state;
  if (token === null || channel === null) return fail(link, state, UNREADABLE);
  const held = readSubscriptions(body, channel.id);
  if (held === null) return fail(link, state, UNREADABLE);
  const asked = listMissing(held);
  const tidied =
    held.extra.length === 0
      ? react(state)
      : react(state, askFor("tidy", unsubscribe(link, token.text, held.extra)));
  return andThen(tidied, (next) =>
    asked.length === 0
      ? finish(link, next, { ...next, refused: [] }, at)
      : react(
          { ...next, asked },
          askFor("subscribe", subscribe(link, token.text, channel.id, asked)),
        ),
  );
}

function onSubscribed(link: KickLink, state: KickState, body: string, at: number): KickReaction {
  const outcome = readSubscribed(body, state.asked);
  if (outcome === null) return fail(link, state, UNREADABLE);
  const { taken, refused, isFull } = outcome;
  if (refused.length === EVENTS.length) return fail(link, state, describeRefused(isFull));
  // What was subscribed when the last delivery came had gone in the meantime.
  const { heardAt } = state;
  const isHole = heardAt !== null && taken.some((event) => !state.refused.includes(event));
  const told = isHole
    ? react(state, observeEvents([draftGap(link.channel, heardAt, at)]))
    : react(state);
  return andThen(told, (next) => finish(link, next, { ...next, refused }, at));
}

/** The look is over, and all that can be is subscribed. */
function finish(link: KickLink, before: KickState, state: KickState, at: number): KickReaction {
  const heardAt = state.heardAt ?? at;
  const isSilent = state.channel?.isLive === true && at - heardAt >= SILENT_AFTER_MS;
  const next = { ...state, heardAt, isSilent, trouble: null, asked: [], isReady: true };
  const again = setTimer("look", LOOK_EACH_MS);
  const connection = observeConnection(toConnection(link, next));
  if (before.isReady) return react(next, again, connection);
  return react(next, again, { type: "session-ready" }, connection, { type: "session-settled" });
}

/**
 * A step came to nothing. At first the session is of no use by that; later deliveries come whatever the
 * API says, and the look is made again.
 */
function fail(link: KickLink, state: KickState, failure: LinkFailure): KickReaction {
  if (!state.isReady) return react(state, failSession(failure));
  const next = { ...state, trouble: failure.reason };
  const told = observeConnection(toConnection(link, next));
  return react(next, setTimer("look", LOOK_AGAIN_MS), told);
}
