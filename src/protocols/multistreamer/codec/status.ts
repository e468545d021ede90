import type { DraftOf, EventDraft } from "../../../event/event.ts";
import { formatConnectionId, Platform } from "../../../event/ids.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { decode, type Json, lookUp } from "../../../lib/json.ts";
import { INTERNAL_ACCOUNT, ListedAccount, type Status } from "../wire/frames.ts";

export const PROTOCOL = "multistreamer";

/** The user's own place in the internal IRC room. */
export const INTERNAL = INTERNAL_ACCOUNT;

/** An account, as statuses told of it. */
export interface Account {
  readonly id: string;
  readonly platform: string;
  readonly name: string | undefined;
  /** The network as people write it. */
  readonly network: string | undefined;
  readonly url: string | undefined;
  readonly live: boolean | null;
  readonly writable: boolean;
  readonly ready: boolean;
  /** The server's own words. */
  readonly raw: Json;
}

/** All that are there, by their number. */
export type Accounts = Readonly<Record<string, Account>>;

/** Our name for a network, which is its own in small letters. */
export function findPlatform(network: string | null | undefined): string {
  return Platform.safeParse(network?.toLowerCase()).data ?? "unknown";
}

/** The accounts a status lists. One that cannot be read is named, and stays as it was. */
export function readAccounts(
  { accounts: listed }: Status,
  before: Accounts,
): { accounts: Accounts; unreadable: readonly string[] } {
  const accounts: [id: string, account: Account][] = [];
  const unreadable: string[] = [];
  for (const [id, said] of Object.entries(listed)) {
    const decoded = decode(ListedAccount, [id, said]);
    const known = lookUp(before, id);
    if (decoded.ok) {
      accounts.push([id, readAccount(decoded.value, known, said as Json)]);
    } else {
      unreadable.push(id);
      if (known !== undefined) accounts.push([id, known]);
    }
  }
  return { accounts: Object.fromEntries(accounts), unreadable };
}

function readAccount([id, said]: ListedAccount, before: Account | undefined, raw: Json): Account {
  return {
    id,
    platform: findPlatform(said.network?.name),
    name: said.name ?? undefined,
    network: said.network?.displayName ?? undefined,
    url: said.http_url ?? undefined,
    live: said.live ?? before?.live ?? null,
    writable: said.writable ?? false,
    ready: said.ready ?? false,
    raw,
  };
}

/** Lists the streams that began or ended between two statuses of one socket. */
export function findChanges(before: Accounts, after: Accounts): EventDraft[] {
  const ended = Object.values(before)
    .filter(({ id, live }) => live === true && lookUp(after, id)?.live !== true)
    .map((account) => draftEdge("stream.offline", lookUp(after, account.id) ?? account));
  const begun = Object.values(after)
    .filter(({ id, live }) => live === true && lookUp(before, id)?.live !== true)
    .map((account) => draftEdge("stream.online", account));
  return [...ended, ...begun];
}

function draftEdge(type: "stream.online" | "stream.offline", account: Account): EventDraft {
  const { id, platform, url, raw } = account;
  return {
    type,
    platform,
    connectionId: formatConnectionId(PROTOCOL, id),
    raw,
    data: omitUndefined({ url, account: id }),
  };
}

/** How the stream is fed, and by whom. State, not an occurrence: it has no key. */
export function draftStatus(status: Status, accounts: Accounts): DraftOf<"stream.status"> {
  const { data_incoming, data_pushing, data_pulling } = status.status ?? {};
  return {
    type: "stream.status",
    platform: PROTOCOL,
    raw: status as Json,
    data: omitUndefined({
      incoming: data_incoming ?? undefined,
      pushing: data_pushing ?? undefined,
      pulling: data_pulling ?? undefined,
      accounts: Object.values(accounts)
        .toSorted((a, b) => Number(a.id) - Number(b.id))
        .map(({ id, platform, name, live }) => omitUndefined({ id, platform, name, live })),
    }),
  };
}
