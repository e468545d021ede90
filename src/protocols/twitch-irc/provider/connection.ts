import { formatConnectionId } from "../../../event/ids.ts";
import type { ObservedConnection } from "../../session.ts";
import type { Account } from "../../twitch-account.ts";
import { PLATFORM } from "../codec/fields.ts";
import type { TwitchState } from "./state.ts";

/** A link to a room, as its session needs it. */
export interface TwitchLink {
  readonly dialId: string;
  /** The address set by hand, or null for Twitch's own. */
  readonly url: string | null;
  /** The login: the room's name. */
  readonly channel: string;
  /** Without one nothing can be written. */
  readonly account: Account | null;
  readonly handOver: HandOver | null;
  /** The channel as it was last entered; null where it never was. */
  readonly known: Known | null;
}

/** A channel has its id for good. Its login changes: it was last entered by this one. */
export interface Known {
  readonly id: string;
  readonly login: string;
}

/** State that a session leaves to the one that takes over from it. */
export interface HandOver {
  /** The token has just been renewed: refused again, it is of no use. */
  readonly isRenewed: boolean;
  /** So many sockets in a row were told to go soon after they were opened. */
  readonly hops: number;
  /** The token's account, as of the last look at it. */
  readonly writer: Writer;
}

/** The account that writes, as far as Twitch has told of it. */
export interface Writer {
  /** Null while nobody can write. */
  readonly userId: string | null;
  /** Why nobody can; null for no reason that a person can mend. */
  readonly reason: string | null;
}

export const NO_WRITER: Writer = { userId: null, reason: null };

/** The room's entry in the connection map. */
export function toConnection(
  { dialId, channel }: TwitchLink,
  { room, roomId, writer }: TwitchState,
): ObservedConnection {
  const { userId, reason } = writer;
  const isWritable = userId !== null && roomId !== undefined;
  return {
    identifier: formatConnectionId("twitch-irc", channel),
    uuid: dialId,
    platform: PLATFORM,
    status: "connected",
    reason,
    target: {
      platform: PLATFORM,
      ...(roomId !== undefined && { id: roomId }),
      name: room,
      url: `https://www.twitch.tv/${room}`,
    },
    writable: isWritable,
    ready: isWritable,
    live: null,
  };
}
