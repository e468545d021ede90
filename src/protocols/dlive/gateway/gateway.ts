import type { StreamEvent } from "../../../event/event.ts";
import type { Principal } from "../../../event/principal.ts";
import { isRecord } from "../../../lib/json.ts";
import { closeSocket, sendFrame } from "../../effects.ts";
import { readFrame } from "../../frame.ts";
import type { GatewayEffect, GatewayInput } from "../../gateway-session.ts";
import { defineGateway } from "../../gateway.ts";
import { ASKS, takeTurn } from "../../pace.ts";
import { toFrame, isSaid, toSaying } from "../codec/from-event.ts";
import {
  readToken,
  ClientFrame,
  CONNECTION_ACK,
  formatConnectionError,
  KEEP_ALIVE,
  formatOperationError,
  SUB_PROTOCOL,
} from "../wire/frames.ts";
import {
  askAgain,
  dropChannel,
  followAnswered,
  listOperations,
  type Operations,
  startOperation,
  stopOperation,
} from "./operations.ts";
import { request } from "./requests.ts";
import { readStart } from "./start.ts";
import { State, type Early, type In, type Reaction } from "./state.ts";

// DLive promises one every 25 s, and some clients look just that often.
const HEARTBEAT_MS = 20_000;

/** A credential that is not answered for after this long will not be: its answer was lost. */
const INIT_MAX_MS = 15_000;

/** More than this is read by no server of DLive's kind. */
const FRAME_MAX = 1_048_576;

/** A channel is looked for with each operation: they are started no faster than Astro's. */
const TOO_FAST = "rate limit exceeded";

// What comes before the ack is kept for after it, in what a sleeping socket can remember.
const EARLY_WEIGHT_MAX = 6_000;

/** Speaks as DLive's socket does: several streamers on one, each event with every field. */
export const gateway = defineGateway<State>({
  protocol: "dlive",
  seat: "hub",
  overflows: false,
  heartbeatMs: HEARTBEAT_MS,
  needs: "events:read",
  State,
  ownsPath: ({ isUpgrade, method, path, offered }) =>
    path === "/" &&
    (isUpgrade
      ? offered.includes(SUB_PROTOCOL)
      : // OPTIONS: a page asks whether it may.
        method === "POST" || method === "OPTIONS"),
  admit({ path, offered }) {
    if (path !== "/") return null;
    const subprotocol = offered.includes(SUB_PROTOCOL) ? SUB_PROTOCOL : null;
    return { channel: null, credential: null, subprotocol, about: null };
  },
  refuse: (reason) =>
    reason === "unavailable"
      ? { kind: "answer", status: 503, type: "text/plain", body: "try again later" }
      : {
          kind: "socket",
          frames: [formatConnectionError("unauthorized")],
          code: 1000,
          reason: "terminated",
        },
  request,
  begin: () => ({ state: { phase: "new" }, effects: [] }),
  step: (state, input) => step(state, input),
  principalsOf: (state) => (state.phase === "ready" ? [state.principal] : []),
  closes: { slow: 1013, credential: 1008 },
});

function step(state: State, input: GatewayInput): Reaction {
  if (state.phase === "over") return keepState(state);
  switch (input.type) {
    case "frame-received":
      return onFrame(state, input.frame, input.at);
    case "credential-checked":
      if (state.phase !== "initialising") return keepState(state);
      return input.principal === null
        ? fail("unauthorized", 1000, "terminated")
        : acknowledge(state, input.principal, input.at);
    case "follow-answered": {
      if (state.phase !== "ready") return keepState(state);
      const refusal = input.answer.ok ? null : input.answer.code;
      return applyChange(state, followAnswered(state.operations, input.requestId, refusal));
    }
    case "events-observed":
      return state.phase === "ready"
        ? { state, effects: tell(state, input.channel, input.events) }
        : keepState(state);
    case "channel-gone":
      return state.phase === "ready"
        ? applyChange(state, dropChannel(state.operations, input.channel))
        : keepState(state);
    case "heartbeat":
      return onBeat(state, input.at);
    default:
      return keepState(state);
  }
}

function onFrame(state: Exclude<State, In<"over">>, text: string | null, at: number): Reaction {
  if (text !== null && text.length > FRAME_MAX) return end(1009, "message too big");
  const decoded = readFrame(ClientFrame, text ?? "");
  if (!decoded.ok) return fail("invalid json", 1002, "decoding error");
  const { type, id = null, payload } = decoded.value;
  if (type === "connection_terminate") return end(1000, "terminated");
  if (type === "connection_init" && state.phase === "new") return initialise(payload, at);
  if ((type === "start" || type === "stop") && state.phase !== "new") {
    return operate(state, { id, ask: type === "stop" ? type : readAsk(payload) }, at);
  }
  return fail(`unexpected message ${type.slice(0, 40)}`, 1002, "unexpected message");
}

function initialise(payload: unknown, at: number): Reaction {
  if (payload !== undefined && payload !== null && !isRecord(payload)) {
    return fail("invalid json", 1002, "decoding error");
  }
  const authorization = payload?.["authorization"] ?? null;
  if (authorization !== null && typeof authorization !== "string") {
    return fail("unauthorized", 1000, "terminated");
  }
  return {
    state: { phase: "initialising", since: at, early: [] },
    effects: [
      { type: "credential-check", requestId: "init", credential: readToken(authorization) },
    ],
  };
}

function acknowledge({ early }: In<"initialising">, principal: Principal, at: number): Reaction {
  let state: State = { phase: "ready", principal, operations: {}, paceAt: at };
  const effects: GatewayEffect[] = [sendFrame(CONNECTION_ACK), sendFrame(KEEP_ALIVE)];
  for (const frame of early) {
    if (state.phase !== "ready") break;
    const reaction = operate(state, frame, at);
    state = reaction.state;
    effects.push(...reaction.effects);
  }
  return { state, effects };
}

function operate(state: In<"initialising" | "ready">, frame: Early, at: number): Reaction {
  if (state.phase === "initialising") return keep(state, frame);
  const { id, ask } = frame;
  const { principal, operations } = state;
  if (ask === "stop") return applyChange(state, stopOperation(operations, id));
  if ("problem" in ask)
    return { state, effects: [sendFrame(formatOperationError(id, ask.problem))] };
  const paceAt = takeTurn(state.paceAt, at, ASKS);
  if (paceAt === null) return { state, effects: [sendFrame(formatOperationError(id, TOO_FAST))] };
  return applyChange(
    { ...state, paceAt },
    startOperation(operations, { id, wanted: ask.wanted, principal, at }),
  );
}

function readAsk(payload: unknown): Early["ask"] {
  const read = readStart(payload);
  return read.ok ? { wanted: read.value } : { problem: read.problem };
}

/** Keeps what comes before the ack. */
function keep(state: In<"initialising">, frame: Early): Reaction {
  const early = [...state.early, frame];
  return JSON.stringify(early).length > EARLY_WEIGHT_MAX
    ? fail("too much before connection_ack", 1002, "unexpected message")
    : keepState({ ...state, early });
}

function onBeat(state: Exclude<State, In<"over">>, at: number): Reaction {
  switch (state.phase) {
    case "new":
      return keepState(state);
    case "initialising":
      return at - state.since < INIT_MAX_MS
        ? keepState(state)
        : fail("unavailable, try again later", 1013, "try again later");
    case "ready": {
      const again = askAgain(state.operations, state.principal, at);
      return applyChange(state, { ...again, effects: [sendFrame(KEEP_ALIVE), ...again.effects] });
    }
  }
}

function tell(
  { operations }: In<"ready">,
  channel: string,
  events: readonly StreamEvent[],
): GatewayEffect[] {
  const wanted = listOperations(operations, channel);
  if (wanted === undefined) return [];
  return events.flatMap((event, index) => {
    const said = isSaid(event, events[index - 1]) ? toSaying(event) : null;
    if (said === null) return [];
    return wanted[said.field].flatMap((id) => {
      const frame = toFrame(event, id);
      return frame === null ? [] : [sendFrame(frame)];
    });
  });
}

function applyChange(
  state: In<"ready">,
  { operations, effects }: { operations: Operations; effects: readonly GatewayEffect[] },
): Reaction {
  return { state: operations === state.operations ? state : { ...state, operations }, effects };
}

function keepState(state: State): Reaction {
  return { state, effects: [] };
}

function fail(message: string, code: number, reason: string): Reaction {
  const { state, effects } = end(code, reason);
  return { state, effects: [sendFrame(formatConnectionError(message)), ...effects] };
}

function end(code: number, reason: string): Reaction {
  return { state: { phase: "over" }, effects: [closeSocket(code, reason)] };
}
