/*
 * The frames that a connection is sent: filters, and commands that are answered. Pure.
 */
import { dial } from "./dialling.ts";
import type { Failure } from "./errors.ts";
import type { Lists } from "./filter.ts";
import type { CommandError } from "./frames.ts";
import type { Asked, Line } from "./session-state.ts";
import { act, clearTimers, fail, send, type Turn } from "./turn.ts";

/** Tells the connection of a filter that is another than it has. */
export function tellFilter(turn: Turn): void {
  const { line, filter } = turn;
  clearTimers(turn, "filter");
  if (line === null || formatKey(line.filter) === formatKey(filter)) return;
  line.filter = filter;
  if (line.via === "stream") dial(turn, "stream");
  else subscribe(turn, line);
}

function formatKey({ types, providers, platforms }: Lists): string {
  return [types, providers, platforms].join("|");
}

/** Asks for what the filter lets through; answers the command's name. */
export function subscribe(turn: Turn, line: Line, place: object = {}): string {
  const id = `f${++turn.last}`;
  send(turn, line, { type: "subscribe", id, ...turn.filter, ...place });
  return id;
}

/** Asks a command, or keeps it until there is a connection. */
export function onCommand(turn: Turn, asked: Asked): void {
  const { shown } = turn;
  turn.asked = [...turn.asked, asked];
  if (shown.name === "stopped") return fail(turn, asked, shown.reason);
  // Its outcomes are events: they are heard before they can come.
  tellFilter(turn);
  ask(turn, asked);
}

/** Asks a command on the connection that there is. */
export function ask(turn: Turn, { key, command }: Asked): void {
  const { line } = turn;
  if (line?.via === "stream") act(turn, { type: "command-post", key, command });
  else if (line !== null) send(turn, line, { ...command, id: key });
}

/** A refusal as a failure. */
export function toFailure({ retryAfter, ...error }: CommandError): Failure {
  return { ...error, ...(retryAfter !== undefined && { retryAfterMs: retryAfter * 1_000 }) };
}
