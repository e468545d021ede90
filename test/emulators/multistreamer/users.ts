import { chatters, streamer } from "../kit/cast.ts";

export const chatLevels = [0, 1, 2] as const;
/** What a user may do on the stream: nothing, read, write. */
export type ChatLevel = (typeof chatLevels)[number];

/** Somebody in the internal room. */
export interface Person {
  readonly id: number;
  readonly name: string;
}

export interface User extends Person {
  readonly chatLevel: ChatLevel;
}

export interface UserOrder {
  readonly token?: string | undefined;
  readonly id?: number | undefined;
  readonly name?: string | undefined;
  readonly chatLevel?: ChatLevel | undefined;
}

/** The people of the chats have numbers too, far above those of the users. */
const firstChatterId = 101;

export function personOf(name: string): Person | undefined {
  const at = chatters.findIndex((chatter) => chatter.name === name);
  return at === -1 ? undefined : { id: firstChatterId + at, name };
}

/** Who has an account on this service: whose token opens a socket. */
export class Users {
  /** The owner of the stream: any token is his, until it is told to be another's. */
  #owner: User = { id: 1, name: streamer.name.toLowerCase(), chatLevel: 2 };
  readonly #byToken = new Map<string, User>();

  get owner(): User {
    return this.#owner;
  }

  of(token: string | null): User {
    return this.#byToken.get(token ?? "") ?? this.#owner;
  }

  /** Changes the owner, or whoever has that token. */
  put({ token, ...given }: UserOrder): User {
    const known = token === undefined ? this.#owner : this.#byToken.get(token);
    const id = given.id ?? known?.id ?? 2 + this.#byToken.size;
    const name = given.name ?? known?.name ?? `user${id}`;
    const user = { id, name, chatLevel: given.chatLevel ?? known?.chatLevel ?? 2 };
    if (token === undefined) {
      this.#owner = user;
    } else {
      this.#byToken.set(token, user);
    }
    return user;
  }

  /** Whoever has that name in the internal room. */
  find(name: string): Person | undefined {
    return this.#all.find((user) => user.name === name) ?? personOf(name);
  }

  report(): User[] {
    return structuredClone(this.#all);
  }

  get #all(): User[] {
    return [this.#owner, ...this.#byToken.values()];
  }
}
