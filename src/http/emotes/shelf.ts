import { within } from "../../deadline.ts";
import { judgeKept, parseKept, KEEP_MS, type KeptList } from "../../emotes/kept.ts";
import { countBytes } from "../../lib/bytes.ts";
import { readBounded } from "../../lib/read-bounded.ts";
import { Weighed } from "../../lib/weighed.ts";
import { report } from "../../report.ts";

/*
 * The lists that were fetched, in two places: the memory of this Worker, and the cache of the data
 * centre, which has them for a day and for all Workers there. The cache does nothing on workers.dev;
 * the memory does everywhere, for as long as it lasts.
 */

// A large channel's lists have some 400 KB.
const MEMORY_MAX_BYTES = 8 * 1024 * 1024;
const CACHED_MAX_BYTES = 4 * 1024 * 1024;

// A cache is near, or it is of no use.
const CACHE_MS = 1_000;

const memory = new Weighed<KeptList>(MEMORY_MAX_BYTES);

/** The newest that is known of a list; null for nothing. `origin`: the relay's own. */
export async function findKept(
  name: string,
  origin: string,
  now: number,
): Promise<KeptList | null> {
  const known = memory.get(name);
  // Another Worker may have fetched it since.
  if (judgeKept(known, now) === "fresh") return known;
  const cached = await readCached(name, origin);
  if (cached === null || cached.kept.fetchedAt <= (known?.fetchedAt ?? -Infinity)) return known;
  memory.set(name, cached.kept, cached.bytes);
  return cached.kept;
}

/**
 * Keeps a list: in the memory at once. That the cache does not take it is no loss to whoever asks
 * now, who does not wait for it either.
 */
export async function keep(name: string, origin: string, kept: KeptList): Promise<void> {
  const text = JSON.stringify(kept);
  memory.set(name, kept, countBytes(text));
  const headers = {
    "content-type": "application/json",
    "cache-control": `max-age=${KEEP_MS / 1_000}`,
  };
  try {
    await caches.default.put(formatAddress(name, origin), new Response(text, { headers }));
  } catch (error) {
    report("emote list not cached", error);
  }
}

async function readCached(
  name: string,
  origin: string,
): Promise<{ readonly kept: KeptList; readonly bytes: number } | null> {
  try {
    const found = await within(CACHE_MS, caches.default.match(formatAddress(name, origin)));
    if (found === undefined) return null;
    const { text, bytes } = await readBounded(found.body, CACHED_MAX_BYTES);
    const kept = parseKept(text);
    return kept === null ? null : { kept, bytes };
  } catch (error) {
    report("emote list not found in the cache", error);
    return null;
  }
}

/** An address of the relay that no route has: the cache's names are addresses. */
function formatAddress(name: string, origin: string): string {
  return `${origin}/.emotes/${name}`;
}
