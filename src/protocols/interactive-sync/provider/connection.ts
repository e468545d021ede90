import { formatConnectionId } from "../../../event/ids.ts";
import { omitUndefined } from "../../../lib/given.ts";
import type { ObservedConnection } from "../../session.ts";
import { PLATFORM } from "../codec/to-draft.ts";
import type { Channel } from "../wire/frames.ts";

export function toIdentifier(channelId: string): string {
  return formatConnectionId("interactive-sync", channelId);
}

/** The one connection there is: the channel of the token, with the error that it ended over. */
export function toConnection(
  { dialId }: { readonly dialId: string },
  { channelId, displayName }: Channel,
  error: string | null,
): ObservedConnection {
  return {
    identifier: toIdentifier(channelId),
    uuid: dialId,
    platform: PLATFORM,
    status: error === null ? "connected" : "error",
    reason: error,
    target: omitUndefined({
      platform: PLATFORM,
      id: channelId,
      name: displayName ?? undefined,
      channelId,
      displayName: displayName ?? undefined,
    }),
    writable: true,
    ready: error === null,
    live: null,
  };
}
