import type { Target } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { isRecord, lookUp } from "../../../lib/json.ts";

/**
 * A connection's target: our own four fields, picked from wherever its source puts them, beside
 * everything Restream said of it. `platform` is ours even where Restream has such a field one day.
 */
export function toTarget(
  platform: string,
  said: Record<string, unknown> | null | undefined,
): Target {
  const target = said ?? {};
  const owner = readPart(target, "owner", "page", "user", "organization", "channel", "server");
  const place = readPart(target, "event", "liveVideo", "post", "channel", "owner");
  return omitUndefined({
    ...target,
    platform,
    id: readText(owner, "id", "username") ?? readText(target, "id"),
    name: readText(owner, "displayName", "name") ?? readText(target, "name"),
    url: readText(place, "url") ?? readText(owner, "url") ?? readText(target, "url"),
    avatar: readText(owner, "avatar", "picture", "avatarUrl", "icon") ?? readText(target, "avatar"),
  });
}

function readPart(target: Record<string, unknown>, ...names: string[]): Record<string, unknown> {
  for (const name of names) {
    const found = lookUp(target, name);
    if (isRecord(found)) return found;
  }
  return {};
}

function readText(from: Record<string, unknown>, ...names: string[]): string | undefined {
  for (const name of names) {
    const found = lookUp(from, name);
    if (typeof found === "string" && found !== "") return found;
    if (typeof found === "number") return String(found);
  }
  return undefined;
}
