import type { z } from "zod";

import type { EventDraft } from "../event/event.ts";
import type { ProtocolId } from "../event/ids.ts";
import type { Scope } from "../event/principal.ts";
import type { SendFlaw } from "../event/sending.ts";
import type { Viewer, ViewerAnswer, ViewerCall } from "../event/viewer.ts";
import type { Json } from "../lib/json.ts";

/*
 * The port of a protocol whose viewers see something and do something with it. What is shown, and
 * what may not be done again yet, is one thing for a whole channel: its viewer interface, kept by the channel's
 * object, whoever shows something and by whichever way.
 */

/** A reason to refuse a call without looking at it. */
export type CallRefusal =
  | "no_credential"
  | "unauthorized"
  | "too_many"
  | "too_large"
  | "unavailable";

/** Everything that can happen to a viewer interface. `at` is the time, in milliseconds since 1970. */
export type ViewerInterfaceInput =
  /** This is to be shown, by whichever way it came; `{}` for nothing. It has no flaw. */
  | { readonly type: "interface-given"; readonly at: number; readonly interface: Json }
  /** A socket with whose end what is shown is taken away. */
  | { readonly type: "socket-joined"; readonly at: number; readonly socket: string }
  | { readonly type: "socket-left"; readonly at: number; readonly socket: string }
  /** The object is back, with the sockets that have outlived it. */
  | { readonly type: "object-restarted"; readonly at: number; readonly sockets: readonly string[] }
  | {
      readonly type: "viewer-called";
      readonly at: number;
      readonly call: ViewerCall;
      readonly viewer: Viewer;
    };

/** The effects of a viewer interface, to be performed in this order. */
export type ViewerInterfaceEffect =
  /** Kept for good before anything that follows: all but what is blocked. */
  | { readonly type: "interface-keep"; readonly kept: Json }
  /** Kept for good, by its name: blocked until then. */
  | { readonly type: "block-keep"; readonly name: string; readonly until: number }
  /** Blocks that ended by then may be forgotten. */
  | { readonly type: "blocks-forget"; readonly upTo: number }
  /** For all sockets of the protocol. */
  | { readonly type: "sockets-tell"; readonly note: Json }
  /** For whichever connections show interfaces. */
  | { readonly type: "interface-pass"; readonly interface: Json }
  /** On disk before the call is answered. */
  | { readonly type: "event-post"; readonly draft: EventDraft }
  | { readonly type: "call-answer"; readonly answer: ViewerAnswer };

/** A channel's viewer interface. */
export interface ViewerInterfaceSession {
  handle(input: ViewerInterfaceInput): readonly ViewerInterfaceEffect[];
  /**
   * The interface to show, as it was given, also on a connection that comes later; `{}` for none.
   */
  readonly wanted: Json;
  /**
   * The interface that is shown, with its defaults; `{}` once it has been taken away, null for
   * none.
   */
  readonly shown: Json | null;
}

/** A viewer interface as its object left it: the last `interface-keep`, and the blocks by their names. */
export interface KeptViewerInterface {
  readonly kept: unknown;
  readonly blocks: ReadonlyMap<string, number>;
}

/** A protocol's viewer interfaces, and how its viewers' calls are read. Pure throughout. */
export interface ViewerInterfaceAdapter {
  readonly protocol: ProtocolId;
  /** The scope that makes a credential's bearer a viewer. */
  readonly needs: Scope;
  /**
   * Answers a call that has the same answer for everybody; null for one that has not. Never throws.
   */
  answer(call: ViewerCall): ViewerAnswer | null;
  refuse(reason: CallRefusal): ViewerAnswer;
  /** The flaw of an interface; null for one that can be shown. */
  flawOf(given: Json): SendFlaw | null;
  open(before: KeptViewerInterface): ViewerInterfaceSession;
}

/** The parts of a viewer interface: a state with a schema, and a rule, which changes the blocks in place. */
export interface ViewerInterfaceSpec<State> extends Omit<ViewerInterfaceAdapter, "open"> {
  readonly State: z.ZodType<State>;
  readonly empty: State;
  readonly step: (
    state: State,
    blocks: Map<string, number>,
    input: ViewerInterfaceInput,
  ) => { state: State; effects: readonly ViewerInterfaceEffect[] };
  readonly wantedOf: (state: State) => Json;
  readonly shownOf: (state: State) => Json | null;
}

/** Hides the state's type, so that whoever holds it needs no generics. */
export function defineViewerInterface<State>(
  spec: ViewerInterfaceSpec<State>,
): ViewerInterfaceAdapter {
  const { State, empty, step, wantedOf, shownOf, ...adapter } = spec;
  return {
    ...adapter,
    open({ kept, blocks: before }) {
      const known = State.safeParse(kept);
      let state = known.success ? known.data : empty;
      const blocks = new Map(before);
      return {
        handle(input) {
          const next = step(state, blocks, input);
          const isChanged = next.state !== state;
          state = next.state;
          const keep: ViewerInterfaceEffect = { type: "interface-keep", kept: state as Json };
          return isChanged ? [keep, ...next.effects] : next.effects;
        },
        get wanted() {
          return wantedOf(state);
        },
        get shown() {
          return shownOf(state);
        },
      };
    },
  };
}
