/*
 * The place up to which alerts were played: the newest event that was heard, and those before it
 * that have not begun yet. Pure.
 */
import { readPosition } from "../kit/events.ts";

export interface Place {
  readonly latest: string;
  readonly open: readonly string[];
}

/** Has it begun already, or was it dropped? */
export function wasPlayed({ latest, open }: Place, id: string): boolean {
  const mine = readPosition(id);
  const known = readPosition(latest);
  return mine.epoch === known.epoch && mine.seq <= known.seq && !open.includes(id);
}

/** The later of two places of one log; of two logs the second. */
export function findLater(a: string, b: string): string {
  const [first, second] = [readPosition(a), readPosition(b)];
  return first.epoch === second.epoch && first.seq > second.seq ? a : b;
}

/** Is the first of two places of one log before the second? No place at all is before all. */
export function isBefore(a: string, b: string): boolean {
  const [first, second] = [readPosition(a), readPosition(b)];
  return a === "" || (first.epoch === second.epoch && first.seq < second.seq);
}

/** The place to go on from, so that all that is open comes again. */
export function findResume({ latest, open }: Place): string | null {
  const { epoch, seq } = readPosition(latest);
  if (epoch === "" || seq === 0) return null;
  const mine = open.map(readPosition).filter((each) => each.epoch === epoch);
  const first = Math.min(seq + 1, ...mine.map((each) => each.seq));
  return `${epoch}-${first - 1}`;
}

export function readPlace(text: string | null): Place | null {
  try {
    const { latest, open } = JSON.parse(text ?? "") as Partial<Place>;
    if (typeof latest !== "string" || !Array.isArray(open)) return null;
    return { latest, open: open.filter((id) => typeof id === "string") };
  } catch {
    // Nothing was kept, or nothing that can be read.
    return null;
  }
}
