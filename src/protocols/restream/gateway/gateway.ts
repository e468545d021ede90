import { z } from "zod";

import type { StreamEvent } from "../../../event/event.ts";
import { Principal } from "../../../event/principal.ts";
import type { Connection } from "../../../event/shapes.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { memoizePer } from "../../../lib/once.ts";
import { sendFrame } from "../../effects.ts";
import type { GatewayEffect, GatewayInput, Opening } from "../../gateway-session.ts";
import { defineGateway } from "../../gateway.ts";
import { formatFrame, toSource } from "../codec/frame.ts";
import { formatConnectionInfo, fromEvent } from "../codec/from-event.ts";
import { toReplyCreated } from "../codec/from-send.ts";
import { toIdentifier, toEventIdentifier } from "../codec/identifier.ts";

// Restream beats about every 45 s, and clients give a socket up after 60 s without.
const HEARTBEAT_MS = 30_000;

// What is posted may name any platform; no more connections than this are kept in mind.
const ANNOUNCED_MAX = 200;

/** The types that are told of in an `event` frame. */
const EVENT_TYPES: ReadonlySet<string> = new Set([
  "chat.message",
  "channel.tip",
  "channel.subscription",
  "channel.subscription.gift",
]);

const State = z.object({
  /** The user whose connections these are: the channel's number. */
  user: z.int(),
  principal: Principal,
  /** The connections that have been told of, as fingerprints of their identifiers. */
  announced: z.array(z.string()),
});
type State = z.infer<typeof State>;

/** Speaks as Restream Chat does: the server talks, and hears nothing. */
export const gateway = defineGateway<State>({
  protocol: "restream",
  seat: "channel",
  overflows: true,
  heartbeatMs: HEARTBEAT_MS,
  needs: "events:read",
  State,
  ownsPath: ({ isUpgrade, path }) => isUpgrade && path === "/ws",
  admit({ path, query }) {
    if (path !== "/ws" && path !== "/ws/") return null;
    return {
      channel: null,
      credential: query["accessToken"] ?? null,
      subprotocol: null,
      about: null,
    };
  },
  refuse: (reason) => ({
    kind: "socket",
    frames: [],
    code: reason === "unavailable" ? 1013 : 1008,
    reason: reason === "unavailable" ? "try again later" : "unauthorized",
  }),
  begin,
  step,
  principalsOf: ({ principal }) => [principal],
  closes: { slow: 1013, credential: 1008 },
});

function begin({ at, principal, channel }: Opening): {
  state: State;
  effects: readonly GatewayEffect[];
} {
  if (principal === null || channel === null) throw new Error("Restream's socket has a channel");
  const user = channel.number;
  const infos = channel.connections.map((each) => formatConnectionInfo(user, each, at));
  const announced = channel.connections
    .map(({ platform, identifier }) => computeFingerprint(toIdentifier(user, platform, identifier)))
    .slice(0, ANNOUNCED_MAX);
  // A channel with nothing linked says by this that the token was taken.
  const effects = [...infos, formatFrame("heartbeat", {}, at)].map(sendFrame);
  return { state: { user, principal, announced }, effects };
}

function step(
  state: State,
  input: GatewayInput,
): { state: State; effects: readonly GatewayEffect[] } {
  switch (input.type) {
    case "heartbeat":
      return { state, effects: [sendFrame(formatFrame("heartbeat", {}, input.at))] };
    case "events-observed": {
      let next = state;
      const frames: string[] = [];
      for (const [index, event] of input.events.entries()) {
        const created = toReplyCreated(input.events, index, state.user);
        if (created !== null) frames.push(created);
        const told = fromEvent(event, state.user);
        if (told.length === 0) continue;
        const after = announce(next, event);
        if (after !== next && EVENT_TYPES.has(event.type)) {
          frames.push(formatStrayInfo(event, state.user, input.at));
        }
        next = after;
        frames.push(...told);
      }
      return { state: next, effects: frames.map(sendFrame) };
    }
    default:
      return { state, effects: [] };
  }
}

/** The state once an event has been told of, and its connection before it. */
function announce(state: State, event: StreamEvent): State {
  const mark = toMark(event, state.user);
  if (mark === null) return state;
  const isKnown = state.announced.includes(mark);
  if (event.type === "connection.closed") {
    if (!isKnown || event.data["replaced"] === true) return state;
    return { ...state, announced: state.announced.filter((each) => each !== mark) };
  }
  if (isKnown || state.announced.length >= ANNOUNCED_MAX) return state;
  return { ...state, announced: [...state.announced, mark] };
}

/** Computes the mark of an event's connection; null for an event of several connections or none. */
const toMark = memoizePer((event: StreamEvent, user: number): string | null => {
  if (EVENT_TYPES.has(event.type)) return computeFingerprint(toEventIdentifier(event, user));
  const { identifier, platform = event.platform } = event.data as Partial<Connection>;
  if (!event.type.startsWith("connection.") || identifier === undefined) return null;
  return computeFingerprint(toIdentifier(user, platform, identifier));
});

/**
 * A connection that is not in the map: of what is posted, or of one of several platforms of one.
 */
function formatStrayInfo(event: StreamEvent, user: number, at: number): string {
  const connectionIdentifier = toEventIdentifier(event, user);
  const payload = {
    connectionIdentifier,
    connectionUuid: connectionIdentifier,
    eventSourceId: toSource(event.platform),
    reason: null,
    status: "connected",
    target: { owner: { displayName: event.platform, id: "" }, websiteChannelId: 0 },
    userId: user,
  };
  return formatFrame("connection_info", payload, at);
}
