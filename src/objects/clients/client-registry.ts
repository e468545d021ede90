import { findFirstTime } from "../expiry.ts";
import type { ClientSocket } from "./client-socket.ts";

/** How many of the clients are looked at to tell whether a group has been sent. */
const NEWEST = 8;

/** Which clients are here, by their sockets: the last that came, and how many of each kind. */
export class ClientRegistry<Client extends ClientSocket<unknown>, Kind> {
  readonly #kindOf: (client: Client) => Kind;
  readonly #clients = new Map<WebSocket, Client>();
  readonly #kinds = new Map<Kind, number>();
  #newest: readonly Client[] = [];
  #expiresAt: number | null = null;

  constructor(kindOf: (client: Client) => Kind) {
    this.#kindOf = kindOf;
  }

  get count(): number {
    return this.#clients.size;
  }

  /** How many there are of each kind; of the others there are none. */
  get kinds(): ReadonlyMap<Kind, number> {
    return this.#kinds;
  }

  /** The last ones that came: a group is sent to them last. */
  get newest(): readonly Client[] {
    return this.#newest;
  }

  /** When the first credential runs out of those that are here, or have been: never too late. */
  get expiresAt(): number | null {
    return this.#expiresAt;
  }

  /** Looks at when a client's credential runs out. True if that is the first of all now. */
  watch({ expiresAt }: Client): boolean {
    const isFirst = expiresAt !== null && (this.#expiresAt === null || expiresAt < this.#expiresAt);
    if (isFirst) this.#expiresAt = expiresAt;
    return isFirst;
  }

  /** The clients whose credentials have run out; from then on it is the others that are watched. */
  takeExpired(now: number): Client[] {
    const all = [...this.#clients.values()];
    const left = all.filter((client) => !client.isExpired(now));
    this.#expiresAt = findFirstTime(left.map(({ expiresAt }) => expiresAt));
    return all.filter((client) => client.isExpired(now));
  }

  /** In the order in which they came. */
  all(): IterableIterator<Client> {
    return this.#clients.values();
  }

  /** Finds the client of a socket; undefined once it has left. */
  of(socket: WebSocket): Client | undefined {
    return this.#clients.get(socket);
  }

  has({ socket }: Client): boolean {
    return this.#clients.has(socket);
  }

  add(client: Client): void {
    this.#clients.set(client.socket, client);
    this.watch(client);
    this.#newest = [...this.#newest.slice(1 - NEWEST), client];
    const kind = this.#kindOf(client);
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
  }

  /** It is one of these. */
  remove(client: Client): void {
    this.#clients.delete(client.socket);
    if (this.#newest.includes(client)) this.#newest = [...this.#clients.values()].slice(-NEWEST);
    const kind = this.#kindOf(client);
    const left = (this.#kinds.get(kind) ?? 1) - 1;
    if (left === 0) this.#kinds.delete(kind);
    else this.#kinds.set(kind, left);
  }
}
