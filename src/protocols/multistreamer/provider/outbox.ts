import { decode, lookUp } from "../../../lib/json.ts";
import {
  clearTimer,
  confirmSend,
  failSend,
  issueSend,
  sendFrame,
  setTimer,
} from "../../effects.ts";
import type { ProviderEffect, SendRequest } from "../../session.ts";
import type { Accounts } from "../codec/status.ts";
import { SaidFrame, formatChat, formatWriterRequest, type ServerFrame } from "../wire/frames.ts";
import { isEcho, toOutgoingMessage, findObstacle, type OutgoingMessage } from "./sending.ts";

// A writer logs in to its network's chat, for which the server waits before it answers. One that has
// not answered after this long has failed: of that nothing is said.
const WRITER_WITHIN_MS = 15_000;

// YouTube is asked for its messages every few seconds, at an interval that it chooses itself.
const ECHO_WITHIN_MS = 30_000;

const WRITER = "writer:";
const ECHO = "echo:";

/** The messages that wait, those without an echo yet, and the routes that have a writer. */
export interface Outbox {
  /** Those that need a writer first. */
  readonly waiting: readonly OutgoingMessage[];
  /** Those that have gone out and have not come back, in their order. */
  readonly issued: readonly OutgoingMessage[];
  /** The routes that have a writer, granted on this socket. */
  readonly writers: readonly string[];
}

export const EMPTY: Outbox = { waiting: [], issued: [], writers: [] };

interface Reaction {
  readonly outbox: Outbox;
  readonly effects: readonly ProviderEffect[];
}

/** The way from one account to the chat of another. */
export function formatRoute(sender: string, target: string): string {
  return `${sender}>${target}`;
}

/** Has the account a writer to anywhere? */
export function hasWriter({ writers }: Outbox, account: string): boolean {
  return writers.some((route) => route.startsWith(formatRoute(account, "")));
}

/** Somebody wants something said. */
export function take(outbox: Outbox, accounts: Accounts, send: SendRequest): Reaction {
  const outgoing = toOutgoingMessage(send, accounts);
  if ("reason" in outgoing) return { outbox, effects: [failSend(send.job, outgoing)] };
  return sort(outbox, { ...outbox, waiting: [...outbox.waiting, outgoing] }, accounts);
}

/** The accounts are told of anew. A writer goes with either of its accounts. */
export function recheck(outbox: Outbox, accounts: Accounts): Reaction {
  const writers = outbox.writers.filter((route) =>
    route.split(">").every((account) => lookUp(accounts, account) !== undefined),
  );
  return sort(outbox, { ...outbox, writers }, accounts);
}

/** There is a writer now. */
export function grant(outbox: Outbox, accounts: Accounts, route: string): Reaction {
  const writers = [...outbox.writers.filter((each) => each !== route), route];
  return sort(outbox, { ...outbox, writers }, accounts);
}

/** Somebody said something: maybe it is one of ours, come back. The first that fits it is. */
export function hear(outbox: Outbox, frame: ServerFrame): Reaction {
  if (outbox.issued.length === 0) return { outbox, effects: [] };
  const said = decode(SaidFrame, frame);
  const outgoing = said.ok ? outbox.issued.find((each) => isEcho(said.value, each)) : undefined;
  if (outgoing === undefined) return { outbox, effects: [] };
  return {
    outbox: without(outbox, outgoing),
    effects: [clearTimer(ECHO + outgoing.job), confirmSend(outgoing.job)],
  };
}

/** A time is over; one that is none of ours changes nothing. */
export function expire(outbox: Outbox, timer: string): Reaction {
  if (timer.startsWith(WRITER)) return onDenied(outbox, timer.slice(WRITER.length));
  const outgoing = outbox.issued.find(({ job }) => timer === ECHO + job);
  return outgoing === undefined ? { outbox, effects: [] } : failUnconfirmed(outbox, outgoing);
}

function onDenied(outbox: Outbox, route: string): Reaction {
  const given = outbox.waiting.filter((outgoing) => findRoute(outgoing) === route);
  return {
    outbox: { ...outbox, waiting: outbox.waiting.filter((outgoing) => !given.includes(outgoing)) },
    effects: given.map(({ job }) =>
      failSend(job, { reason: "writer_not_granted", retryable: true }),
    ),
  };
}

/**
 * It may have arrived. The writer may be gone, which nobody tells: the next message asks for one.
 */
function failUnconfirmed(outbox: Outbox, outgoing: OutgoingMessage): Reaction {
  const rest = without(outbox, outgoing);
  return {
    outbox: { ...rest, writers: rest.writers.filter((route) => route !== findRoute(outgoing)) },
    effects: [failSend(outgoing.job, { reason: "unconfirmed", retryable: false })],
  };
}

/** Sends out what can go, gives up what cannot, and sees to it that the rest gets its writers. */
function sort(before: Outbox, now: Outbox, accounts: Accounts): Reaction {
  const waiting: OutgoingMessage[] = [];
  const issued = [...now.issued];
  const sent: ProviderEffect[] = [];
  for (const outgoing of now.waiting) {
    const obstacle = findObstacle(outgoing, accounts);
    if (obstacle !== null) {
      sent.push(failSend(outgoing.job, obstacle));
    } else if (isReady(outgoing, now, accounts)) {
      issued.push(outgoing);
      sent.push(...issue(outgoing));
    } else {
      waiting.push(outgoing);
    }
  }
  const outbox = { ...now, waiting, issued };
  return { outbox, effects: [...requestWriters(before, outbox), ...sent] };
}

/** Every route that messages wait for has been asked for, once, and has its time. */
function requestWriters(before: Outbox, after: Outbox): ProviderEffect[] {
  const listRoutes = ({ waiting }: Outbox): string[] => [...new Set(waiting.map(findRoute))];
  const asked = listRoutes(before);
  const wanted = listRoutes(after);
  const done = asked.filter((route) => !wanted.includes(route));
  const fresh = after.waiting.filter(
    (outgoing, at, all) =>
      !asked.includes(findRoute(outgoing)) &&
      all.findIndex((each) => findRoute(each) === findRoute(outgoing)) === at,
  );
  return [
    ...done.map((route) => clearTimer(WRITER + route)),
    ...fresh.flatMap((outgoing): ProviderEffect[] => [
      sendFrame(formatWriterRequest(outgoing)),
      setTimer(WRITER + findRoute(outgoing), WRITER_WITHIN_MS),
    ]),
  ];
}

/** An account that is ready writes to its own chat; to another's it needs a writer of its own. */
function isReady(outgoing: OutgoingMessage, { writers }: Outbox, accounts: Accounts): boolean {
  const isAtHome =
    outgoing.sender === outgoing.target && lookUp(accounts, outgoing.sender)?.ready === true;
  return isAtHome || writers.includes(findRoute(outgoing));
}

function issue(outgoing: OutgoingMessage): ProviderEffect[] {
  const { job, type, words } = outgoing;
  return [
    issueSend(job),
    sendFrame(formatChat(type, outgoing, words)),
    setTimer(ECHO + job, ECHO_WITHIN_MS),
  ];
}

function findRoute({ sender, target }: OutgoingMessage): string {
  return formatRoute(sender, target);
}

function without(outbox: Outbox, outgoing: OutgoingMessage): Outbox {
  return { ...outbox, issued: outbox.issued.filter((each) => each !== outgoing) };
}
