import type { Erasable } from "../../event/erase-data.ts";
import { listErasureWords, type Erasure } from "../../event/erasure.ts";
import { Erasures } from "../../event/tombstone.ts";
import { readNextBodies, replaceBody } from "./bodies.ts";

/**
 * Makes tombstones of what several orders reach in a queue, in one pass. Answers whether any was made.
 */
export function eraseInQueue(sql: SqlStorage, erasures: readonly Erasure[]): boolean {
  if (erasures.length === 0) return false;
  const all = new Erasures(erasures);
  const words = listErasureWords(erasures);
  const upTo = Math.max(...erasures.map(({ seq }) => seq));
  let isChanged = false;
  for (let bodies = readNextBodies(sql, 0, upTo, words); bodies.length > 0;) {
    for (const { number, body } of bodies) {
      const erased = eraseBody(body, all);
      if (erased === null) continue;
      replaceBody(sql, number, erased);
      isChanged = true;
    }
    bodies = readNextBodies(sql, bodies.at(-1)?.number ?? 0, upTo, words);
  }
  return isChanged;
}

/** A body with tombstones; null if the erasures reach nothing in it. */
function eraseBody(body: string, erasures: Erasures): string | null {
  let isChanged = false;
  // Each was put there as an event.
  const events = (JSON.parse(`[${body}]`) as (Erasable & { sequence: string })[]).map((event) => {
    const left = erasures.apply(Number(event.sequence), event);
    isChanged ||= left !== null;
    return left?.event ?? event;
  });
  return isChanged ? events.map((event) => JSON.stringify(event)).join(",") : null;
}
