import type { DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import type { GatewayEffect } from "../../gateway-session.ts";
import { PLATFORM } from "../codec/fields.ts";
import { fromEvent, toCheer } from "../codec/from-event.ts";
import { renameRoom, type Told } from "../wire/served.ts";
import { describeFailure, takeEcho } from "./speech.ts";
import {
  findRoom,
  keepState,
  nameRoom,
  say,
  type Halved,
  type Reaction,
  type State,
} from "./state.ts";

/*
 * Bits are told of twice: as a message, and as what was given. A client is told of both in one line;
 * two with the same words would be obeyed twice. Whichever comes first is told with the words, and the
 * other without.
 */

/** The other half comes within this time, or not at all. */
const HALF_MS = 300_000;
const HALVED_MAX = 12;

/** A text that may have been given bits with: a word that ends in a number. */
const CHEERING = /[a-z]\d+(?:\s|$)/i;

/** Tells a room of what happened on its channel. */
export function hear(
  before: State,
  channel: string,
  events: readonly StreamEvent[],
  at: number,
): Reaction {
  const roomId = findRoom(before, channel)?.id ?? null;
  if (roomId === null) return keepState(before);
  const room = nameRoom(before, channel);
  let state = before;
  const effects: GatewayEffect[] = [];
  const told = new Set<StreamEvent>();
  for (const [index, event] of events.entries()) {
    if (told.has(event)) continue;
    const { lines, next, also } = tellEvent({ state, channel, roomId, event, at }, () =>
      events.slice(index + 1).find((each) => isOtherHalf(event, each) && !told.has(each)),
    );
    if (also !== undefined) told.add(also);
    state = next;
    effects.push(...say(state, renameRoom(lines, `#${channel}`, room)));
  }
  return { state, effects };
}

interface Telling {
  readonly state: State;
  readonly channel: string;
  readonly roomId: string;
  readonly event: StreamEvent;
  readonly at: number;
}

interface Outcome {
  readonly lines: readonly Told[];
  readonly next: State;
  /** The event that was told of with this one. */
  readonly also?: StreamEvent;
}

function tellEvent(telling: Telling, findHalf: () => StreamEvent | undefined): Outcome {
  const { state, channel, roomId, event, at } = telling;
  if (event.type === "send.failed") return { lines: describeFailure(state, event), next: state };
  if (event.type === "chat.message") {
    const echoed = takeEcho(state, channel, event, at);
    return echoed === null ? tellMessage(telling, findHalf) : { lines: [], next: echoed };
  }
  const bits = readBits(event);
  if (bits === null) return { lines: fromEvent(event, roomId), next: state };
  const { message, gift } = event.data as DataOf<"channel.cheer">;
  const half = takeHalf(telling, "words");
  // What was bought for a message comes with the words of one that is told by itself.
  const isSaid = message === undefined || gift !== undefined || half !== null;
  return {
    lines: toCheer(event, `${roomId} ${bits}${isSaid ? "" : " words"}`),
    next:
      half ?? (isSaid ? state : keepHalf(state, { mark: markOf(channel, event), at, is: "bits" })),
  };
}

function tellMessage(telling: Telling, findHalf: () => StreamEvent | undefined): Outcome {
  const { state, channel, roomId, event, at } = telling;
  const { message } = event.data as DataOf<"chat.message">;
  const plain = fromEvent(event, roomId);
  if (event.platform !== PLATFORM || plain.length === 0) return { lines: plain, next: state };
  const half = takeHalf(telling, "bits");
  if (half !== null) return { lines: [], next: half };
  const also = findHalf();
  const bits = also === undefined ? null : readBits(also);
  if (also === undefined || bits === null) {
    const isHalf = CHEERING.test(message.text);
    const next = isHalf
      ? keepHalf(state, { mark: markOf(channel, event), at, is: "words" })
      : state;
    return { lines: plain, next };
  }
  const lines = plain.map(({ command, text }) => ({
    command,
    text: `@bits=${bits};${text.slice(1)}`,
  }));
  return { lines, next: state, also };
}

/** The bits that an event gives: whole, and Twitch's; null for all else. */
function readBits({ type, platform, data }: StreamEvent): string | null {
  if (type !== "channel.cheer" || platform !== PLATFORM) return null;
  const { value, currency } = (data as DataOf<"channel.cheer">).amount;
  return currency === "bits" && /^[1-9]\d{0,9}$/.test(value) ? value : null;
}

function isOtherHalf(message: StreamEvent, cheer: StreamEvent): boolean {
  if (readBits(cheer) === null) return false;
  // What was bought for a message is told of by itself.
  const { gift } = cheer.data as DataOf<"channel.cheer">;
  return gift === undefined && markOf("", message) === markOf("", cheer);
}

/** Marks a message by who said it and its words: not all that tell of bits tell of its id. */
function markOf(channel: string, { platform, data }: StreamEvent): string {
  const { user, message } = data as DataOf<"channel.cheer">;
  const key = user?.key ?? `${platform}:anonymous`;
  return computeFingerprint(`${channel}\n${key}\n${message?.text.trim() ?? ""}`);
}

/** The state without a half that waits for its other; null where none does. */
function takeHalf({ state, channel, event, at }: Telling, is: Halved["is"]): State | null {
  const waits = (each: Halved): boolean => each.is === is && at - each.at < HALF_MS;
  // Most messages are no half of anything: marking each for every client costs too much.
  if (!state.halved.some(waits)) return null;
  const mark = markOf(channel, event);
  const index = state.halved.findIndex((each) => each.mark === mark && waits(each));
  return index === -1 ? null : { ...state, halved: state.halved.toSpliced(index, 1) };
}

function keepHalf(state: State, half: Halved): State {
  return { ...state, halved: [...state.halved, half].slice(-HALVED_MAX) };
}
