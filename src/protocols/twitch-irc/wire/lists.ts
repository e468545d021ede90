/*
 * The lists that tags hold: places of emotes, and badges. An entry that is none is passed over.
 */

/** A place of an emote, both ends in it, counted in code points of the text. */
export interface EmotePlace {
  readonly id: string;
  readonly first: number;
  readonly last: number;
}

/** Reads `id:first-last,first-last/id:…`. The same id may stand there several times. */
export function parseEmotes(tag: string): EmotePlace[] {
  return tag.split("/").flatMap((entry) => {
    const colon = entry.lastIndexOf(":");
    if (colon <= 0) return [];
    return entry
      .slice(colon + 1)
      .split(",")
      .flatMap((range): EmotePlace[] => {
        const [, first, last] = /^(\d{1,6})-(\d{1,6})$/.exec(range) ?? [];
        if (first === undefined || last === undefined) return [];
        return [{ id: entry.slice(0, colon), first: Number(first), last: Number(last) }];
      });
  });
}

/** Writes them, those of one id together. */
export function formatEmotes(places: readonly EmotePlace[]): string {
  const ranges = new Map<string, string[]>();
  for (const { id, first, last } of places) {
    ranges.set(id, [...(ranges.get(id) ?? []), `${first}-${last}`]);
  }
  return [...ranges].map(([id, each]) => `${id}:${each.join(",")}`).join("/");
}

/** A badge: `subscriber/12`. In `badge-info` the second is more exact: months, or words. */
export interface BadgeEntry {
  readonly set: string;
  readonly version: string;
}

/** Reads `set/version,set/version`. What follows the first slash may have more of them. */
export function parseBadges(tag: string): BadgeEntry[] {
  return tag.split(",").flatMap((entry): BadgeEntry[] => {
    const slash = entry.indexOf("/");
    if (slash <= 0) return [];
    return [{ set: entry.slice(0, slash), version: entry.slice(slash + 1) }];
  });
}

/** Writes them. */
export function formatBadges(badges: readonly BadgeEntry[]): string {
  return badges.map(({ set, version }) => `${set}/${version}`).join(",");
}
