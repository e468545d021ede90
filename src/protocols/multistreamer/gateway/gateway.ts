import type { StreamEvent } from "../../../event/event.ts";
import { closeSocket, sendFrame } from "../../effects.ts";
import { readFrame } from "../../frame.ts";
import type { ChannelFacts, GatewayEffect, GatewayInput, Opening } from "../../gateway-session.ts";
import { defineGateway } from "../../gateway.ts";
import { fromEvent, formatViewers } from "../codec/from-event.ts";
import {
  ClientFrame,
  FRAME_MAX_BYTES,
  INTERNAL_ACCOUNT,
  Uttered,
  WriterRequest,
} from "../wire/frames.ts";
import { changesStatus, note } from "./notes.ts";
import { grant, look, overhear, parseRoute, send, speak } from "./speech.ts";
import { mayWrite, toPerson, MultistreamerGatewayState } from "./state.ts";
import { formatStatus, markStatus, steadyFacts, type Seen } from "./status.ts";

/** Which stream it is about is in the path. */
const ADDRESS = /^\/ws\/([^/]+)\/?$/;

const STATUS = "status";
const CHANGE = "change";
const VIEWERS = "viewcount";

interface Reaction {
  readonly state: MultistreamerGatewayState;
  readonly effects: readonly GatewayEffect[];
}

/** Speaks as a multistreamer does: a socket is one stream's, and one user's. */
export const gateway = defineGateway<MultistreamerGatewayState>({
  protocol: "multistreamer",
  seat: "channel",
  // A private message is between those who are in the same object.
  overflows: false,
  heartbeatMs: null,
  needs: "events:read",
  State: MultistreamerGatewayState,
  ownsPath: ({ isUpgrade, path }) => isUpgrade && ADDRESS.test(path),
  admit({ path, query, offered }) {
    const [, channel] = ADDRESS.exec(path) ?? [];
    if (channel === undefined) return null;
    const [subprotocol = null] = offered;
    return { channel, credential: query["token"] ?? null, subprotocol, about: null };
  },
  refuse: (reason) =>
    reason === "unavailable"
      ? { kind: "answer", status: 503, type: "text/plain", body: "Try again later" }
      : { kind: "answer", status: 403, type: "text/plain", body: "Not authorized" },
  begin,
  step,
  principalsOf: ({ principal }) => [principal],
  closes: { slow: 1013, credential: 1008 },
});

function begin({ session, principal, channel }: Opening): Reaction {
  if (principal === null || channel === null) throw new Error("a stream's socket has a channel");
  const state: MultistreamerGatewayState = {
    session,
    channel: channel.id,
    stream: channel.number,
    principal,
    told: null,
    feed: null,
    strays: [],
    viewers: {},
    said: 0,
    heard: null,
  };
  const told = markStatus(steadyFacts(channel), listSeen(state));
  return { state: { ...state, told }, effects: [] };
}

function step(state: MultistreamerGatewayState, input: GatewayInput): Reaction {
  switch (input.type) {
    case "frame-received":
      return input.frame === null ? { state, effects: [] } : hear(state, input.frame, input.at);
    case "events-observed":
      return observe(state, input.events);
    case "channel-looked":
      return input.channel === null
        ? { state, effects: [] }
        : see(state, input.requestId, input.channel);
    case "peer-told":
      return overhear(state, input.note);
    default:
      return { state, effects: [] };
  }
}

/**
 * A client's frame. What the server would die of ends the socket; what it cannot do is not said.
 */
function hear(state: MultistreamerGatewayState, text: string, at: number): Reaction {
  if (text.length > FRAME_MAX_BYTES || countBytes(text) > FRAME_MAX_BYTES) {
    return { state, effects: [closeSocket(1009, "frame too long")] };
  }
  const frame = readFrame(ClientFrame, text);
  if (!frame.ok) return cut(state);
  switch (frame.value.type) {
    case "status":
      return { state, effects: [lookAtChannel(state, STATUS)] };
    case "viewcount":
      return { state, effects: [lookAtChannel(state, VIEWERS)] };
    case "writer": {
      const asked = WriterRequest.safeParse(frame.value);
      if (!asked.success || !mayWrite(state)) return { state, effects: [] };
      const { account_id: sender, cur_stream_account_id: target } = asked.data;
      return { state, effects: [look(state, { kind: "writer", sender, target })] };
    }
    case "text":
    case "emote": {
      const uttered = Uttered.safeParse(frame.value);
      if (!uttered.success) return cut(state);
      return mayWrite(state) ? speak(state, uttered.data, at) : { state, effects: [] };
    }
    default:
      return { state, effects: [] };
  }
}

function cut(state: MultistreamerGatewayState): Reaction {
  return { state, effects: [closeSocket(1008, "unreadable frame")] };
}

function lookAtChannel({ channel }: MultistreamerGatewayState, requestId: string): GatewayEffect {
  return { type: "channel-look", requestId, channel };
}

function see(state: MultistreamerGatewayState, requestId: string, channel: ChannelFacts): Reaction {
  switch (requestId) {
    case STATUS:
    case CHANGE:
      return tellStatus(state, channel, requestId === CHANGE);
    case VIEWERS:
      return { state, effects: countFrames(state, channel).map(sendFrame) };
    default: {
      const route = parseRoute(requestId);
      if (route === null) return { state, effects: [] };
      const effects = route.kind === "writer" ? grant(route, channel) : send(state, route, channel);
      return { state, effects };
    }
  }
}

/**
 * A status. Clients rebuild what they show with each, and lose a line that is half typed: one that
 * was not asked for comes only where something has changed for this client.
 */
function tellStatus(
  state: MultistreamerGatewayState,
  channel: ChannelFacts,
  isUnasked: boolean,
): Reaction {
  const seen = listSeen(state);
  const facts = isUnasked ? steadyFacts(channel) : channel;
  const marks = [channel, facts].map((each) => markStatus(each, seen));
  if (isUnasked && marks.includes(state.told ?? "")) return { state, effects: [] };
  const told = marks.at(-1) ?? null;
  return { state: { ...state, told }, effects: [sendFrame(formatStatus(facts, seen))] };
}

function listSeen(state: MultistreamerGatewayState): Seen {
  const { strays, feed, principal } = state;
  return { name: toPerson(principal).name, mayWrite: mayWrite(state), strays, feed };
}

/** Writes the counts by account; where there are none, the channel's count as the room's. */
function countFrames(
  { viewers, stream }: MultistreamerGatewayState,
  channel: ChannelFacts,
): string[] {
  const counts = Object.entries(viewers);
  if (counts.length === 0 && channel.stream.viewers !== null) {
    return [formatViewers(Number(INTERNAL_ACCOUNT), channel.stream.viewers, stream)];
  }
  return counts.map(([account, count]) => formatViewers(Number(account), count, stream));
}

function observe(before: MultistreamerGatewayState, events: readonly StreamEvent[]): Reaction {
  let state = before;
  const effects: GatewayEffect[] = [];
  let isLooked = false;
  for (const event of events) {
    const after = note(state, event);
    const isChange = after.strays !== state.strays || changesStatus(event);
    state = after;
    // One status tells of all that the events changed.
    if (isChange && !isLooked) effects.push(lookAtChannel(state, CHANGE));
    isLooked ||= isChange;
    const frame = fromEvent(event, state.stream);
    if (frame !== null) effects.push(sendFrame(frame));
  }
  return { state, effects };
}

function countBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
