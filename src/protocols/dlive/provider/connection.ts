import { formatConnectionId } from "../../../event/ids.ts";
import type { ObservedConnection } from "../../session.ts";
import { formatPageUrl, PLATFORM } from "../codec/user.ts";

/** A link to DLive, as its session needs it. */
export interface DliveLink {
  readonly dialId: string;
  /** The address set by hand, or null for DLive's own. */
  readonly url: string | null;
  readonly streamer: string;
  /** Without one nothing can be written. */
  readonly appToken: string | undefined;
}

/** The streamer's entry in the connection map. `reason`: why it is there in part only. */
export function toConnection(
  { dialId, streamer, appToken }: DliveLink,
  reason: string | null,
): ObservedConnection {
  return {
    identifier: formatConnectionId("dlive", streamer),
    uuid: dialId,
    platform: PLATFORM,
    status: "connected",
    reason,
    target: {
      platform: PLATFORM,
      id: streamer,
      name: streamer,
      url: formatPageUrl(streamer),
    },
    writable: appToken !== undefined,
    ready: appToken !== undefined,
    live: null,
  };
}
