import type { ChannelInput, Placed } from "../../channel/channel.ts";
import type { OutboxInput } from "../../channel/outbox.ts";
import { replaceCredentials, saveDial, saveSeen } from "../../store/journal/providers.ts";
import { openCredentials, sealCredentials } from "./credentials.ts";
import type { LinkHost, ProviderLink } from "./link.ts";
import type { OutboundTurns } from "./outbound.ts";

/** The part of an object that keeping links needs. */
export interface LinkKeeper {
  offer(input: ChannelInput, bytes: number, ended?: (placed: Placed) => void): void;
  sent(input: OutboxInput): void;
  readonly isPrivateAllowed: boolean;
  readonly storage: DurableObjectStorage;
  readonly masterKey: string;
  readonly turns: OutboundTurns;
}

/** Makes the part of an object that one link needs: somebody who hears it, and rows that keep it. */
export function makeLinkHost(
  keeper: LinkKeeper,
  find: (id: string) => ProviderLink | undefined,
): LinkHost {
  const { isPrivateAllowed, masterKey, storage, turns } = keeper;
  const { sql } = storage;
  return {
    isPrivateAllowed,
    turns,
    offer: (input, bytes, ended) => keeper.offer(input, bytes, ended),
    sent: (input) => keeper.sent(input),
    openCredentials: ({ id, credentials }) => openCredentials(masterKey, id, credentials),
    saveDial: (id, dial) => saveDial(sql, id, dial),
    saveSeen: (id, at) => saveSeen(sql, id, at),
    saveCredentials: async ({ id, credentials: before }, credentials) => {
      const sealed = await sealCredentials(masterKey, id, credentials);
      // Those that were set in the meantime are not overwritten by what the old ones came to.
      if (!replaceCredentials(sql, id, before, sealed)) return;
      const link = find(id);
      if (link !== undefined) link.row = { ...link.row, credentials: sealed };
      await storage.sync();
    },
  };
}
