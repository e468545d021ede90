import {
  clearTimer,
  confirmSend,
  failSend,
  issueSend,
  sendFrame,
  setTimer,
} from "../../effects.ts";
import type { ProviderEffect, SendFailure } from "../../session.ts";
import { formatUserInterface } from "../wire/frames.ts";
import { chooseId, isNone, PACE_MS, type Shown } from "../wire/limits.ts";
import { TRANSFER_FAILED, type ServerAnswer } from "./refusals.ts";

/** Something to show. Without a job it is what the socket before this one showed. */
interface Item {
  readonly job: string | null;
  readonly shown: Shown;
}

/** The interfaces to show on one socket, sent and waiting. */
export interface Outbox {
  /**
   * Sent, and not answered: an answer does not say to what it is one, so there is one at a time.
   */
  readonly awaited: Item | null;
  /** Taken on, and not sent yet. A newer one takes its place. */
  readonly waiting: Item | null;
  /** Nothing may be sent until the timer `pace` has fired. */
  readonly isResting: boolean;
  /** The ids under one of which the server holds an interface; null for none. Empty: not known. */
  readonly held: readonly (string | null)[];
  /** The interface that the server took last. */
  readonly accepted: Shown;
  readonly warnings: number;
}

/** An outbox on which something happened, and what to do. */
export interface Turn {
  readonly outbox: Outbox;
  readonly effects: readonly ProviderEffect[];
}

/** Before the handshake is done nothing may be sent. */
export const CLOSED: Outbox = {
  awaited: null,
  waiting: null,
  isResting: true,
  held: [],
  accepted: {},
  warnings: 0,
};

// The fifth ends the socket.
const MAX_WARNINGS = 4;

// It passes a message on to Twitch before it answers.
const ANSWER_WITHIN_MS = 30_000;

// When the socket before this one closes, what is shown is taken away: by then that has happened.
const RESTORE_AFTER_MS = 2000;

// A dial that was asked for has come to something or to nothing by then: 15 s, and 30 s for the ok.
const REPLACE_AGAIN_MS = 90_000;

const EXHAUSTED: SendFailure = { reason: "warnings_exhausted", retryable: true };
const SUPERSEDED: SendFailure = { reason: "superseded", retryable: false };
const LOST: SendFailure = { reason: "connection_lost", retryable: true };

/** The handshake is done. `before` is what the socket before this one showed. */
export function onOpened(outbox: Outbox, before: Shown | null): Turn {
  if (before === null) return sendNext({ ...outbox, isResting: false });
  const waiting = outbox.waiting ?? { job: null, shown: before };
  const rest: ProviderEffect = setTimer("pace", RESTORE_AFTER_MS);
  return { outbox: { ...outbox, waiting }, effects: [rest] };
}

/** Something is to be shown. */
export function onRequested(outbox: Outbox, job: string, shown: Shown): Turn {
  if (isExhausted(outbox)) return { outbox, effects: failItem({ job, shown }, EXHAUSTED) };
  const superseded = failItem(outbox.waiting, SUPERSEDED);
  const turn = sendNext({ ...outbox, waiting: { job, shown } });
  return { ...turn, effects: [...superseded, ...turn.effects] };
}

/** The least time between two messages has passed. */
export function onRested(outbox: Outbox): Turn {
  return sendNext({ ...outbox, isResting: false });
}

/** The server answered what was sent; where nothing was, only its warning counts. */
export function onAnswered(outbox: Outbox, answer: Exclude<ServerAnswer, { type: "fatal" }>): Turn {
  const { awaited } = outbox;
  const warnings = outbox.warnings + (answer.type === "refused" && answer.counts ? 1 : 0);
  const after = { ...applyAnswer(outbox, answer), awaited: null, warnings };
  const effects: ProviderEffect[] = [];
  if (awaited !== null) effects.push(clearTimer("answer"));
  if (answer.type === "shown" || isAlreadyGone(outbox, answer))
    effects.push(...confirmItem(awaited));
  else effects.push(...failItem(awaited, answer.failure));
  if (!isExhausted(after)) {
    const turn = sendNext(after);
    return { ...turn, effects: [...effects, ...turn.effects] };
  }
  effects.push(...failItem(after.waiting, EXHAUSTED));
  if (!isExhausted(outbox)) effects.push(...replaceAccepted(after));
  return { outbox: { ...after, waiting: null }, effects };
}

/** The socket is of no use any more. `failure`: what became of what was sent and not answered. */
export function abandonAll(outbox: Outbox, failure: SendFailure): ProviderEffect[] {
  return [...failItem(outbox.awaited, failure), ...failItem(outbox.waiting, LOST)];
}

/** Asks for a new socket, which has its own count, and asks again should none come. */
export function replaceAccepted({ accepted }: Outbox): ProviderEffect[] {
  return [
    {
      type: "session-replace",
      reason: EXHAUSTED.reason,
      ...(!isNone(accepted) && { handOver: JSON.stringify(accepted) }),
    },
    setTimer("replace", REPLACE_AGAIN_MS),
  ];
}

function isExhausted({ warnings }: Outbox): boolean {
  return warnings >= MAX_WARNINGS;
}

/** Sends what waits, if it may be sent by now. */
function sendNext(outbox: Outbox): Turn {
  const { awaited, waiting, isResting, held } = outbox;
  if (waiting === null || awaited !== null || isResting) return { outbox, effects: [] };
  const { job, shown } = waiting;
  // It would be refused, and is as it should be.
  if (isNone(shown) && held.length === 1 && held[0] === null) {
    return { outbox: { ...outbox, waiting: null }, effects: confirmItem(waiting) };
  }
  const sent = isNone(shown) ? shown : { ...shown, id: chooseId(shown, held) };
  return {
    outbox: { ...outbox, awaited: { job, shown: sent }, waiting: null, isResting: true },
    effects: [
      ...(job === null ? [] : [issueSend(job)]),
      sendFrame(formatUserInterface(sent)),
      setTimer("answer", ANSWER_WITHIN_MS),
      setTimer("pace", PACE_MS),
    ],
  };
}

/** Updates which interface the server holds, as far as an answer tells. */
function applyAnswer(outbox: Outbox, answer: ServerAnswer): Outbox {
  const { awaited, held } = outbox;
  if (awaited === null) return outbox;
  const { id = null } = awaited.shown;
  if (answer.type === "shown") return { ...outbox, held: [id], accepted: awaited.shown };
  // Stored before it is passed on, says the real server's source; after, for all we know of others.
  if (answer.failure === TRANSFER_FAILED) return { ...outbox, held: [...held.slice(0, 1), id] };
  if (answer.failure.reason !== "duplicate_id") return outbox;
  return { ...outbox, held: [id], ...(id === null && { accepted: {} }) };
}

/** It was to be taken away, and is not there. */
function isAlreadyGone({ awaited }: Outbox, answer: ServerAnswer): boolean {
  const isRefused = answer.type === "refused" && answer.failure.reason === "duplicate_id";
  return isRefused && awaited !== null && isNone(awaited.shown);
}

function confirmItem(item: Item | null): ProviderEffect[] {
  return item === null || item.job === null ? [] : [confirmSend(item.job)];
}

function failItem(item: Item | null, failure: SendFailure): ProviderEffect[] {
  return item === null || item.job === null ? [] : [failSend(item.job, failure)];
}
