import { formatConnectionId } from "../../../event/ids.ts";
import {
  clearTimer,
  failSession,
  observeConnection,
  observeEvents,
  rejectFrame,
  sendFrame,
  setTimer,
} from "../../effects.ts";
import {
  startSession,
  type ProviderEffect,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { readTag } from "../codec/fields.ts";
import { toDrafts } from "../codec/to-draft.ts";
import { listGreeting, ping, pong } from "../wire/frames.ts";
import { parseLine, splitLines, type Line } from "../wire/line.ts";
import { NO_WRITER, toConnection, type HandOver, type TwitchLink } from "./connection.ts";
import { NO_TAGS, NO_WELCOME, readNotice, SILENT } from "./failures.ts";
import { enter, keepPlace, NAME, onName, onSilence } from "./renaming.ts";
import type { TwitchReaction, TwitchState } from "./state.ts";
import { onLostRequest, onOutcome, onSend, onValidation, validate, VALIDATION } from "./writing.ts";

// A greeting comes at once.
const WELCOME_WITHIN_MS = 15_000;

// A room may be quiet for hours, and a dead socket is as well. Twitch answers a PING within 5 s.
const PROBE_AFTER_MS = 60_000;
const SILENCE_MS = PROBE_AFTER_MS + 10_000;

// A server that tells each socket to go is given so many at once, and then no more than any other that
// fails: what lived for a minute was a good one.
const HOPS_MAX = 5;
const GOOD_AFTER_MS = 60_000;

// A line has at most 8 KiB of tags and 512 bytes: what is longer has no end.
const REST_MAX = 16 * 1024;

/**
 * Begins a socket's session: it enters one room, and hears it. Reading needs no account and uses none;
 * what is written goes over HTTP.
 */
export function openSession(link: TwitchLink): Session<ProviderEffect> {
  const initial: TwitchState = {
    rest: "",
    room: link.known?.login ?? link.channel,
    isJoined: false,
    roomId: undefined,
    writer: link.handOver?.writer ?? NO_WRITER,
    isRenewing: false,
    openedAt: 0,
  };
  return startSession((state, input) => step(link, state, input), initial);
}

function step(link: TwitchLink, state: TwitchState, input: SocketInput): TwitchReaction {
  switch (input.type) {
    case "socket-opened":
      return {
        state: { ...state, openedAt: input.at },
        effects: [
          ...listGreeting(makeNick(link.dialId)).map(sendFrame),
          setTimer("welcome", WELCOME_WITHIN_MS),
          ...validate(link),
        ],
      };
    case "frame-received":
      return onFrame(link, state, input.frame, input.at);
    case "timer-fired":
      return { state, effects: onTimer(link, input.timer) };
    case "send-requested":
      return { state, effects: onSend(link, state, input.send) };
    case "request-answered":
      return onAnswer(link, state, input);
    case "request-lost":
      return input.request === NAME
        ? onName(link, state, 0, "")
        : { state, effects: [onLostRequest(input.request)] };
    default:
      // Nothing is asked for here that costs something, is read as it comes, or renews credentials.
      return { state, effects: [] };
  }
}

function onAnswer(
  link: TwitchLink,
  state: TwitchState,
  answer: Extract<SocketInput, { type: "request-answered" }>,
): TwitchReaction {
  const { request, status, body } = answer;
  switch (request) {
    case VALIDATION:
      return onValidation(link, state, status, body);
    case NAME:
      return onName(link, state, status, body);
    default:
      return onOutcome(link, state, request, answer);
  }
}

/** A name of nobody's, and another at each dial: one that is taken is thrown out. */
function makeNick(dialId: string): string {
  let digits = 0;
  for (let at = 0; at < dialId.length; at++) {
    digits = (digits * 31 + dialId.charCodeAt(at)) % 9_000_000;
  }
  return `justinfan${1_000_000 + digits}`;
}

function onFrame(link: TwitchLink, before: TwitchState, frame: string, at: number): TwitchReaction {
  const { lines, rest } = splitLines(before.rest + frame);
  const isBegun = isBeginning(rest) && rest.length <= REST_MAX;
  let state: TwitchState = { ...before, rest: isBegun ? rest : "" };
  const effects: ProviderEffect[] = [
    setTimer("probe", PROBE_AFTER_MS),
    setTimer("silence", SILENCE_MS),
  ];
  const isStray = !isBegun && (rest !== "" || frame === "");
  for (const text of isStray ? [...lines, rest] : lines) {
    const line = parseLine(text);
    const reaction =
      line === null ? reject(state, "no line of IRC") : onLine(link, state, line, at);
    state = reaction.state;
    effects.push(...reaction.effects);
  }
  return { state, effects };
}

/** May it be the beginning of a line? Twitch ends each of its frames with a whole one. */
function isBeginning(rest: string): boolean {
  return /^(?:[@:]|[A-Z]+(?: |$))/.test(rest);
}

function reject(state: TwitchState, problem: string): TwitchReaction {
  return { state, effects: [rejectFrame(problem)] };
}

function onLine(link: TwitchLink, state: TwitchState, line: Line, at: number): TwitchReaction {
  switch (line.command) {
    case "PING":
      return { state, effects: [sendFrame(pong(line.params.at(-1) ?? ""))] };
    case "001":
      return {
        state,
        effects: [clearTimer("welcome"), ...enter(state.room)],
      };
    case "CAP":
      return { state, effects: line.params[1] === "NAK" ? [failSession(NO_TAGS)] : [] };
    case "NOTICE": {
      const failure = readNotice(link.channel, line);
      return { state, effects: failure === null ? [] : [failSession(failure)] };
    }
    case "RECONNECT":
      return { state, effects: [openSuccessor(link, state, at)] };
    case "ROOMSTATE": {
      const joined = onRoomState(link, state, line);
      return { state: joined.state, effects: [...joined.effects, ...observe(link, line)] };
    }
    default:
      return { state, effects: observe(link, line) };
  }
}

function observe({ channel }: TwitchLink, line: Line): ProviderEffect[] {
  const drafts = toDrafts(formatConnectionId("twitch-irc", channel), line);
  if (drafts === null) return [rejectFrame(`unreadable ${line.command}`)];
  return drafts.length === 0 ? [] : [observeEvents(drafts)];
}

/** The first that is whole is the sign that the room is entered. */
function onRoomState(link: TwitchLink, state: TwitchState, line: Line): TwitchReaction {
  const isWhole = ["slow", "subs-only"].every((name) => readTag(line, name) !== undefined);
  if (state.isJoined || !isWhole || line.params[0] !== `#${state.room}`) {
    return { state, effects: [] };
  }
  const joined = { ...state, isJoined: true, roomId: readTag(line, "room-id") };
  return {
    state: joined,
    effects: [
      clearTimer("welcome"),
      clearTimer("room"),
      { type: "session-ready" },
      observeConnection(toConnection(link, joined)),
      { type: "session-settled" },
      keepPlace(link, joined),
    ],
  };
}

/** The server goes away: another socket is to be in the room before this one is left. */
function openSuccessor({ handOver }: TwitchLink, state: TwitchState, at: number): ProviderEffect {
  const reason = "provider_restarting";
  const wasGood = at - state.openedAt >= GOOD_AFTER_MS;
  const hops = wasGood || handOver === null ? 1 : handOver.hops + 1;
  if (hops > HOPS_MAX) return { type: "session-replace", reason };
  const left: HandOver = { isRenewed: false, hops, writer: state.writer };
  return { type: "session-replace", reason, handOver: JSON.stringify(left) };
}

function onTimer(link: TwitchLink, timer: string): ProviderEffect[] {
  switch (timer) {
    case "probe":
      return [sendFrame(ping("tributary"))];
    case VALIDATION:
      return validate(link);
    case "welcome":
      return [failSession(NO_WELCOME)];
    case "room":
      return [onSilence(link)];
    default:
      return [failSession(SILENT)];
  }
}
