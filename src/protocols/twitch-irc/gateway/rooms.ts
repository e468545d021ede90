import { ChannelId } from "../../../event/ids.ts";
import type { ChannelFacts, GatewayEffect, GatewayInput } from "../../gateway-session.ts";
import { ASKS, takeTurn } from "../../pace.ts";
import { PLATFORM } from "../codec/fields.ts";
import { OPEN_ROOM } from "../codec/from-settings.ts";
import { listNames, tell, tellOwn, type Told } from "../wire/served.ts";
import {
  describeOwn,
  findRoom,
  isNobody,
  keepState,
  nameRoom,
  say,
  type Reaction,
  type State,
} from "./state.ts";

// A sleeping socket remembers at most 16 KiB, with what it said and its place in each channel's log.
const WEIGHT_MAX = 9_500;

/** A call whose answer was lost with the object that made it is made again after this long. */
const ASK_AGAIN_MS = 15_000;

type Followed = Extract<GatewayInput, { type: "follow-answered" }>;

/**
 * A client asks for rooms. One that is not there, or is not for it, is answered with silence, and so
 * is one too many.
 */
export function join(before: State, list: string, at: number): Reaction {
  let state = before;
  const effects: GatewayEffect[] = [];
  for (const { channel, name } of readRooms(list)) {
    const known = findRoom(state, channel);
    if (known?.id != null || (known?.askedAt != null && at - known.askedAt < ASK_AGAIN_MS))
      continue;
    const paceAt = takeTurn(state.paceAt, at, ASKS);
    if (paceAt === null) break;
    const askedAt = state.isIn ? at : null;
    const room = { askedAt, id: null, ...(name !== channel && { name }) };
    const rooms = { ...state.rooms, [channel]: room };
    if (weigh({ ...state, rooms }) > WEIGHT_MAX) continue;
    state = { ...state, paceAt, rooms };
    if (state.isIn) effects.push(...follow(state, channel));
  }
  return { state, effects };
}

/** Asks for the rooms that the client wanted before it was in. */
export function askForRooms(state: State): Reaction {
  return { state, effects: Object.keys(state.rooms).flatMap((each) => follow(state, each)) };
}

/** Asks again for rooms of which no answer came: it was lost. */
export function askAgain(state: State, at: number): Reaction {
  const late = Object.entries(state.rooms).filter(
    ([, { id, askedAt }]) => id === null && at - (askedAt ?? 0) >= ASK_AGAIN_MS,
  );
  if (!state.isIn || late.length === 0) return keepState(state);
  const asked = late.map(([channel, room]) => [channel, { ...room, askedAt: at }] as const);
  return {
    state: { ...state, rooms: { ...state.rooms, ...Object.fromEntries(asked) } },
    effects: late.flatMap(([channel]) => follow(state, channel)),
  };
}

export function part(before: State, list: string): Reaction {
  let state = before;
  const effects: GatewayEffect[] = [];
  for (const { channel } of readRooms(list)) {
    const known = findRoom(state, channel);
    if (known === undefined) continue;
    const room = nameRoom(state, channel);
    state = withoutRoom(state, channel);
    // One that is still asked for is let go when it comes.
    if (known.id === null) continue;
    effects.push({ type: "channel-unfollow", channel });
    effects.push(...say(state, [tellOwn(state.nick ?? "", "PART", room)]));
  }
  return { state, effects };
}

export function onFollow(state: State, { requestId: channel, answer }: Followed): Reaction {
  const known = findRoom(state, channel);
  if (known === undefined) {
    return { state, effects: answer.ok ? [{ type: "channel-unfollow", channel }] : [] };
  }
  if (known.id !== null) return keepState(state);
  // One that cannot be told of now is asked for again.
  if (!answer.ok) {
    return keepState(answer.code === "unavailable" ? state : withoutRoom(state, channel));
  }
  const id = findRoomId(answer.value);
  const next = { ...state, rooms: { ...state.rooms, [channel]: { ...known, askedAt: null, id } } };
  return { state: next, effects: say(next, describeRoom(next, channel, id)) };
}

/** A channel's events come no more: the client is out of the room. */
export function dropRoom(state: State, channel: string): Reaction {
  const known = findRoom(state, channel);
  if (known === undefined || known.id === null) return keepState(state);
  const next = withoutRoom(state, channel);
  return {
    state: next,
    effects: say(next, [tellOwn(next.nick ?? "", "PART", nameRoom(state, channel))]),
  };
}

/** Everything that a client is told as it comes into a room. The state is whole: it waits for that. */
function describeRoom(state: State, channel: string, id: string): Told[] {
  const nick = state.nick ?? "";
  const room = nameRoom(state, channel);
  return [
    tellOwn(nick, "JOIN", room),
    ...(isNobody(state) ? [] : [describeSelfIn(state, room)]),
    tell("ROOMSTATE", [room], { ...OPEN_ROOM, "room-id": id }),
    ...listNames(nick, room),
  ];
}

/** Tells a client of its own state in a room. */
export function describeSelfIn(state: State, room: string, nonce?: string): Told {
  const tags = { ...describeOwn(state), mod: "0", subscriber: "0" };
  return tell("USERSTATE", [room], nonce === undefined ? tags : { ...tags, "client-nonce": nonce });
}

/** The id that Twitch has for the room where it is one of Twitch's too, and else the channel's number. */
function findRoomId({ connections, number }: ChannelFacts): string {
  const ids = connections
    .filter(({ platform }) => platform === PLATFORM)
    .map(({ target }) => target?.id ?? "");
  return ids.find((each) => /^\d{1,20}$/.test(each)) ?? String(number);
}

function follow({ principal }: State, channel: string): GatewayEffect[] {
  return principal === null
    ? []
    : [{ type: "channel-follow", requestId: channel, channel, principal }];
}

/**
 * The channels that a list of rooms names. Twitch's rooms have no hyphen, and clients that know so
 * write `_` for it: no channel's id has one of its own.
 */
export function readRooms(list: string): { channel: string; name: string }[] {
  return list.split(",").flatMap((each) => {
    const name = each.replace(/^#/, "").toLowerCase();
    const id = ChannelId.safeParse(name.replaceAll("_", "-"));
    return id.success ? [{ channel: id.data, name }] : [];
  });
}

function withoutRoom(state: State, channel: string): State {
  const { [channel]: _gone, ...rooms } = state.rooms;
  return { ...state, rooms };
}

function weigh({ rooms, principal }: State): number {
  const places = Object.keys(rooms).reduce((sum, { length }) => sum + length + 16, 0);
  return JSON.stringify([rooms, principal]).length + places;
}
