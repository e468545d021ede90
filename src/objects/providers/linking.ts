import type { ProviderInput, ProviderRefusal } from "../../calls/provider.ts";
import { IDLE } from "../../channel/redial.ts";
import { refuse, type Answer } from "../../event/answer.ts";
import { parseJson, type Json } from "../../lib/json.ts";
import type { MasterKeys } from "../../lib/master-keys.ts";
import type { ProviderAdapter } from "../../protocols/provider.ts";
import type { ProviderRow } from "../../store/journal/providers.ts";
import { openCredentials } from "./credentials.ts";

const ANOTHER_HOST =
  "must be given again for another host: those that are kept were not given for it";

export const FOR_ANOTHER_HOST = refuse("invalid_input", `credentials ${ANOTHER_HOST}.`, [
  { pointer: "/credentials", detail: ANOTHER_HOST },
]);

/** Whom credentials are for: the host they were given for, and how it is spoken to. */
export function findHost(adapter: ProviderAdapter, url: string | null): string {
  const address = url ?? adapter.defaultUrl;
  if (address === null) return "";
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}

/** Is there anything in its credentials that nobody else is to have? */
export async function hasSecrets(
  adapter: ProviderAdapter,
  { id, credentials }: ProviderRow,
  keys: MasterKeys,
): Promise<boolean> {
  const opened = await openCredentials(keys, id, credentials);
  const read = opened.ok ? parseJson(opened.text) : null;
  // What cannot be looked at may hold some.
  if (read === null || !read.ok) return true;
  return adapter.secrets(read.value as Json).length > 0;
}

/** The provider among some, other than `except`, whose target claims an identifier. */
export function findClaimant(
  links: Iterable<{ readonly row: ProviderRow; readonly adapter: ProviderAdapter }>,
  identifier: string,
  except: string,
): string | null {
  for (const { row, adapter } of links) {
    if (row.id !== except && adapter.claims(row.target).includes(identifier)) return row.id;
  }
  return null;
}

/** Refuses what another provider follows already; `ownerOf`: the provider that follows it now. */
export function refuseClaimed(
  adapter: ProviderAdapter,
  target: Json,
  id: string,
  ownerOf: (identifier: string) => string | null,
): Answer<never, Extract<ProviderRefusal, "connection_claimed">> | null {
  for (const identifier of adapter.claims(target)) {
    const owner = ownerOf(identifier);
    if (owner === null || owner === id) continue;
    const detail = `Another provider of this channel follows ${identifier} already.`;
    return refuse("connection_claimed", detail, [{ pointer: "/target", detail }]);
  }
  return null;
}

/** The row of a provider that is linked. */
export function makeRow(
  id: string,
  { protocol }: ProviderAdapter,
  { url = null, mode = null, enabled = true }: ProviderInput,
  { target, credentials }: Pick<ProviderRow, "target" | "credentials">,
  now: number,
): ProviderRow {
  return {
    id,
    protocol,
    target,
    url,
    mode,
    enabled,
    credentials,
    revision: 0,
    createdAt: now,
    updatedAt: now,
    dial: IDLE,
    seenAt: null,
  };
}
