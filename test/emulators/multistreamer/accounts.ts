import { BadInput } from "../kit/bad-input.ts";
import { streamer } from "../kit/cast.ts";
import {
  canWriteTo,
  irc,
  type Network,
  type NetworkName,
  networkNamed,
  readNetwork,
  urlOf,
} from "./networks.ts";
import type { AccountReport, StreamStatus } from "./report.ts";
import type { User } from "./users.ts";

/** An account of somebody on a network. */
export interface Account {
  readonly id: number;
  readonly network: Network;
  readonly name: string;
  /** The stream goes out there; otherwise it is only one that its user could write from. */
  readonly isOfStream: boolean;
  /** Absent where it is as the real service would have it. */
  readonly live?: boolean | undefined;
  readonly writable?: boolean | undefined;
  readonly ready?: boolean | undefined;
  readonly httpUrl?: string | undefined;
}

export interface AccountOrder {
  readonly id: number;
  readonly network?: NetworkName | Network | undefined;
  readonly name?: string | undefined;
  readonly of?: "stream" | "user" | undefined;
  readonly live?: boolean | undefined;
  readonly writable?: boolean | undefined;
  readonly ready?: boolean | undefined;
  readonly httpUrl?: string | undefined;
}

export const twitchAccountId = 12;
export const youtubeAccountId = 13;
export const spareAccountId = 18;

const login = streamer.name.toLowerCase();
export const spareName = `${login}_crew`;

/** What a fresh service has: a stream to two networks, and a second account on one of them. */
const usualAccounts: readonly Account[] = [
  { id: twitchAccountId, network: networkNamed("twitch"), name: login, isOfStream: true },
  { id: youtubeAccountId, network: networkNamed("youtube"), name: streamer.name, isOfStream: true },
  {
    id: spareAccountId,
    network: networkNamed("twitch"),
    name: spareName,
    isOfStream: false,
  },
];

const nothingFlows: StreamStatus = {
  data_pushing: false,
  data_pulling: false,
  data_incoming: false,
};

/** The stream, and the accounts that have to do with it. A view is a copy: later changes do not change it. */
export class Accounts {
  #status: StreamStatus = { ...nothingFlows, data_pushing: true, data_incoming: true };
  #byId: ReadonlyMap<number, Account>;

  constructor(accounts: Iterable<Account> = usualAccounts) {
    this.#byId = new Map([...accounts].map((account) => [account.id, account]));
  }

  get status(): StreamStatus {
    return this.#status;
  }

  get isLive(): boolean {
    return this.#status.data_pushing;
  }

  get ofStream(): Account[] {
    return [...this.#byId.values()].filter(({ isOfStream }) => isOfStream);
  }

  get(id: number | null): Account | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  named(id: number): Account {
    const account = this.#byId.get(id);
    if (account === undefined) {
      const there = [...this.#byId.keys()].join(", ");
      throw new BadInput(`There is no account ${id}: there are ${there || "none"}, and the room 0`);
    }
    return account;
  }

  put({ id, network, name, of, ...given }: AccountOrder): void {
    const known = this.#byId.get(id);
    if (known === undefined && network === undefined) {
      throw new BadInput(`There is no account ${id} yet: say on which network it is`);
    }
    const flags = Object.entries(given).filter(([, value]) => value !== undefined);
    const account: Account = {
      ...known,
      id,
      network: network === undefined ? (known?.network ?? irc) : readNetwork(network),
      name: name ?? known?.name ?? `${login}_${id}`,
      isOfStream: of === undefined ? (known?.isOfStream ?? false) : of === "stream",
      ...Object.fromEntries(flags),
    };
    this.#byId = new Map([...this.#byId, [id, account]]);
  }

  remove(id: number): void {
    this.named(id);
    this.#byId = new Map([...this.#byId].filter(([known]) => known !== id));
  }

  start(flows: Partial<StreamStatus>): void {
    this.#status = { data_pushing: true, data_pulling: false, data_incoming: true, ...flows };
  }

  end(): void {
    this.#status = nothingFlows;
  }

  copy(): Accounts {
    const copy = new Accounts(this.#byId.values());
    copy.#status = this.#status;
    return copy;
  }

  /** As a status tells them to one user. A stream that does not go out has no accounts but the room. */
  seenBy(user: User, isGranted: (account: Account) => boolean): Record<string, AccountReport> {
    const room = { name: user.name, network: irc, live: false, writable: true, ready: true };
    const networks = new Set(this.ofStream.map(({ network }) => network.name));
    const listed = this.isLive
      ? [...this.#byId.values()].filter(
          ({ isOfStream, network }) => isOfStream || networks.has(network.name),
        )
      : [];
    return Object.fromEntries([
      ["0", room],
      ...listed.map((account) => [
        String(account.id),
        account.isOfStream ? ofStream(account, user) : ofUser(account, isGranted(account)),
      ]),
    ]);
  }
}

/** Without the right to write, `writable` is hidden; nothing more is done about it. */
function ofStream(account: Account, { chatLevel }: User): AccountReport {
  const { name, network, live = true, ready = true } = account;
  const writable = account.writable ?? canWriteTo(network);
  const url = account.httpUrl ?? urlOf(network, name);
  return { name, network, live, writable: writable && chatLevel === 2, ready, http_url: url };
}

function ofUser(account: Account, isGranted: boolean): AccountReport {
  const { name, network, live = false, httpUrl } = account;
  const writable = account.writable ?? canWriteTo(network);
  const url = httpUrl === undefined ? {} : { http_url: httpUrl };
  return { name, network, live, writable, ready: account.ready ?? isGranted, ...url };
}
