import type { AdmitRefusal, ChannelNow } from "../../calls/channel.ts";
import { granted, refused, type Answer } from "../../event/answer.ts";
import { isReader, mayOn, type Principal } from "../../event/principal.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";

/** A channel that is there. */
interface There {
  readonly config: ChannelRecord;
  now(): ChannelNow;
}

/**
 * The channel as it is, for somebody who may read it: by a scope, or because it is public. Whoever
 * may not learns nothing of whether there is such a channel.
 */
export function admit(
  principal: Principal,
  id: string,
  channel: There | null,
): Answer<ChannelNow, AdmitRefusal> {
  const { kind } = principal;
  const mayRead =
    channel === null ? mayOn(principal, "events:read", id) : isReader(principal, channel.config);
  if (!mayRead && channel?.config.public !== true) {
    return kind === "anonymous"
      ? refused("unauthorized", "This channel needs a credential.")
      : refused("forbidden", "The credential does not reach this channel.");
  }
  return channel === null
    ? refused("channel_not_found", "No such channel.")
    : granted(channel.now());
}
