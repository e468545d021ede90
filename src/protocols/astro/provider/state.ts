import { failSession, observeConnection, sendFrame, setTimer } from "../../effects.ts";
import type { ProviderEffect } from "../../session.ts";
import { subscribe } from "../wire/frames.ts";
import { toConnection } from "./connection.ts";
import type { ReconnectToken } from "./reconnect-token.ts";
import { describeRefusals } from "./refusal.ts";
import {
  markAsked,
  enqueue,
  isSettled,
  listNames,
  makeSubscriptions,
  findTopic,
  type Subscriptions,
} from "./subscriptions.ts";

// The documented rate: a command each 100 ms.
const PACE_MS = 100;

/** No answer is documented to take long: a topic that has none by then is asked for again. */
export const ANSWER_WITHIN_MS = 15_000;

/** The timers of single topics: they are left to run, and mean nothing once the answer is there. */
export const ANSWER = "answer:";
export const RETRY = "retry:";

/** A link to Astro, as its session needs it. */
export interface AstroLink {
  readonly dialId: string;
  readonly providerId: string;
  readonly topics: readonly string[];
  readonly room: string | undefined;
  readonly token: string;
  readonly tokenType: string;
  /** The state left by the session that this one replaces, or null. */
  readonly handOver: ReconnectToken | null;
}

export interface AstroSessionState {
  readonly subscriptions: Subscriptions;
  /** The room its connection goes by, once that is known. */
  readonly room: string | null;
  /** The server has not given the subscriptions back yet. */
  readonly isRestoring: boolean;
  /** The handshake is done: a socket that this one replaces may go. */
  readonly isReady: boolean;
  /** Something has been known of every topic while at least one was subscribed. */
  readonly isSettled: boolean;
  /** A command has just been sent: the next one waits for the timer. */
  readonly isPaced: boolean;
}

export interface AstroReaction {
  readonly state: AstroSessionState;
  readonly effects: readonly ProviderEffect[];
}

export function begin({ topics, room, handOver }: AstroLink): AstroSessionState {
  return {
    subscriptions: makeSubscriptions(topics, handOver?.topics),
    room: room ?? handOver?.room ?? null,
    isRestoring: handOver !== null,
    isReady: false,
    isSettled: false,
    isPaced: false,
  };
}

/** A topic's nonce. An answer to an earlier try is as good as one to the last. */
export function formatNonce(link: AstroLink, topic: string): string {
  return `${link.dialId}/${topic}`;
}

/** Asks for topics, as soon as the pace allows. */
export function ask(
  link: AstroLink,
  state: AstroSessionState,
  names: readonly string[],
): AstroReaction {
  const next = { ...state, subscriptions: enqueue(state.subscriptions, names) };
  return next.isPaced ? { state: next, effects: [] } : askNext(link, next);
}

/** Asks for the first topic in the queue, if there is one. */
export function askNext(link: AstroLink, state: AstroSessionState): AstroReaction {
  const [topic] = state.subscriptions.queue;
  if (topic === undefined) return { state: { ...state, isPaced: false }, effects: [] };
  const { room, token, tokenType } = link;
  const frame = subscribe({ nonce: formatNonce(link, topic), topic, room, token, tokenType });
  const isPending = findTopic(state.subscriptions, topic)?.status === "pending";
  return {
    state: { ...state, subscriptions: markAsked(state.subscriptions), isPaced: true },
    effects: [
      sendFrame(frame),
      setTimer("pace", PACE_MS),
      ...(isPending ? [setTimer(ANSWER + topic, ANSWER_WITHIN_MS)] : []),
    ],
  };
}

/**
 * Tells what has changed with the topics. Nothing is told while the first answers come in: until
 * each topic has one, the events of some may still be missed. What is given back is told of at once.
 */
export function report(
  link: AstroLink,
  before: AstroSessionState,
  after: AstroSessionState,
  effects: readonly ProviderEffect[] = [],
): AstroReaction {
  const { subscriptions } = after;
  const isSome = listNames(subscriptions, "subscribed").length > 0;
  const isOver = listNames(subscriptions, "refused").length === subscriptions.topics.length;
  const isSettledNow = !before.isSettled && isSome && isSettled(subscriptions);
  const isReady = after.isReady || isSettledNow;
  const room = after.room ?? (isSome || isOver ? link.providerId : null);
  const state = { ...after, room, isReady, isSettled: before.isSettled || isSettledNow };
  const isNews =
    isReady !== before.isReady ||
    isSettledNow ||
    isOver ||
    (before.isSettled && !saysTheSame(before.subscriptions, subscriptions));
  const told: ProviderEffect[] = [];
  if (isReady && !before.isReady) told.push({ type: "session-ready" });
  if (isNews && room !== null) {
    told.push(observeConnection(toConnection(room, link.dialId, state)));
  }
  if (isOver) told.push(failSession(describeRefusals(subscriptions.topics)));
  else if (isSettledNow) told.push({ type: "session-settled" });
  return { state, effects: [...effects, ...told] };
}

function saysTheSame(before: Subscriptions, after: Subscriptions): boolean {
  return JSON.stringify(before.topics) === JSON.stringify(after.topics);
}

/** A reaction that comes after other effects. */
export function setPredecessor(
  effects: readonly ProviderEffect[],
  reaction: AstroReaction,
): AstroReaction {
  return { ...reaction, effects: [...effects, ...reaction.effects] };
}
