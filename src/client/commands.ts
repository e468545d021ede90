/*
 * The frames that a connection is sent: filters, and commands that are answered. Pure.
 */
import { dial } from "./dialling.ts";
import type { Failure } from "./errors.ts";
import type { Lists } from "./filter.ts";
import type { CommandError } from "./frames.ts";
import {
  act,
  change,
  clearTimers,
  type Asked,
  type CommandAnswer,
  type Turn,
} from "./session-state.ts";

/** Tells the connection of a filter that is another than it has. */
export function tellFilter(turn: Turn): void {
  const { line, filter } = turn.state;
  clearTimers(turn, "filter");
  if (line === null || formatKey(line.filter) === formatKey(filter)) return;
  change(turn, { line: { ...line, filter } });
  if (line.via === "stream") return dial(turn, "stream");
  const id = nameCommand(turn);
  act(turn, { type: "socket-send", id: line.id, frame: { type: "subscribe", id, ...filter } });
}

function formatKey({ types, providers, platforms }: Lists): string {
  return [types, providers, platforms].join("|");
}

/** Names a command of its own. */
export function nameCommand(turn: Turn): string {
  const last = turn.state.last + 1;
  change(turn, { last });
  return `f${last}`;
}

/** Asks a command, or keeps it until there is a connection. */
export function onCommand(turn: Turn, asked: Asked): void {
  const { shown } = turn.state;
  if (shown.name === "stopped") return settleAs(turn, asked.key, shown.reason);
  change(turn, { asked: [...turn.state.asked, asked] });
  // Its outcomes are events: they are heard before they can come.
  tellFilter(turn);
  ask(turn, asked);
}

/** Asks a command on the connection that there is. */
export function ask(turn: Turn, { key, command }: Asked): void {
  const { line } = turn.state;
  if (line === null) return;
  if (line.via === "stream") return act(turn, { type: "command-post", key, command });
  act(turn, { type: "socket-send", id: line.id, frame: { ...command, id: key } });
}

/** Gives a command its answer, unless it has one. */
export function settle(turn: Turn, key: string, answer: CommandAnswer): void {
  const { asked } = turn.state;
  if (!asked.some((each) => each.key === key)) return;
  change(turn, { asked: asked.filter((each) => each.key !== key) });
  act(turn, { type: "command-settle", key, answer });
}

function settleAs(turn: Turn, key: string, failure: Failure): void {
  act(turn, { type: "command-settle", key, answer: { ok: false, failure } });
}

/** A refusal as a failure. */
export function toFailure({ retryAfter, ...error }: CommandError): Failure {
  return { ...error, ...(retryAfter !== undefined && { retryAfterMs: retryAfter * 1_000 }) };
}
