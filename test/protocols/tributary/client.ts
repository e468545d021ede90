import { Scope } from "../../../src/event/principal.ts";
import {
  NO_COMMANDS,
  onFrame,
  type CommandContext,
  type CommandEffect,
  type CommandState,
} from "../../../src/protocols/tributary/session.ts";
import { AT } from "../support/drive.ts";

/** A client's session in the hands of a test. */
export interface Client {
  /** Says something, as text or as the value of it, so long after the first word; null is binary. */
  says(frame: string | object | null, afterMs?: number): CommandEffect[];
  readonly state: CommandState;
}

/** A client that may do everything, unless told otherwise. */
export function client(given: Partial<CommandContext> = {}): Client {
  let state = NO_COMMANDS;
  return {
    says(frame, afterMs = 0) {
      const text = typeof frame === "string" || frame === null ? frame : JSON.stringify(frame);
      const context = { takesCommands: true, scopes: Scope.options, at: AT + afterMs, ...given };
      const step = onFrame(state, text, context);
      state = step.state;
      return step.effects;
    },
    get state() {
      return state;
    },
  };
}

/** An answer as a client reads it. */
export interface Result {
  readonly type: string;
  readonly id: unknown;
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly message: string; readonly retryable: boolean };
}

export function resultsIn(effects: readonly CommandEffect[]): Result[] {
  return effects
    .flatMap((effect) => (effect.type === "frame-send" ? [JSON.parse(effect.frame) as Result] : []))
    .filter(({ type }) => type === "result");
}

/** The one answer to a command; throws where there is none, or more than one. */
export function resultIn(effects: readonly CommandEffect[]): Result {
  const [told, ...more] = resultsIn(effects);
  if (told === undefined || more.length > 0) throw new Error("not one result");
  return told;
}

/** How the session wants the socket closed, or null if it does not. */
export function closingIn(effects: readonly CommandEffect[]): { code: number } | null {
  return effects.find((effect) => effect.type === "socket-close") ?? null;
}
