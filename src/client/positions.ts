import type { Position } from "./event-types.ts";
import { epochOf, isAfter } from "./place.ts";
import type { PositionStore } from "./types.ts";

/** Keeps places for as long as the program runs. */
export function memoryPositions(): PositionStore {
  const places = new Map<string, Position>();
  return {
    load: (name) => places.get(name) ?? null,
    save(name, position) {
      places.set(name, position);
    },
  };
}

/**
 * Keeps places in a page's storage. Within a log none goes back, so that two pages with one consumer
 * do not undo one another.
 */
export function webPositions(storage: Pick<Storage, "getItem" | "setItem">): PositionStore {
  const load = (name: string): Position | null => storage.getItem(`tributary:${name}`);
  return {
    load,
    save(name, position) {
      const kept = load(name);
      const isBehind =
        kept !== null && epochOf(kept) === epochOf(position) && !isAfter(position, kept);
      if (!isBehind) storage.setItem(`tributary:${name}`, position);
    },
  };
}

let memory: PositionStore | undefined;

/** The store of a consumer that names none: the tab's own, else memory. */
export function findPositions(): PositionStore {
  try {
    if (globalThis.sessionStorage !== undefined) return webPositions(globalThis.sessionStorage);
  } catch {
    // A page that may store nothing: it is kept in memory.
  }
  memory ??= memoryPositions();
  return memory;
}
