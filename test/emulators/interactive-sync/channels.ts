import { streamer } from "../kit/cast.ts";
import { Cooldowns } from "./cooldowns.ts";
import type { Interface } from "./interface.ts";
import type { ChannelReport } from "./report.ts";

/** The Twitch user that a token belongs to, whose channel it opens. */
export interface User {
  readonly channelId: string;
  readonly displayName: string;
}

/** Whose a token is unless somebody else was named for it. */
export const usualUser: User = { channelId: "620441700", displayName: streamer.name };

/** What all sockets of one user share. */
export interface Channel extends User {
  /** Null before the first one and after a game cleared it; `{}` since a socket closed. */
  interface: Interface | null;
  readonly cooldowns: Cooldowns;
  readonly sockets: Set<number>;
}

export class Channels {
  readonly #owners = new Map<string, User>();
  readonly #channels = new Map<string, Channel>();

  /** From now on this token is this user's. */
  give(token: string, user: User): void {
    this.#owners.set(token, user);
  }

  ownerOf(token: string): User {
    return this.#owners.get(token) ?? usualUser;
  }

  open(user: User): Channel {
    const known = this.#channels.get(user.channelId);
    const channel = known ?? {
      ...user,
      interface: null,
      cooldowns: new Cooldowns(),
      sockets: new Set<number>(),
    };
    this.#channels.set(user.channelId, channel);
    return channel;
  }

  get(channelId: string): Channel | null {
    return this.#channels.get(channelId) ?? null;
  }

  report(): Record<string, ChannelReport> {
    return Object.fromEntries(
      [...this.#channels].map(([channelId, { displayName, sockets, interface: shown }]) => [
        channelId,
        { displayName, sockets: [...sockets], interface: structuredClone(shown) },
      ]),
    );
  }
}
