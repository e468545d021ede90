import { countBytes } from "../lib/bytes.ts";
import { formatTime } from "../lib/time.ts";
import { judgeKept, type KeptList } from "./kept.ts";
import type { EmoteService, EmoteSource } from "./service.ts";

/** A list that was asked for, and what is known of it; null for nothing. */
export interface FoundList {
  readonly source: EmoteSource;
  readonly kept: KeptList | null;
}

/** The bounds of a joined list: some ten thousand of the usual emotes. */
export const JOINED_MAX_EMOTES = 10_000;
export const JOINED_MAX_BYTES = 2 * 1024 * 1024;

/** All lists as one. */
export interface JoinedList {
  /** The emotes by their names, as JSON: it is written once, and measured on the way. */
  readonly emotes: string;
  /** The time at which the oldest of it was fetched; null where there is nothing. */
  readonly fetchedAt: string | null;
  /** The services of which a list is not to be had. */
  readonly missing: readonly EmoteService[];
  /** The services of which a list is older than it should be. */
  readonly stale: readonly EmoteService[];
}

/**
 * Joins lists in their order: of two emotes of one name the first is taken. What is beyond the
 * bounds is left out, and it is the last.
 */
export function joinLists(found: readonly FoundList[], now: number): JoinedList {
  const judged = found.map((each) => ({ ...each, standing: judgeKept(each.kept, now) }));
  const shown = judged.flatMap(({ kept, standing }) =>
    kept === null || standing === "gone" ? [] : [kept],
  );
  const listServices = (standing: string): EmoteService[] => [
    ...new Set(
      judged.filter((each) => each.standing === standing).map(({ source }) => source.service),
    ),
  ];
  const oldest = shown.reduce((least, { fetchedAt }) => Math.min(least, fetchedAt), Infinity);
  return {
    emotes: writeEmotes(shown),
    fetchedAt: shown.length === 0 ? null : formatTime(oldest),
    missing: listServices("gone"),
    stale: listServices("stale"),
  };
}

function writeEmotes(lists: readonly KeptList[]): string {
  const names = new Set<string>();
  const written: string[] = [];
  let bytes = 0;
  for (const { emotes } of lists) {
    for (const [name, picture] of emotes) {
      if (names.has(name)) continue;
      const text = `${JSON.stringify(name)}:${JSON.stringify(picture)}`;
      bytes += countBytes(text) + 1;
      if (names.size >= JOINED_MAX_EMOTES || bytes > JOINED_MAX_BYTES) return `{${written.join()}}`;
      names.add(name);
      written.push(text);
    }
  }
  return `{${written.join()}}`;
}
