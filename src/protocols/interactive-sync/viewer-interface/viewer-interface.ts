import { z } from "zod";

import type { Json } from "../../../lib/json.ts";
import {
  defineViewerInterface,
  type ViewerInterfaceEffect,
  type ViewerInterfaceInput,
} from "../../viewer-interface.ts";
import { isNone, sending, type Shown } from "../wire/limits.ts";
import { normalise } from "../wire/normalised.ts";
import { answerFailure } from "./failures.ts";
import { answerCall, readCall } from "./viewers.ts";

const State = z.object({
  /** As it was given: what a provider is sent. */
  wanted: z.custom<Json>(() => true),
  /**
   * With its defaults: what viewers see. `{}` after a socket's end, null where nothing is shown.
   */
  shown: z.custom<Json>(() => true),
  /** The games' sockets that are open. */
  sockets: z.array(z.string()),
});
type State = z.infer<typeof State>;

type Reaction = { state: State; effects: readonly ViewerInterfaceEffect[] };

/** The viewer interface of a channel: what is shown, and the viewers' actions on it. */
export const viewerInterface = defineViewerInterface<State>({
  protocol: "interactive-sync",
  needs: "interact:write",
  State,
  empty: { wanted: {}, shown: null, sockets: [] },
  answer: (call) => {
    const read = readCall(call);
    return "answer" in read ? read.answer : null;
  },
  refuse: answerFailure,
  flawOf: (given) => sending.check({ kind: "ui", interface: given }),
  step,
  wantedOf: ({ wanted }) => wanted,
  shownOf: ({ shown }) => shown,
});

/** Writes the push for viewers' pages when the interface changes. Without data for none. */
export function formatShown(shown: Json | null): Json {
  return { type: "user_interface", ...(shown !== null && { data: shown }) };
}

function step(state: State, blocks: Map<string, number>, input: ViewerInterfaceInput): Reaction {
  switch (input.type) {
    case "interface-given": {
      const { interface: wanted } = input;
      const shown = isNone(wanted as Shown) ? null : (normalise(wanted) as Json);
      return { state: { ...state, wanted, shown }, effects: [tell(formatShown(shown))] };
    }
    case "socket-joined":
      return { state: { ...state, sockets: [...state.sockets, input.socket] }, effects: [] };
    case "socket-left":
      return leave(state, (socket) => socket !== input.socket);
    case "object-restarted":
      return leave(state, (socket) => input.sockets.includes(socket));
    case "viewer-called": {
      const effects = answerCall(state.shown, blocks, input);
      return { state, effects };
    }
  }
}

/** With the end of any game's socket what is shown is taken away, whoever showed it. */
function leave(state: State, isThere: (socket: string) => boolean): Reaction {
  const sockets = state.sockets.filter(isThere);
  if (sockets.length === state.sockets.length) return { state, effects: [] };
  const wasShown = !isNone(state.wanted as Shown);
  return {
    state: { wanted: {}, shown: {}, sockets },
    effects: [
      tell(formatShown({})),
      ...(wasShown ? [{ type: "interface-pass" as const, interface: {} }] : []),
    ],
  };
}

function tell(note: Json): ViewerInterfaceEffect {
  return { type: "sockets-tell", note };
}
