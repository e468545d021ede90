import { formatConnectionId } from "../../../event/ids.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { lookUp } from "../../../lib/json.ts";
import { observeConnection } from "../../effects.ts";
import type { ObservedConnection, ProviderEffect } from "../../session.ts";
import { INTERNAL, PROTOCOL, type Account, type Accounts } from "../codec/status.ts";
import { hasWriter, type Outbox } from "./outbox.ts";

/** The parts of a session's state that its connections are made of. */
interface Known {
  readonly accounts: Accounts;
  readonly outbox: Outbox;
}

/** Tells of the accounts whose connection is new or another than before. */
export function observeChanges(dialId: string, before: Known, after: Known): ProviderEffect[] {
  return Object.values(after.accounts).flatMap((account): ProviderEffect[] => {
    const connection = connectionTo(account, dialId, after.outbox);
    const old = lookUp(before.accounts, account.id);
    const known = old === undefined ? null : connectionTo(old, dialId, before.outbox);
    const isSame = JSON.stringify(connection) === JSON.stringify(known);
    return isSame ? [] : [observeConnection(connection)];
  });
}

/** An account that is gone is so by its owner's will: nothing of it can be missed. */
export function dropEffects(dialId: string, before: Accounts, after: Accounts): ProviderEffect[] {
  return Object.keys(before)
    .filter((id) => lookUp(after, id) === undefined)
    .map((id) => ({
      type: "connection-drop",
      uuid: formatUuid(dialId, id),
      reason: "not_listed",
      final: true,
    }));
}

function connectionTo(account: Account, dialId: string, outbox: Outbox): ObservedConnection {
  const { id, platform, name, network, url, live, writable, ready } = account;
  return {
    identifier: formatConnectionId(PROTOCOL, id),
    uuid: formatUuid(dialId, id),
    platform,
    status: "connected",
    reason: null,
    target: omitUndefined({ platform, name, url, network }),
    writable,
    // A status never says so of an account that is not the stream's, even when its writer is there.
    ready: ready || hasWriter(outbox, id),
    live,
    // The server hears an account's chat only while it streams there.
    idle: id !== INTERNAL && live === false,
  };
}

/** The server has no uuids: the dial and the account make one. */
function formatUuid(dialId: string, account: string): string {
  return `${dialId}/${account}`;
}
