import { decode } from "../../../lib/json.ts";
import {
  clearTimer,
  failSession,
  observeEvents,
  rejectFrame,
  sendFrame,
  setTimer,
} from "../../effects.ts";
import { readFrame } from "../../frame.ts";
import {
  startSession,
  type LinkFailure,
  type ProviderEffect,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { findChanges, readAccounts, draftStatus, type Accounts } from "../codec/status.ts";
import { toDraft } from "../codec/to-draft.ts";
import { ServerFrame, Status, STATUS_REQUEST, WriterResult } from "../wire/frames.ts";
import { observeChanges, dropEffects } from "./connections.ts";
import { EMPTY, expire, grant, hear, recheck, formatRoute, take, type Outbox } from "./outbox.ts";

// A status takes the server some look-ups in its database; after this long it will not come.
const ANSWER_WITHIN_MS = 15_000;

// The server's pings cannot be seen from here, and a chat may be quiet for hours: being asked is the
// only sign of life. It pings after 30 s itself.
const POLL_EVERY_MS = 30_000;

// Two answers and some slack: one that is late is not a dead socket.
const SILENCE_MS = 75_000;

/** A link to a multistreamer, as its session needs it. */
export interface MultistreamerLink {
  readonly dialId: string;
}

interface State {
  /** The first status has come. */
  readonly ready: boolean;
  readonly accounts: Accounts;
  /** How the stream is fed, as it was told last, as text. */
  readonly told: string | null;
  readonly outbox: Outbox;
}

interface Reaction {
  readonly state: State;
  readonly effects: readonly ProviderEffect[];
}

/** Begins a socket's session: it asks for the status again and again, and hears and writes chat. */
export function openSession(link: MultistreamerLink): Session<ProviderEffect> {
  const initial: State = { ready: false, accounts: {}, told: null, outbox: EMPTY };
  return startSession((state, input) => step(link, state, input), initial);
}

function step(link: MultistreamerLink, state: State, input: SocketInput): Reaction {
  switch (input.type) {
    case "socket-opened":
      return { state, effects: [sendFrame(STATUS_REQUEST), setTimer("answer", ANSWER_WITHIN_MS)] };
    case "timer-fired":
      return onTimer(link, state, input.timer);
    case "frame-received":
      return onFrame(link, state, input.frame);
    case "send-requested":
      return withOutbox(link, state, take(state.outbox, state.accounts, input.send));
    default:
      return { state, effects: [] };
  }
}

function onTimer(link: MultistreamerLink, state: State, timer: string): Reaction {
  switch (timer) {
    case "answer":
      return { state, effects: [failSession(UNANSWERED)] };
    case "silence":
      return { state, effects: [failSession(SILENT)] };
    case "poll":
      return { state, effects: [sendFrame(STATUS_REQUEST), setTimer("poll", POLL_EVERY_MS)] };
    default:
      return withOutbox(link, state, expire(state.outbox, timer));
  }
}

function onFrame(link: MultistreamerLink, state: State, text: string): Reaction {
  const decoded = readFrame(ServerFrame, text);
  if (!decoded.ok) return { state, effects: [rejectFrame(decoded.problem)] };
  const frame = decoded.value;
  switch (frame.type) {
    case "status":
      return onStatus(link, state, frame);
    case "writerresult":
      return onWriterResult(link, state, frame);
    default: {
      const heard = withOutbox(link, state, hear(state.outbox, frame));
      const drafts = [toDraft(frame, state.accounts)];
      return { ...heard, effects: [observeEvents(drafts), ...heard.effects] };
    }
  }
}

function onStatus({ dialId }: MultistreamerLink, before: State, frame: ServerFrame): Reaction {
  const decoded = decode(Status, frame);
  if (!decoded.ok) return { state: before, effects: [rejectFrame(`status: ${decoded.problem}`)] };
  const { accounts, unreadable } = readAccounts(decoded.value, before.accounts);
  const { outbox, effects: sent } = recheck(before.outbox, accounts);
  const status = draftStatus(decoded.value, accounts);
  const told = JSON.stringify(status.data);
  const state: State = { ready: true, accounts, told, outbox };
  const drafts = [
    ...(told === before.told ? [] : [status]),
    // What was so when the socket opened did not begin just now.
    ...(before.ready ? findChanges(before.accounts, accounts) : []),
  ];
  return {
    state,
    effects: [
      ...unreadable.map((id) => rejectFrame(`status: unreadable account ${id}`)),
      ...(before.ready ? [] : GREETED),
      setTimer("silence", SILENCE_MS),
      ...observeChanges(dialId, before, state),
      ...(drafts.length === 0 ? [] : [observeEvents(drafts)]),
      ...dropEffects(dialId, before.accounts, accounts),
      ...(before.ready ? [] : [{ type: "session-settled" as const }]),
      ...sent,
    ],
  };
}

function onWriterResult(link: MultistreamerLink, state: State, frame: ServerFrame): Reaction {
  const decoded = decode(WriterResult, frame);
  if (!decoded.ok) return { state, effects: [rejectFrame(`writerresult: ${decoded.problem}`)] };
  const { account_id: sender, cur_stream_account_id: target } = decoded.value;
  return withOutbox(link, state, grant(state.outbox, state.accounts, formatRoute(sender, target)));
}

/** Adds to a change of the outbox what it means for the connections that are ready. */
function withOutbox(
  { dialId }: MultistreamerLink,
  before: State,
  { outbox, effects }: { outbox: Outbox; effects: readonly ProviderEffect[] },
): Reaction {
  // Most frames change nothing here, and comparing the connections costs more than the frame.
  if (outbox.writers === before.outbox.writers) return { state: { ...before, outbox }, effects };
  const state = { ...before, outbox };
  return { state, effects: [...observeChanges(dialId, before, state), ...effects] };
}

const GREETED: readonly ProviderEffect[] = [
  clearTimer("answer"),
  setTimer("poll", POLL_EVERY_MS),
  { type: "session-ready" },
];

const UNANSWERED: LinkFailure = {
  remedy: "retry",
  reason: "handshake_timeout",
  detail: "The server did not answer the first status request.",
};

const SILENT: LinkFailure = {
  remedy: "retry",
  reason: "silent",
  detail: "The server answered no status request for 75 s.",
};
