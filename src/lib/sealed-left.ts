/*
 * How sealed texts stand while the master key is changed: what one object answers of its own, and
 * what is added up over all of them.
 */

/** The sealed texts that the current master key does not open. */
export interface SealedLeft {
  /** The id of whose current master key it is: an object may not have been restarted yet. */
  readonly keyId: string;
  /** Sealed with the key before, and still to be sealed anew. */
  readonly old: number;
  /** Opened by no key that there is. */
  readonly unreadable: number;
  /** The ids of the keys that those need, some of them. */
  readonly missing: readonly string[];
  /** Objects that could not be asked. */
  readonly unasked: number;
}

const MISSING_MAX = 10;

/** The state of whoever has none. */
export function makeNoneLeft(keyId: string): SealedLeft {
  return { keyId, old: 0, unreadable: 0, missing: [], unasked: 0 };
}

/**
 * Adds up what several have left; null for one that could not be asked. An answer by another master
 * key is none.
 */
export function addLeft(keyId: string, all: readonly (SealedLeft | null)[]): SealedLeft {
  const known = all.filter((each) => each !== null && each.keyId === keyId) as SealedLeft[];
  const sum = (of: (each: SealedLeft) => number): number =>
    known.reduce((total, each) => total + of(each), 0);
  const missing = [...new Set(known.flatMap((each) => each.missing))].toSorted();
  return {
    keyId,
    old: sum(({ old }) => old),
    unreadable: sum(({ unreadable }) => unreadable),
    missing: missing.slice(0, MISSING_MAX),
    unasked: sum(({ unasked }) => unasked) + all.length - known.length,
  };
}

/**
 * The time for which what is not sealed anew lives on with the key before: tokens and the answers to
 * requests, a day. An hour more is for Workers and objects that went on with the key before for a
 * while.
 */
export const LIVES_ON_MS = 25 * 3_600_000;

/** Has everything that is kept been found sealed with the current key? */
export function isAllSealedAnew(left: SealedLeft | null): boolean {
  return left !== null && left.old === 0 && left.unasked === 0;
}
