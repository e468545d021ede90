import type { EventDraft } from "../../../event/event.ts";
import {
  clearTimer,
  failSend,
  failSession,
  observeEvents,
  rejectFrame,
  setTimer,
} from "../../effects.ts";
import {
  startSession,
  type ProviderEffect,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { draftUnknown, PLATFORM } from "../codec/envelope.ts";
import { toDrafts } from "../codec/to-draft.ts";
import { KEEPALIVE_SECONDS, readMessage, type Message, type Notification } from "../wire/frames.ts";
import { isSubscribing, onAnswer } from "./answers.ts";
import { nameConnection, tell } from "./connection.ts";
import { NO_WELCOME, SILENT } from "./failures.ts";
import { onRevocation } from "./revocation.ts";
import {
  begin,
  findHearing,
  join,
  react,
  SILENCE_FACTOR,
  type EventSubLink,
  type EventSubState,
  type HandOver,
  type Reaction,
} from "./state.ts";
import { AGAIN, AGAIN_MS, askAgain, askNext, onRetry, RETRY, settle } from "./subscribing.ts";
import {
  isValidation,
  lookUpUser,
  onRenewed,
  onUser,
  onValidation,
  RENEWAL,
  USER,
  validate,
  validateLater,
  VALIDATION,
} from "./token.ts";
import { onOutcome, onSend } from "./writing.ts";

// A welcome comes at once.
const WELCOME_WITHIN_MS = 15_000;

// Some fifty requests, one after the other, at a fifth of a second each, with a pause or two: what
// has not been answered by then is asked for beside the hearing.
const SETTLED_WITHIN_MS = 45_000;

// A server that tells each socket to go is given so many at once, and then no more than any other that
// fails: what lived for a minute was a good one.
const HOPS_MAX = 5;
const GOOD_AFTER_MS = 60_000;

/**
 * Begins a socket's session. It hears, and says nothing: what it hears is asked for over HTTP once it
 * has been welcomed, but for a socket that takes over, to which all that comes along.
 */
export function openSession(link: EventSubLink): Session<ProviderEffect> {
  return startSession((state, input) => step(link, state, input), begin(link, KEEPALIVE_SECONDS));
}

function step(link: EventSubLink, state: EventSubState, input: SocketInput): Reaction {
  switch (input.type) {
    case "socket-opened": {
      const opened = { ...state, openedAt: input.at };
      return react(opened, setTimer("welcome", WELCOME_WITHIN_MS), validate(link, opened));
    }
    case "frame-received":
      return onFrame(link, state, input.frame, input.at);
    case "timer-fired":
      return onTimer(link, state, input.timer);
    case "send-requested":
      return react(state, ...onSend(link, state, input.send));
    case "request-answered":
      return onAnswered(link, state, input);
    case "request-lost":
      return onLost(link, state, input.request, input.at);
    case "credentials-renewed":
      return onRenewed(link, state, input.renewed, input.at);
    default:
      // Nothing is asked for here that costs something or is read as it comes.
      return react(state);
  }
}

function onFrame(link: EventSubLink, state: EventSubState, frame: string, at: number): Reaction {
  const read = readMessage(frame);
  if (!read.ok) return react(state, rejectFrame(read.problem));
  const { message } = read;
  if (message.type === "welcome") return onWelcome(link, state, message);
  const alive = react(state, setTimer("silence", state.silenceMs));
  return join(alive, (next) => onMessage(link, next, message, at));
}

/** Events can come from here on. What is heard of, and what is not yet, is told as it is. */
function onWelcome(
  link: EventSubLink,
  before: EventSubState,
  { sessionId, keepaliveSeconds }: Extract<Message, { type: "welcome" }>,
): Reaction {
  const silenceMs =
    keepaliveSeconds === null ? before.silenceMs : keepaliveSeconds * 1000 * SILENCE_FACTOR;
  const alive = setTimer("silence", silenceMs);
  if (before.sessionId !== null) return react({ ...before, silenceMs }, alive);
  const state = { ...before, sessionId, silenceMs };
  const greeted = react(
    state,
    alive,
    clearTimer("welcome"),
    setTimer(AGAIN, AGAIN_MS),
    { type: "session-ready" },
    ...tell(link, state),
    { type: "session-settled" },
    ...(state.isSettled ? [] : [setTimer("late", SETTLED_WITHIN_MS)]),
  );
  return join(greeted, (next) => askNext(link, next));
}

function onMessage(
  link: EventSubLink,
  state: EventSubState,
  message: Exclude<Message, { type: "welcome" }>,
  at: number,
): Reaction {
  switch (message.type) {
    case "keepalive":
      return react(state);
    case "reconnect":
      return openSuccessor(state, message.url, at);
    case "revocation":
      return onRevocation(link, state, message.subscription);
    case "notification":
      return onNotification(link, state, message.notification);
    case "other": {
      const { id, word, raw } = message;
      const connectionId = nameConnection(link.channel);
      const envelope = { platform: PLATFORM, connectionId, key: `es/${id}`, raw };
      return react(state, observeEvents([draftUnknown(envelope, word)]));
    }
  }
}

function onNotification(
  link: EventSubLink,
  state: EventSubState,
  notification: Notification,
): Reaction {
  const drafts = toDrafts(nameConnection(link.channel), notification, (type) =>
    findHearing(state, type),
  );
  const told = react(state, ...(drafts.length === 0 ? [] : [observeEvents(drafts)]));
  const live = findLive(drafts) ?? state.live;
  if (live === state.live) return told;
  return join(told, (next) => {
    const changed = { ...next, live };
    return react(changed, ...tell(link, changed));
  });
}

function findLive(drafts: readonly EventDraft[]): boolean | null {
  if (drafts.some(({ type }) => type === "stream.online")) return true;
  return drafts.some(({ type }) => type === "stream.offline") ? false : null;
}

/**
 * The server goes away, and gives an address: another socket is to be welcomed there first. Without one,
 * or where that has led nowhere too often, this one is heard until the server ends it.
 */
function openSuccessor(state: EventSubState, address: string | null, at: number): Reaction {
  const wasGood = at - state.openedAt >= GOOD_AFTER_MS;
  const hops = wasGood ? 1 : state.hops + 1;
  if (address === null || hops > HOPS_MAX) return react(state);
  const { holder, broadcasterId, places, cost, isSettled, live } = state;
  const left: HandOver = {
    address,
    hops,
    holder,
    broadcasterId,
    places: [...places],
    cost,
    isSettled,
    live,
  };
  return react(
    { ...state, isLeaving: true },
    {
      type: "session-replace",
      reason: "provider_restarting",
      handOver: JSON.stringify(left),
    },
  );
}

function onTimer(link: EventSubLink, state: EventSubState, timer: string): Reaction {
  switch (timer) {
    case "welcome":
      return react(state, failSession(NO_WELCOME));
    case "late":
      return settle(link, state, true);
    case VALIDATION:
      return react(state, validate(link, state));
    case USER:
      return react(state, lookUpUser(link, state));
    case RENEWAL:
      return react(state, { type: "credentials-renew" });
    case AGAIN:
      return askAgain(link, state);
    case RETRY:
      return onRetry(link, state);
    default:
      return react(state, failSession(SILENT));
  }
}

function onAnswered(
  link: EventSubLink,
  state: EventSubState,
  { request, at, ...answer }: Extract<SocketInput, { type: "request-answered" }>,
): Reaction {
  if (isValidation(request)) {
    const validated = onValidation(link, state, { request, ...answer }, at);
    return join(validated, (next) => askNext(link, next));
  }
  if (request === USER) {
    return join(onUser(link, state, answer, at), (next) => askNext(link, next));
  }
  return isSubscribing(request)
    ? onAnswer(link, state, request, answer, at)
    : onOutcome(link, state, request, answer, at);
}

/** Nobody answered: a message may have arrived, and so may any other request. */
function onLost(link: EventSubLink, state: EventSubState, request: string, at: number): Reaction {
  if (isValidation(request)) return validateLater(state);
  if (request === USER) return react(state, setTimer(USER, 2_000));
  return isSubscribing(request)
    ? onAnswer(link, state, request, null, at)
    : react(state, failSend(request, { reason: "outcome_unknown" }));
}
