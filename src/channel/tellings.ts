import type { EventDraft, StreamEvent } from "../event/event.ts";
import type { Seq } from "../event/ids.ts";
import { isSame, makeNaturalKey, type NaturalKey } from "./natural.ts";
import { isMergeable } from "./occurrence-keys.ts";

/*
 * What was told of late, for knowing another telling of the same: which of two can be one.
 */

/** An occurrence that another provider may tell of as well. It is remembered for its window. */
export interface Telling extends NaturalKey {
  readonly seq: Seq;
  readonly at: number;
  /** The connections that told of it. */
  readonly tellers: readonly string[];
  /** One of them gave it its platform's own id. */
  readonly isNamed: boolean;
}

// Fifteen seconds of a hundred lines a second, and some: these are copied with every group.
const TELLINGS_MAX = 2_000;

/**
 * The telling that an event of the log was; null where nobody else can tell of it. `isNamed`: somebody
 * had its platform's own id.
 */
export function readTelling(
  event: StreamEvent,
  seq: Seq,
  at: number,
  isNamed: boolean,
): Telling | null {
  const { connectionid, provider, seenVia = [] } = event;
  // It was made of a draft: what a natural key is made of is there as it was.
  const draft = event as unknown as EventDraft;
  const natural = isMergeable(draft, provider) ? makeNaturalKey(draft) : null;
  if (natural === null) return null;
  const tellers = [connectionid ?? provider, ...seenVia];
  return { ...natural, seq, at, tellers, isNamed };
}

/** The tellings of the recent past: nothing in them changes. */
export class Tellings {
  readonly #byKey: ReadonlyMap<string, readonly Telling[]>;
  readonly #count: number;

  constructor(byKey: ReadonlyMap<string, readonly Telling[]> = new Map(), count = 0) {
    this.#byKey = byKey;
    this.#count = count;
  }

  of(key: string): readonly Telling[] {
    return this.#byKey.get(key) ?? [];
  }

  get size(): number {
    return this.#count;
  }

  /** Makes others with what a group brought, and without what is too old by now. */
  after(changed: readonly Telling[], now: number): Tellings {
    if (changed.length === 0) return this;
    const bySeq = new Map<Seq, Telling>();
    for (const each of [...this.#byKey.values()].flat()) bySeq.set(each.seq, each);
    for (const each of changed) bySeq.set(each.seq, each);
    // Each by its own window: a crowd's lines must not push out a follow that is told late.
    const all = [...bySeq.values()].filter(({ at, windowMs }) => at >= now - windowMs);
    const kept = all.toSorted((one, other) => one.seq - other.seq).slice(-TELLINGS_MAX);
    const byKey = new Map<string, Telling[]>();
    for (const each of kept) {
      const alike = byKey.get(each.key);
      if (alike === undefined) byKey.set(each.key, [each]);
      else alike.push(each);
    }
    return new Tellings(byKey, kept.length);
  }
}

/**
 * May two connections tell of the same occurrence? One tells of nothing twice, and two of one service
 * have a channel of the platform's each. Restream's say which it is, whoever's account it comes by.
 */
function mayTellOfSame(one: string, other: string): boolean {
  const [[service, place], [otherService, otherPlace]] = [
    splitConnection(one),
    splitConnection(other),
  ];
  return one !== other && (service !== otherService || place === otherPlace);
}

/** All that names Twitch's channels by their login is one service. */
function splitConnection(connection: string): readonly string[] {
  return connection.replace(/^(twitch)-[a-z]+|(?<=^restream:)\d+-/, "$1").split(":");
}

/** Finds the first telling of the same that this one has not told of; undefined for none. */
export function findTelling(
  tellings: readonly Telling[],
  natural: NaturalKey,
  { teller, isNamed, at }: { teller: string; isNamed: boolean; at: number },
): Telling | undefined {
  return tellings.find(
    (each) =>
      Math.abs(at - each.at) <= Math.min(natural.windowMs, each.windowMs) &&
      isSame(each.who, natural.who) &&
      each.tellers.every((other) => mayTellOfSame(other, teller)) &&
      // Both have the platform's own id, and it is another one.
      !(each.isNamed && isNamed),
  );
}
