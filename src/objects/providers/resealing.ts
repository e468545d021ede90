import type { MasterKeys } from "../../lib/master-keys.ts";
import { listSealed, putResealed, type ProviderRow } from "../../store/journal/providers.ts";
import type { KeptSeal } from "../resealing.ts";
import { sealText } from "./credentials.ts";
import type { ProviderLink } from "./link.ts";

/** The part of an object that sealing credentials anew needs. */
interface SealKeeper {
  readonly storage: DurableObjectStorage;
  readonly masterKeys: MasterKeys;
}

type Find = (id: string) => Pick<ProviderLink, "row"> | undefined;

/** All credentials that a channel's object keeps. */
export function listKeptCredentials(keeper: SealKeeper, find: Find): KeptSeal[] {
  return listSealed(keeper.storage.sql).map((row) => ({
    kind: "provider-credentials",
    name: row.id,
    sealed: row.credentials,
    reseal: (text) => resealCredentials(keeper, row, text, find),
  }));
}

/** Seals credentials anew that the key before has opened. Those that were set meanwhile stay. */
export async function resealCredentials(
  { storage, masterKeys }: SealKeeper,
  { id, credentials: before }: Pick<ProviderRow, "id" | "credentials">,
  text: string,
  find: Find,
): Promise<void> {
  const credentials = await sealText(masterKeys, id, text);
  if (!putResealed(storage.sql, id, before, credentials)) return;
  const link = find(id);
  if (link !== undefined) link.row = { ...link.row, credentials };
}
