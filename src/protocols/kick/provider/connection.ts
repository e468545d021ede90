import type { EventDraft } from "../../../event/event.ts";
import { formatTime } from "../../../lib/time.ts";
import { makePageUrl } from "../../kick-people.ts";
import type { ObservedConnection } from "../../session.ts";
import { PLATFORM } from "../codec/envelope.ts";
import { nameConnection, type KickLink } from "./link.ts";
import type { KickState } from "./state.ts";

/**
 * The channel's entry in the connection map. There is no socket that could go: connected is who is
 * subscribed and was so at the last look, in whichever life of the relay that was.
 */
export function toConnection(
  { providerId, channel, account }: KickLink,
  state: KickState,
): ObservedConnection {
  const isWritable = account !== null && state.writerReason === null;
  return {
    identifier: nameConnection(channel),
    uuid: providerId,
    platform: PLATFORM,
    status: "connected",
    reason: findReason(state),
    target: {
      platform: PLATFORM,
      ...(state.channel !== null && { id: state.channel.id }),
      name: channel,
      url: makePageUrl(channel),
      ...(state.refused.length > 0 && { refused: [...state.refused] }),
    },
    writable: isWritable,
    ready: isWritable,
    live: state.channel?.isLive ?? null,
  };
}

/** Finds the most pressing of what a person should know of it. */
function findReason(state: KickState): string | null {
  if (state.trouble !== null) return state.trouble;
  if (state.writerReason !== null) return state.writerReason;
  if (state.refused.length > 0) return REFUSED.reason;
  if (state.isSilent) return SILENT.reason;
  return state.isHeard ? null : AWAITING.reason;
}

const REFUSED = { reason: "subscription_refused" } as const;
const SILENT = { reason: "no_delivery" } as const;
const AWAITING = { reason: "awaiting_delivery" } as const;

/** The hole that a lost subscription left: Kick tells of nothing a second time. */
export function draftGap(channel: string, from: number, to: number): EventDraft {
  const identifier = nameConnection(channel);
  const data = {
    identifier,
    from: formatTime(from),
    to: formatTime(Math.max(from, to)),
    cause: LOST.reason,
  };
  const key = `gap/${channel}/${from}`;
  return { platform: PLATFORM, connectionId: identifier, key, type: "connection.gap", data };
}

const LOST = { reason: "subscription_lost" } as const;
