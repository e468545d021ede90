import type { StreamEvent } from "../../../event/event.ts";

/**
 * A connection's identifier in Restream's form, `<userId>-<platform>-<channel>`: clients read the
 * platform from its second part. It is made of ours alone, so it stays the same for good, and no
 * two connections of one platform have the same: one that names its protocol has a dot in it.
 */
export function toIdentifier(user: number, platform: string, ours: string): string {
  const colon = ours.indexOf(":");
  const protocol = ours.slice(0, colon);
  const own = ours.slice(colon + 1);
  const isPlain = protocol === platform && own !== "" && !own.includes(".");
  return `${user}-${toWord(platform)}-${isPlain ? own : `${protocol}.${own}`}`;
}

/** Finds the connection identifier to tell of an event. A posted event has no connection. */
export function toEventIdentifier(
  { platform, connectionid }: Pick<StreamEvent, "platform" | "connectionid">,
  user: number,
): string {
  return connectionid === undefined
    ? `${user}-${toWord(platform)}-api.posted`
    : toIdentifier(user, platform, connectionid);
}

/** A platform's name as one part of an identifier. */
function toWord(platform: string): string {
  return platform.replaceAll("-", "");
}
