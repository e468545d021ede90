/* Viewers by platform: (tally, event) → tally. Pure. */
import type { StreamEvent } from "../kit/events.ts";

/** The newest word of each provider for each account of a platform. */
export type Tally = ReadonlyMap<
  string,
  {
    readonly platform: string;
    readonly provider: string;
    readonly count: number;
    readonly at: number;
  }
>;

const OLD_MS = 15 * 60_000;
const MOST = 200;

export function addViewers(
  tally: Tally,
  { type, platform, provider, recordedtime, data }: StreamEvent,
): Tally {
  const next = new Map(tally);
  const at = Date.parse(recordedtime);
  if (type === "stream.offline") {
    for (const [name, each] of next)
      if (each.platform === platform && each.provider === provider) next.delete(name);
    return next;
  }
  if (typeof data.count !== "number" || !Number.isFinite(data.count)) return tally;
  const name = [platform, provider, data.account ?? ""].join("\n");
  next.delete(name);
  next.set(name, { platform, provider, count: Math.max(0, Math.round(data.count)), at });
  return new Map([...next].slice(-MOST));
}

/**
 * The viewers of each platform, most first. Where two providers tell of one platform they mean the
 * same people: the larger figure counts.
 */
export function sumViewers(tally: Tally, now: number): [platform: string, count: number][] {
  const byProvider = new Map<string, Map<string, number>>();
  for (const { platform, provider, count, at } of tally.values()) {
    if (now - at > OLD_MS) continue;
    const of = byProvider.get(platform) ?? new Map<string, number>();
    byProvider.set(platform, of.set(provider, (of.get(provider) ?? 0) + count));
  }
  return [...byProvider]
    .map(([platform, of]): [string, number] => [platform, Math.max(...of.values())])
    .toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b));
}
