import { z } from "zod";

import type { StreamEvent } from "../../../event/event.ts";
import { decode } from "../../../lib/json.ts";
import { closeSocket, sendFrame } from "../../effects.ts";
import type { GatewayEffect, GatewayInput, Opening } from "../../gateway-session.ts";
import { defineGateway } from "../../gateway.ts";
import { fromEvent } from "../codec/from-event.ts";
import { hear, leaveRoom, onCredential, onFollow } from "./commands.ts";
import { reconnect, welcome } from "./frames.ts";
import { findRoom, Rooms, AstroGatewayState } from "./state.ts";

type Followed = Extract<GatewayInput, { type: "follow-answered" }>;

interface AstroReaction {
  readonly state: AstroGatewayState;
  readonly effects: readonly GatewayEffect[];
}

/** The beginning of the id of a request that follows a room again. */
const RESTORE = "restore ";

/** The state that a socket leaves to the one that replaces it. */
const SocketLegacy = z.object({ rooms: Rooms, isOld: z.boolean() });

/** Speaks as StreamElements' Astro does: topics are subscribed to one by one, in any rooms. */
export const gateway = defineGateway<AstroGatewayState>({
  protocol: "astro",
  seat: "hub",
  overflows: false,
  heartbeatMs: null,
  needs: "events:read",
  State: AstroGatewayState,
  // Its address has nothing that is its own: an upgrade at `/` that no other protocol takes is meant.
  ownsPath: ({ isUpgrade, path }) => isUpgrade && path === "/",
  admit({ path, query }) {
    if (path !== "/") return null;
    const token = query["reconnect_token"];
    const admission = { channel: null, credential: null, subprotocol: null, about: null };
    return token === undefined ? admission : { ...admission, bring: token };
  },
  refuse: (reason) =>
    reason === "unavailable"
      ? { kind: "answer", status: 502, type: "text/plain", body: "Bad Gateway" }
      : { kind: "answer", status: 401, type: "text/plain", body: "Unauthorized" },
  begin,
  step,
  principalsOf: ({ rooms }) => Object.values(rooms).flatMap(({ principals }) => principals),
  handOver(snapshot) {
    const { rooms, isOld } = AstroGatewayState.parse(snapshot);
    return { rooms, isOld };
  },
  closes: { slow: 1013, credential: 1008 },
});

function begin({ at, session, brought }: Opening): AstroReaction {
  const fresh: AstroGatewayState = {
    session,
    rooms: {},
    isOld: false,
    commands: 0,
    frames: 0,
    paceAt: 0,
    drops: [],
  };
  if (brought === undefined) return welcome(fresh, at);
  const kept = decode(SocketLegacy, brought);
  if (!kept.ok) {
    return { state: fresh, effects: [closeSocket(1008, "bad token")] };
  }
  const { state, effects } = welcome({ ...fresh, ...kept.value }, at);
  const again = Object.keys(state.rooms).flatMap((room) => follows(state, room));
  return { state, effects: [...again, ...effects] };
}

/** A room is followed again, by one of the credentials that it was subscribed with. */
function follows({ rooms }: AstroGatewayState, channel: string): GatewayEffect[] {
  const [principal] = findRoom(rooms, channel)?.principals ?? [];
  return principal === undefined
    ? []
    : [{ type: "channel-follow", requestId: RESTORE + channel, channel, principal }];
}

function step(state: AstroGatewayState, input: GatewayInput): AstroReaction {
  switch (input.type) {
    case "frame-received":
      return input.frame === null ? { state, effects: [] } : hear(state, input.frame, input.at);
    case "credential-checked":
      return onCredential(state, input);
    case "follow-answered":
      return input.requestId.startsWith(RESTORE)
        ? onRestored(state, input)
        : onFollow(state, input);
    case "events-observed":
      return { state, effects: tell(state, input.channel, input.events) };
    case "channel-gone":
      return { state, effects: follows(state, input.channel) };
    case "hand-over-planned":
      return reconnect(state, input.token);
    default:
      return { state, effects: [] };
  }
}

/**
 * Handles a room that was to be followed again: if it cannot be, it is forgotten without a word.
 */
function onRestored(state: AstroGatewayState, { requestId, answer }: Followed): AstroReaction {
  const room = requestId.slice(RESTORE.length);
  // It may have been unsubscribed in the meantime.
  if (answer.ok) return { state, effects: leaveRoom(room, state.rooms) };
  const { [room]: _gone, ...rooms } = state.rooms;
  return { state: { ...state, rooms }, effects: [] };
}

function tell(
  { rooms }: AstroGatewayState,
  channel: string,
  events: readonly StreamEvent[],
): GatewayEffect[] {
  const topics = findRoom(rooms, channel)?.topics;
  if (topics === undefined) return [];
  return events.flatMap((event) =>
    fromEvent(event, channel)
      .filter(({ topic, unless }) => {
        const isElsewhere = unless !== undefined && Object.hasOwn(topics, unless);
        return Object.hasOwn(topics, topic) && !isElsewhere;
      })
      .map(({ frame }) => sendFrame(frame)),
  );
}
