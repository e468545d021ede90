import type { ChannelInput, Placed } from "../../channel/channel.ts";
import type { OutboxInput } from "../../channel/outbox.ts";
import type { MasterKeys } from "../../lib/master-keys.ts";
import type { Deployment } from "../../protocols/hook.ts";
import { replaceCredentials, saveDial, saveSeen } from "../../store/journal/providers.ts";
import { openCredentials, sealCredentials } from "./credentials.ts";
import type { Hooks } from "./hooks.ts";
import type { LinkHost, ProviderLink } from "./link.ts";
import type { OutboundTurns } from "./outbound.ts";
import { resealCredentials } from "./resealing.ts";

/** The part of an object that keeping links needs. */
export interface LinkKeeper {
  offer(input: ChannelInput, bytes: number, ended?: (placed: Placed) => void): void;
  sent(input: OutboxInput): void;
  readonly isPrivateAllowed: boolean;
  readonly storage: DurableObjectStorage;
  readonly masterKeys: MasterKeys;
  readonly turns: OutboundTurns;
  /** Those of the deployment's settings that go by these names. */
  deployment(names: readonly string[]): Deployment;
}

/** Makes the part of an object that one link needs: somebody who hears it, and rows that keep it. */
export function makeLinkHost(
  keeper: LinkKeeper,
  hooks: Hooks,
  find: (id: string) => ProviderLink | undefined,
): LinkHost {
  const { isPrivateAllowed, masterKeys, storage, turns } = keeper;
  const { sql } = storage;
  return {
    isPrivateAllowed,
    turns,
    offer: (input, bytes, ended) => keeper.offer(input, bytes, ended),
    hooks,
    deployment: (names) => keeper.deployment(names),
    sent: (input) => keeper.sent(input),
    openCredentials: async (row) => {
      const opened = await openCredentials(masterKeys, row.id, row.credentials);
      if (opened.ok && opened.isOld) await resealCredentials(keeper, row, opened.text, find);
      return opened;
    },
    saveDial: (id, dial) => saveDial(sql, id, dial),
    saveSeen: (id, at) => saveSeen(sql, id, at),
    saveCredentials: async ({ id, revision }, credentials) => {
      const sealed = await sealCredentials(masterKeys, id, credentials);
      // Those that were set in the meantime are not overwritten by what the old ones came to.
      if (!replaceCredentials(sql, id, revision, sealed)) return;
      const link = find(id);
      if (link !== undefined) {
        link.row = { ...link.row, credentials: sealed, revision: revision + 1 };
      }
      await storage.sync();
    },
  };
}
