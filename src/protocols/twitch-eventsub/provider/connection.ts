import { formatConnectionId } from "../../../event/ids.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { observeConnection } from "../../effects.ts";
import type { ObservedConnection, ProviderEffect } from "../../session.ts";
import { WRITING } from "../../twitch-sending.ts";
import { PLATFORM } from "../codec/envelope.ts";
import { isSome, type EventSubLink, type EventSubState } from "./state.ts";

/** The link's connection: its channel's, by login. */
export function nameConnection(channel: string): string {
  return formatConnectionId("twitch-eventsub", channel);
}

/** Tells of the connection as it is now. Before the welcome there is nothing to tell of. */
export function tell(link: EventSubLink, state: EventSubState): ProviderEffect[] {
  return state.sessionId === null ? [] : [observeConnection(toConnection(link, state))];
}

/**
 * The channel's entry in the connection map, with what has become of each type. It is not connected
 * before all have been answered: until then events of some are missed.
 */
function toConnection(
  { providerId, channel }: EventSubLink,
  state: EventSubState,
): ObservedConnection {
  const { broadcasterId, places, cost, isSettled, live } = state;
  const isWritable = canWrite(state);
  return {
    identifier: nameConnection(channel),
    uuid: providerId,
    platform: PLATFORM,
    status: isSettled ? "connected" : "connecting",
    reason: findReason(state),
    target: {
      platform: PLATFORM,
      ...(broadcasterId !== null && { id: broadcasterId }),
      name: channel,
      url: `https://www.twitch.tv/${channel}`,
      subscriptions: Object.fromEntries(
        places
          .filter(({ status }) => isSettled && status !== "left")
          .map(({ name, status, reason, detail }) => [
            name,
            omitUndefined({
              status: status === "asked" ? "pending" : status,
              reason: reason ?? undefined,
              detail: detail ?? undefined,
            }),
          ]),
      ),
      ...(cost !== null && isSettled && { cost }),
    },
    writable: isWritable,
    ready: isWritable,
    live,
  };
}

function canWrite({ holder, broadcasterId, trouble }: EventSubState): boolean {
  const mayWrite = holder?.scopes.includes(WRITING) === true;
  return mayWrite && broadcasterId !== null && trouble === null;
}

function findReason(state: EventSubState): string | null {
  const { trouble, revoked } = state;
  if (trouble !== null || revoked !== null) return trouble ?? revoked;
  if (!state.isSettled) return "subscriptions_pending";
  return isSome(state, "refused") ? "subscriptions_refused" : null;
}
