import type { Position, StreamEvent } from "./event-types.ts";
/*
 * The frames of `tributary.v1`, as the relay sends them. A stream's blocks are made into the same.
 */
import type { Connection } from "./events.ts";
import type { Gap } from "./types.ts";

/** A frame of the relay's. What is not known is left alone. */
export type Frame =
  | {
      readonly type: "hello";
      /** The newest place; null where nobody has said it. */
      readonly position: Position | null;
      readonly connections?: readonly Connection[];
      readonly pingIntervalMs?: number;
      /** The relay's clock. */
      readonly time?: string;
      readonly limits?: { readonly reconnectWithinMs?: number };
    }
  | {
      readonly type: "events";
      readonly from: Position;
      readonly to: Position;
      readonly events: readonly StreamEvent[];
    }
  | ({ readonly type: "gap" } & Omit<Gap, "filled">)
  | { readonly type: "result"; readonly id: unknown; readonly ok: true; readonly data: unknown }
  | {
      readonly type: "result";
      readonly id: unknown;
      readonly ok: false;
      readonly error: CommandError;
    }
  | { readonly type: "reconnect"; readonly afterMs: number }
  | { readonly type: "closing"; readonly code: number; readonly reason: string }
  | { readonly type: "pong" };

/** Why a command was refused. */
export interface CommandError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** A command that has an answer: its own id is added. */
export type Command =
  | {
      readonly type: "send";
      readonly sendId: string;
      readonly text: string;
      readonly kind?: "text" | "emote";
      readonly to?: readonly string[];
      readonly as?: string;
      readonly replyTo?: string;
    }
  | { readonly type: "interface"; readonly sendId: string; readonly interface: object };
