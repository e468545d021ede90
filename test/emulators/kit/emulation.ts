import type { z } from "zod";

import type { CommonAction } from "./actions.ts";
import type { Refusal } from "./gate.ts";
import type { HttpAnswer, HttpQuestion } from "./http.ts";
import type { Line } from "./line.ts";
import type { Outcome } from "./outcome.ts";
import type { Script } from "./script.ts";
import type { Stage } from "./stage.ts";
import type { Dialled } from "./truth.ts";
import type { Utterance } from "./utterance.ts";

/** One upstream that can be played. A new protocol is a folder that exports one of these. */
export interface Emulation<Own extends { action: string }, Extra extends object> {
  readonly protocol: string;
  /** One line for a list. */
  readonly summary: string;
  /** The only path where an upgrade is taken, unless it takes others too. */
  readonly path: string;
  /** For a service that is told more in its path than where it is. */
  readonly takes?: (path: string) => boolean;
  /** The sub-protocols that are echoed when a client offers them; others are passed over. */
  readonly subprotocols: readonly string[] | "any";
  /** A longer client frame is answered with close 1009. */
  readonly maxFrameBytes: number;
  /** Default true: a client's own ping is answered. */
  readonly answersPings?: boolean;
  /** The common actions and its own. */
  readonly actions: z.ZodType<CommonAction | Own>;
  readonly scripts: Readonly<Record<string, Script<CommonAction | Own>>>;
  /** A service with no past. Called at the start, and at every reset. */
  open(stage: Stage): Service<Own, Extra>;
}

/** The upstream itself, from a start or a reset to the next one. */
export interface Service<Own extends { action: string }, Extra extends object> {
  /** Looks at a dial before it is a socket; an answer here refuses it. */
  admit(dial: Dialled): Refusal | null;
  /** A new socket is there. A service that speaks first does so here. */
  greet(line: Line): void;
  /** A frame from a client. It has been written down already. */
  hear(line: Line, text: string, isBinary: boolean): void;
  /** Whether items may reach this socket: what the truth counts as subscribed. */
  isSubscribed(line: Line): boolean;
  /** Ends a socket whose token has expired, in the protocol's own way. */
  expel(line: Line): void;
  /** A plain chat message with this text, new each time. */
  message(text: string): Utterance;
  /** Frames that are valid JSON and yet wrong, at each level that the protocol has. */
  readonly garbage: readonly string[];
  /** An HTTP request that is neither an upgrade nor for the control plane; null when it knows nothing of it. */
  answer(question: HttpQuestion): HttpAnswer | null | Promise<HttpAnswer | null>;
  /** Gives up when the signal says so: the script it belongs to was stopped, or the emulator reset. */
  perform(action: Own, signal: AbortSignal): Outcome | Promise<Outcome>;
  /** Counts of its own that can be waited for. */
  counts(): Readonly<Record<string, number>>;
  /** What it adds to the truth, as plain JSON that later events do not change. */
  report(): Extra;
}
