import { z } from "zod";

import type { EventDraft } from "../../../event/event.ts";
import { decode } from "../../../lib/json.ts";
import { readFrame } from "../../frame.ts";
import { commonRefusal, type ProviderAdapter } from "../../provider.ts";
import { startSession, type Failure, type ProviderEffect, type Step } from "../../session.ts";
import { changesOf, PROTOCOL, readAccounts, statusDraft, type Accounts } from "../codec/status.ts";
import { toDraft } from "../codec/to-draft.ts";
import { ServerFrame, Status, STATUS_REQUEST, WriterResult } from "../wire/frames.ts";
import { connectionEffects, dropEffects } from "./connections.ts";
import { EMPTY, expire, grant, hear, recheck, routeOf, take, type Outbox } from "./outbox.ts";
import { sending } from "./sending.ts";

// A status takes the server some look-ups in its database; after this long it will not come.
const ANSWER_WITHIN_MS = 15_000;

// The server's pings cannot be seen from here, and a chat may be quiet for hours: being asked is the
// only sign of life. It pings after 30 s itself.
const POLL_EVERY_MS = 30_000;

// Two answers and some slack: one that is late is not a dead socket.
const SILENCE_MS = 75_000;

const Target = z
  .strictObject({ streamId: z.string().regex(/^[\w-]{1,100}$/) })
  .describe("`{streamId}`");
const Credentials = z
  .strictObject({
    // It goes into an address: printable ASCII. The server's own are 20 hexadecimal digits.
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, "must be printable ASCII")
      .max(4096),
  })
  .describe("`{token}`");

/** Dials a multistreamer and hears, and speaks in, the chats of one stream. */
export const provider: ProviderAdapter = {
  protocol: PROTOCOL,
  Target,
  Credentials,
  // Everybody runs their own.
  defaultUrl: null,
  // Which accounts there are, a status tells.
  claims: () => [],
  secrets: (credentials) => [Credentials.parse(credentials).token],
  dial(link) {
    if (link.url === null) throw new Error("a multistreamer without an address");
    const url = new URL(link.url);
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/ws/${Target.parse(link.target).streamId}`;
    url.searchParams.set("token", Credentials.parse(link.credentials).token);
    return { url: url.toString(), protocols: [] };
  },
  open: ({ dialId }) => startSession<State, ProviderEffect>(stepFor(dialId), START),
  refused(refusal) {
    const isDenied = refusal.status === 403 && /^\s*not authorized/i.test(refusal.body);
    return isDenied ? NOT_AUTHORIZED : commonRefusal(refusal);
  },
  closed: ({ code, reason }) => ({
    remedy: "retry",
    reason: "socket_closed",
    detail: `The server closed the socket (${code}${reason === "" ? "" : `, ${reason}`}).`,
  }),
  sending,
};

const NOT_AUTHORIZED: Failure = {
  remedy: "stop",
  reason: "not_authorized",
  detail:
    "The server says Not authorized: the token is not valid, there is no stream with this id, or the token's user may not read its chat.",
};

interface State {
  /** The first status has come. */
  readonly ready: boolean;
  readonly accounts: Accounts;
  /** What was told last of how the stream is fed, as text. */
  readonly told: string | null;
  readonly outbox: Outbox;
}

const START: State = { ready: false, accounts: {}, told: null, outbox: EMPTY };

type Reaction = ReturnType<Step<State, ProviderEffect>>;

function stepFor(dialId: string): Step<State, ProviderEffect> {
  return (state, input) => {
    switch (input.type) {
      case "socket-opened":
        return {
          state,
          effects: [
            { type: "frame-send", frame: STATUS_REQUEST },
            { type: "timer-set", timer: "answer", afterMs: ANSWER_WITHIN_MS },
          ],
        };
      case "timer-fired":
        return onTimer(state, input.timer);
      case "frame-received":
        return onFrame(state, input.frame);
      case "send-requested":
        return withOutbox(state, take(state.outbox, state.accounts, input.send));
      default:
        return { state, effects: [] };
    }
  };

  function onTimer(state: State, timer: string): Reaction {
    switch (timer) {
      case "answer":
        return { state, effects: [fail(UNANSWERED)] };
      case "silence":
        return { state, effects: [fail(SILENT)] };
      case "poll":
        return { state, effects: [{ type: "frame-send", frame: STATUS_REQUEST }, poll] };
      default:
        return withOutbox(state, expire(state.outbox, timer));
    }
  }

  function onFrame(state: State, text: string): Reaction {
    const decoded = readFrame(ServerFrame, text);
    if (!decoded.ok) return { state, effects: [reject(decoded.problem)] };
    const frame = decoded.value;
    switch (frame.type) {
      case "status":
        return onStatus(state, frame);
      case "writerresult":
        return onWriterResult(state, frame);
      default: {
        const heard = withOutbox(state, hear(state.outbox, frame));
        const drafts = [toDraft(frame, state.accounts)];
        return { ...heard, effects: [observe(drafts), ...heard.effects] };
      }
    }
  }

  function onStatus(before: State, frame: ServerFrame): Reaction {
    const decoded = decode(Status, frame);
    if (!decoded.ok) return { state: before, effects: [reject(`status: ${decoded.problem}`)] };
    const { accounts, unreadable } = readAccounts(decoded.value, before.accounts);
    const { outbox, effects: sent } = recheck(before.outbox, accounts);
    const status = statusDraft(decoded.value, accounts);
    const told = JSON.stringify(status.data);
    const state: State = { ready: true, accounts, told, outbox };
    const drafts = [
      ...(told === before.told ? [] : [status]),
      // What was so when the socket opened did not begin just now.
      ...(before.ready ? changesOf(before.accounts, accounts) : []),
    ];
    return {
      state,
      effects: [
        ...unreadable.map((id) => reject(`status: unreadable account ${id}`)),
        ...(before.ready ? [] : greeting),
        alive,
        ...connectionEffects(dialId, before, state),
        ...(drafts.length === 0 ? [] : [observe(drafts)]),
        ...dropEffects(dialId, before.accounts, accounts),
        ...(before.ready ? [] : [{ type: "session-settled" as const }]),
        ...sent,
      ],
    };
  }

  function onWriterResult(state: State, frame: ServerFrame): Reaction {
    const decoded = decode(WriterResult, frame);
    if (!decoded.ok) return { state, effects: [reject(`writerresult: ${decoded.problem}`)] };
    const { account_id: sender, cur_stream_account_id: target } = decoded.value;
    return withOutbox(state, grant(state.outbox, state.accounts, routeOf(sender, target)));
  }

  /** What came of a change to the outbox, and what it means for who is ready. */
  function withOutbox(
    before: State,
    { outbox, effects }: { outbox: Outbox; effects: readonly ProviderEffect[] },
  ): Reaction {
    // Most frames change nothing here, and comparing the connections costs more than the frame.
    if (outbox.writers === before.outbox.writers) return { state: { ...before, outbox }, effects };
    const state = { ...before, outbox };
    return { state, effects: [...connectionEffects(dialId, before, state), ...effects] };
  }
}

const poll: ProviderEffect = { type: "timer-set", timer: "poll", afterMs: POLL_EVERY_MS };
const alive: ProviderEffect = { type: "timer-set", timer: "silence", afterMs: SILENCE_MS };

const greeting: ProviderEffect[] = [
  { type: "timer-clear", timer: "answer" },
  poll,
  { type: "session-ready" },
];

const UNANSWERED: Failure = {
  remedy: "retry",
  reason: "handshake_timeout",
  detail: "The server did not answer the first status request.",
};

const SILENT: Failure = {
  remedy: "retry",
  reason: "silent",
  detail: "The server answered no status request for 75 s.",
};

function observe(drafts: readonly EventDraft[]): ProviderEffect {
  return { type: "events-observe", drafts };
}

function reject(problem: string): ProviderEffect {
  return { type: "frame-reject", problem };
}

function fail(failure: Failure): ProviderEffect {
  return { type: "session-fail", failure };
}
