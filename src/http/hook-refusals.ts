import { isPublicAddress } from "../lib/address.ts";
import { Recent } from "../lib/recent.ts";
import { report } from "../report.ts";
import { addRefused } from "../store/history/hook-keys.ts";
import type { Hooked } from "./hook-keys.ts";

/*
 * Deliveries that were refused for their signature. Anybody may post to a hook's address: whoever is
 * refused again and again has to wait, and costs nothing then. Each isolate counts by itself, and notes
 * it down so seldom that what is refused costs no more writes than what is heard.
 */

const MINUTE_MS = 60_000;

// By then it is no provider whose key is another since a moment ago.
const REFUSED_MOST = 300;

const byAddress = new Recent<{ count: number }>({ keepMs: MINUTE_MS, most: 2_000 });

/** By protocol: what was counted and is not noted down yet, and when something was. */
const untold = new Map<string, { readonly count: number; readonly at: number }>();

/** Has so much been refused from this address that it has to wait? One of a proxy's is everybody's. */
export function isRefusedOften(from: string, now: number): boolean {
  return (byAddress.get(from, now)?.count ?? 0) >= REFUSED_MOST && isPublicAddress(from);
}

/** Counts a delivery that is refused. */
export function countRefusal({ protocol, db, later }: Hooked, from: string, now: number): void {
  const known = byAddress.get(from, now);
  if (known === null) byAddress.set(from, { count: 1 }, now);
  else known.count += 1;
  const { count, at } = untold.get(protocol) ?? { count: 0, at: 0 };
  const isDue = now - at >= MINUTE_MS;
  untold.set(protocol, isDue ? { count: 0, at: now } : { count: count + 1, at });
  if (isDue) later(note(db, protocol, count + 1, now));
}

async function note(db: D1Database, protocol: string, count: number, at: number): Promise<void> {
  report("deliveries refused", new Error("not signed by the provider's key"), {
    provider: protocol,
    count,
  });
  try {
    await addRefused(db, protocol, count, at);
  } catch (error) {
    report("refused deliveries not noted", error, { provider: protocol });
  }
}
