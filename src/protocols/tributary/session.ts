import { decodeFilter, type Filter } from "../../event/filter.ts";
import { parsePosition, type Position } from "../../event/position.ts";
import type { Scope } from "../../event/principal.ts";
import type { SendAsk, SendRefusal } from "../../event/sending.ts";
import { omitUndefined } from "../../lib/given.ts";
import { decode, parseJson, type Json } from "../../lib/json.ts";
import {
  ClientFrame,
  COMMANDS_MAX,
  COMMANDS_WITHIN_MS,
  CloseCode,
  formatFailure,
  FAULTS_MAX,
  FAULTS_WITHIN_MS,
  Identified,
  MAX_FRAME_BYTES,
  PONG,
  type CommandError,
  type CommandId,
} from "./wire.ts";

/** The recent frames of a client, as its session remembers them. Times in milliseconds. */
export interface CommandState {
  /** The times of the recent unreadable frames. */
  readonly faults: readonly number[];
  /** The beginning of the current ten seconds, and how many commands came in them. */
  readonly windowAt: number;
  readonly commands: number;
}

export const NO_COMMANDS: CommandState = { faults: [], windowAt: 0, commands: 0 };

/** The effects of a client's frame. */
export type CommandEffect =
  | { readonly type: "frame-send"; readonly frame: string }
  | {
      readonly type: "subscription-replace";
      readonly id: CommandId;
      readonly filter: Filter;
      readonly after: Position | null;
    }
  | { readonly type: "status-tell"; readonly id: CommandId }
  /** To be answered with the send's id, or with why it cannot be. */
  | { readonly type: "send-ask"; readonly id: CommandId; readonly ask: Omit<SendAsk, "sender"> }
  | { readonly type: "socket-close"; readonly code: number; readonly reason: string };

/** A client, as its session knows it. */
export interface CommandContext {
  readonly takesCommands: boolean;
  readonly scopes: readonly Scope[];
  readonly at: number;
}

/** A client's frame, and what to do about it. Never throws, whatever the frame is. */
export function onFrame(
  state: CommandState,
  frame: string | null,
  context: CommandContext,
): { state: CommandState; effects: CommandEffect[] } {
  const within = context.at - state.windowAt < COMMANDS_WITHIN_MS;
  const counted: CommandState = within
    ? { ...state, commands: state.commands + 1 }
    : { ...state, windowAt: context.at, commands: 1 };
  if (counted.commands > COMMANDS_MAX) {
    const close = { code: CloseCode.rate, reason: "too many frames" };
    return { state: counted, effects: [{ type: "socket-close", ...close }] };
  }
  const read = readFrame(frame, context.takesCommands);
  if (!read.ok) return onFault(counted, read, context);
  return { state: counted, effects: perform(read.frame, context) };
}

function perform(frame: ClientFrame, { scopes }: CommandContext): CommandEffect[] {
  switch (frame.type) {
    case "ping":
      return [{ type: "frame-send", frame: PONG }];
    case "status":
      return [{ type: "status-tell", id: frame.id }];
    case "subscribe": {
      const filter = decodeFilter(frame);
      if (!filter.ok) return [refuse(frame.id, "bad_filter", filter.problem)];
      const after = frame.after == null ? null : parsePosition(frame.after);
      if (frame.after != null && after === null) {
        return [refuse(frame.id, "bad_position", "after is no position")];
      }
      return [{ type: "subscription-replace", id: frame.id, filter: filter.value, after }];
    }
    case "send": {
      if (!scopes.includes("chat:write")) return [forbid(frame.id, "chat:write")];
      const { id, sendId = null, text, kind, to = null, as, replyTo } = frame;
      const style = kind ?? "text";
      const about = { as: as ?? undefined, replyTo: replyTo ?? undefined };
      const content = omitUndefined({ kind: "chat" as const, style, text, ...about });
      return [{ type: "send-ask", id, ask: { sendId, to, content } }];
    }
    case "interface": {
      if (!scopes.includes("interface:write")) return [forbid(frame.id, "interface:write")];
      const { id, sendId = null } = frame;
      const content = { kind: "ui" as const, interface: frame.interface as Json };
      return [{ type: "send-ask", id, ask: { sendId, to: null, content } }];
    }
  }
}

/** The answer to a `send-ask` that was refused. */
export function formatRefusedSend(
  id: CommandId,
  refusal: { code: SendRefusal; detail: string; retryAfterSeconds?: number },
): string {
  const { code, detail, retryAfterSeconds } = refusal;
  const error: CommandError = {
    code: SEND_CODES[code],
    message: detail,
    retryable: code === "send_queue_full",
    ...(retryAfterSeconds !== undefined && { retryAfter: retryAfterSeconds }),
  };
  return formatFailure(id, error);
}

/** The answer to a `status-tell` that was refused. */
export function formatRefusedStatus(id: CommandId, message: string): string {
  return formatFailure(id, { code: "forbidden", message, retryable: false });
}

const SEND_CODES: Record<SendRefusal, CommandError["code"]> = {
  unauthorized: "forbidden",
  forbidden: "forbidden",
  channel_not_found: "internal",
  connection_not_found: "connection_not_found",
  not_writable: "not_writable",
  invalid_input: "bad_content",
  send_conflict: "send_conflict",
  send_queue_full: "send_queue_full",
};

type Read =
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly id: CommandId | null; readonly error: CommandError };

/** `null` stands for a binary frame. */
function readFrame(text: string | null, takesCommands: boolean): Read {
  if (text === null) return answerUnreadable("bad_frame", "binary frames are not read");
  // A UTF-16 unit is at most three bytes of UTF-8: only what may be too long is measured.
  if (text.length * 3 > MAX_FRAME_BYTES && countBytes(text) > MAX_FRAME_BYTES) {
    return answerUnreadable("frame_too_large", `at most ${MAX_FRAME_BYTES} bytes`);
  }
  if (!takesCommands) return answerUnreadable("bad_frame", "this dialect takes no frames");
  const parsed = parseJson(text);
  if (!parsed.ok) return answerUnreadable("bad_frame", parsed.problem);
  const decoded = decode(ClientFrame, parsed.value);
  if (decoded.ok) return { ok: true, frame: decoded.value };
  const identified = decode(Identified, parsed.value);
  const id = identified.ok ? (identified.value.id ?? null) : null;
  const isUnknown = decoded.problem.startsWith("type:");
  return answerUnreadable(isUnknown ? "unknown_type" : "bad_frame", decoded.problem, id);
}

function answerUnreadable(
  code: CommandError["code"],
  message: string,
  id: CommandId | null = null,
): Read {
  return { ok: false, id, error: { code, message, retryable: false } };
}

function onFault(
  state: CommandState,
  { id, error }: { id: CommandId | null; error: CommandError },
  { takesCommands, at }: CommandContext,
): { state: CommandState; effects: CommandEffect[] } {
  const faults = [...state.faults.filter((each) => at - each < FAULTS_WITHIN_MS), at];
  const effects: CommandEffect[] = [];
  if (takesCommands) effects.push({ type: "frame-send", frame: formatFailure(id, error) });
  if (faults.length >= FAULTS_MAX) {
    const reason = "too many unreadable frames";
    effects.push({ type: "socket-close", code: CloseCode.protocolError, reason });
  }
  return { state: { ...state, faults }, effects };
}

function refuse(id: CommandId, code: CommandError["code"], message: string): CommandEffect {
  return { type: "frame-send", frame: formatFailure(id, { code, message, retryable: false }) };
}

function forbid(id: CommandId, scope: Scope): CommandEffect {
  return refuse(id, "forbidden", `needs the scope ${scope}`);
}

function countBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
