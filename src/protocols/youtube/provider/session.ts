import type { Balance } from "../../../event/quota.ts";
import { decode } from "../../../lib/json.ts";
import { failSend, failSession, rejectFrame, setTimer } from "../../effects.ts";
import { readFrame } from "../../frame.ts";
import {
  startSession,
  type ProviderEffect,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { Answer, ChatPage, KINDS } from "../wire/frames.ts";
import { begin, makeInitialState } from "./beginning.ts";
import { tellAgain } from "./connection.ts";
import { describeQuota, isUsedUp, SILENT } from "./failures.ts";
import { look, lookLater, onBroadcasts, onChannels, onSearch, onVideos, wait } from "./finding.ts";
import { onLookEnded } from "./look-ended.ts";
import { onReadEnded } from "./reading-ended.ts";
import { beginReading, onOpened, onPage, read } from "./reading.ts";
import { onTokenRefused, renew } from "./renewing.ts";
import { ofSearches, ofUnits, UNITS_BUCKET } from "./requests.ts";
import { failWithheld, onSend, readOutcome } from "./sending.ts";
import {
  LOOK,
  READ,
  RENEW,
  STALE,
  goOn,
  VIEWERS,
  type YouTubeLink,
  type YouTubeReaction,
  type YouTubeState,
} from "./state.ts";
import { lookAtViewers, onLookedAt } from "./viewers.ts";

const MINUTE_MS = 60_000;

/**
 * Begins a session: it looks for a broadcast, waits for one, reads its chat, and looks for the next. All
 * answers come as frames, whatever was asked.
 */
export function openSession(link: YouTubeLink): Session<ProviderEffect> {
  return startSession((before, input) => {
    const { state, effects } = settle(link, before, step(link, before, input), input.at);
    return { state, effects: [...empty(link, before, input), ...effects] };
  }, makeInitialState(link));
}

/** Google's count is the one that holds: what it refuses, no other link is to ask for today. */
function empty({ access }: YouTubeLink, state: YouTubeState, input: SocketInput): ProviderEffect[] {
  const isAnswer = input.type === "stream-ended" || input.type === "request-answered";
  if (!isAnswer || (input.status ?? 0) < 300 || !isUsedUp(input.body, input.at)) return [];
  const isSearch = input.request === LOOK && state.finder === "search";
  return [{ type: "quota-empty", of: isSearch ? ofSearches(access) : ofUnits(access) }];
}

/** A broadcast that was found is read, and one that is over is waited for the next of. */
function settle(
  link: YouTubeLink,
  before: YouTubeState,
  reaction: YouTubeReaction,
  at: number,
): YouTubeReaction {
  const [was, is] = [before.broadcast, reaction.state.broadcast];
  if (was === null && is !== null) return goOn(reaction, (next) => beginReading(link, next, at));
  if (was !== null && is === null) return goOn(reaction, (next) => wait(link, next, at));
  return reaction;
}

function step(link: YouTubeLink, state: YouTubeState, input: SocketInput): YouTubeReaction {
  switch (input.type) {
    case "socket-opened":
      return begin(link, state, input.at);
    case "frame-received":
      return onFrame(link, state, input.frame, input.at);
    case "timer-fired":
      return onTimer(link, state, input.timer, input.at);
    case "send-requested":
      return { state, effects: onSend(link, state, input.send) };
    case "request-answered":
      return onAnswer(link, state, input);
    case "request-lost":
      return { state, effects: [failSend(input.request, { reason: "outcome_unknown" })] };
    case "stream-opened":
      return input.request === READ ? onOpened(link, state, input.at) : { state, effects: [] };
    case "stream-ended":
      return onEnded(link, state, input);
    case "balance-told":
      return onBalances(link, state, input.balances);
    case "request-withheld":
      return onWithheld(state, input);
    case "credentials-renewed":
      // A token is renewed by the session that takes over.
      return { state, effects: [] };
  }
}

function onFrame(
  link: YouTubeLink,
  state: YouTubeState,
  frame: string,
  at: number,
): YouTubeReaction {
  const answer = readFrame(Answer, frame);
  if (!answer.ok) return { state, effects: [rejectFrame(answer.problem)] };
  const { kind, items } = answer.value;
  const isLooking = state.broadcast === null;
  const answered = isLooking ? { ...state, isAnswered: true, faults: 0 } : state;
  switch (kind) {
    case KINDS.chat: {
      const page = decode(ChatPage, answer.value);
      const reaction = page.ok ? onPage(link, state, page.value, at) : null;
      return reaction ?? { state, effects: [rejectFrame("a page of no chat")] };
    }
    case KINDS.videos:
      return isLooking ? onVideos(link, answered, items, at) : onLookedAt(link, state, items, at);
    case KINDS.broadcasts:
      return isLooking ? onBroadcasts(link, answered, items, at) : { state, effects: [] };
    case KINDS.search:
      return isLooking ? onSearch(link, answered, items, at) : { state, effects: [] };
    case KINDS.channels:
      return isLooking ? onChannels(link, answered, items) : { state, effects: [] };
    default:
      return { state, effects: [rejectFrame("an answer of another kind")] };
  }
}

function onTimer(
  link: YouTubeLink,
  state: YouTubeState,
  timer: string,
  at: number,
): YouTubeReaction {
  switch (timer) {
    case LOOK:
      return state.broadcast === null ? look(link, state) : { state, effects: [] };
    case READ:
    case STALE:
      return read(link, state, at);
    case VIEWERS:
      return lookAtViewers(link, state);
    case RENEW:
      return renew(link, state);
    default:
      return { state, effects: [failSession(SILENT)] };
  }
}

type InputOf<T extends SocketInput["type"]> = Extract<SocketInput, { type: T }>;

function onAnswer(
  link: YouTubeLink,
  state: YouTubeState,
  input: InputOf<"request-answered">,
): YouTubeReaction {
  const { request, status, body, at } = input;
  const outcome = readOutcome(request, { status, body, at });
  if (status !== 401) return { state, effects: [outcome] };
  const refused = onTokenRefused(link, state);
  return { state: refused.state, effects: [outcome, ...refused.effects] };
}

function onEnded(
  link: YouTubeLink,
  state: YouTubeState,
  input: InputOf<"stream-ended">,
): YouTubeReaction {
  const { request, status, body, at } = input;
  if (request === READ) return onReadEnded(link, state, { status, body, at });
  if (request === VIEWERS) {
    return status === 401 ? onTokenRefused(link, state) : { state, effects: [] };
  }
  return state.broadcast === null
    ? onLookEnded(link, state, { status, body, at })
    : { state, effects: [] };
}

function onBalances(
  link: YouTubeLink,
  state: YouTubeState,
  told: readonly Balance[],
): YouTubeReaction {
  const balances = Object.fromEntries(told.map((each) => [each.bucket, each]));
  return tellAgain(link, { ...state, balances: { ...state.balances, ...balances } });
}

/** Something was not asked, since there is too little left, or nobody knows how much. */
function onWithheld(state: YouTubeState, input: InputOf<"request-withheld">): YouTubeReaction {
  const { request, balance, at } = input;
  if (request === VIEWERS) return { state, effects: [] };
  if (request !== LOOK && request !== READ) {
    return { state, effects: [failWithheld(request, balance, at)] };
  }
  if (balance?.bucket === UNITS_BUCKET) {
    return { state, effects: [failSession(describeQuota(at, balance.resetsAt))] };
  }
  return request === LOOK
    ? { state, effects: lookLater(state, at, balance === null ? MINUTE_MS : 60 * MINUTE_MS) }
    : { state, effects: [setTimer(READ, MINUTE_MS)] };
}
