import { failSession, sendFrame, setTimer } from "../../effects.ts";
import type { ProviderEffect } from "../../session.ts";
import { readUser, requestUser } from "../../twitch-account.ts";
import { joinRoom } from "../wire/frames.ts";
import type { Known, TwitchLink } from "./connection.ts";
import { describeSilentRoom } from "./failures.ts";
import type { TwitchReaction, TwitchState } from "./state.ts";

/*
 * A channel that was renamed is silent under its old login. By its id, which it keeps, Twitch's HTTP side
 * tells the new one to whoever has an account.
 */

/** The name of the request for a channel's login. */
export const NAME = "name";

// A room's state comes at once, but for one that is not there.
const ROOM_WITHIN_MS = 10_000;

/** Keeps which channel it is that was entered, and by which login, for later sessions. */
export function keepPlace({ channel }: TwitchLink, { roomId, room }: TwitchState): ProviderEffect {
  const place = roomId === undefined ? null : `${channel} ${roomId} ${room}`;
  return { type: "place-keep", place };
}

/** Reads what was kept; null for nothing, and for what was kept of another channel. */
export function readPlace(channel: string, place: string | null): Known | null {
  const [asked, id, login] = place?.split(" ") ?? [];
  return asked === channel && id !== undefined && login !== undefined ? { id, login } : null;
}

export function enter(room: string): ProviderEffect[] {
  return [sendFrame(joinRoom(room)), setTimer("room", ROOM_WITHIN_MS)];
}

/** Nothing is said of the room: perhaps it has another login by now. */
export function onSilence({ url, account, channel, known }: TwitchLink): ProviderEffect {
  return account === null || known === null
    ? failSession(describeSilentRoom(channel))
    : {
        type: "request-issue",
        request: NAME,
        exchange: requestUser({ url, account }, "id", known.id),
      };
}

/** The channel's login was told. */
export function onName(
  { channel }: TwitchLink,
  state: TwitchState,
  status: number,
  body: string,
): TwitchReaction {
  // Its state came after all.
  if (state.isJoined) return { state, effects: [] };
  const room = readUser(status, body)?.login ?? "";
  return room === state.room || !/^\w{1,25}$/.test(room)
    ? { state, effects: [failSession(describeSilentRoom(channel))] }
    : { state: { ...state, room }, effects: enter(room) };
}
