import type { EventDraft, StreamEvent } from "../event/event.ts";
import type { Seq } from "../event/ids.ts";
import { isMergeable } from "./occurrence-keys.ts";

/*
 * The same occurrence told by two providers that have no id in common: known by what both say of it,
 * within a window. Whoever says "GG" twice has said it twice: the second telling of one provider is
 * the second of the other.
 */

/** The part that two tellings of one occurrence have alike. */
export interface NaturalKey {
  readonly key: string;
  /** How long after the first the second may come, in milliseconds. */
  readonly windowMs: number;
}

/** An occurrence that another provider may tell of as well. */
export interface Telling {
  readonly key: string;
  readonly seq: Seq;
  readonly at: number;
  /** For how long it is remembered, in milliseconds. */
  readonly windowMs: number;
  /** The connections that told of it. */
  readonly tellers: readonly string[];
  /** One of them gave it its platform's own id. */
  readonly isNamed: boolean;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

// The longest is a subscription's: the viewer chooses when to announce what was paid for.
export const NATURAL_MS = 15 * MINUTE;

// Fifteen seconds of a hundred lines a second, and some: these are copied with every group.
const TELLINGS_MAX = 2_000;

// What Twitch's programs put into a line that repeats the one before.
const FILLER = /[\u{E0000}\u{200B}-\u{200D}\u{2060}\u{FEFF}]/gu;

/**
 * Makes the natural key of a draft; null for a type that has none, and where nobody is named, but for
 * bits and subscriptions that are given without a name. When a stream begins and ends is told for each
 * account, and is never joined.
 */
export function makeNaturalKey(draft: EventDraft): NaturalKey | null {
  const found = findNatural(draft);
  if (found === null) return null;
  const [windowMs, ...parts] = found;
  return { key: JSON.stringify([findType(draft), draft.platform, ...parts]), windowMs };
}

/** A single gift is told of as a gift by some, and by others as what somebody was given. */
function findType(draft: EventDraft): EventDraft["type"] {
  return findOnlyRecipient(draft) === undefined ? draft.type : "channel.subscription";
}

function findOnlyRecipient(draft: EventDraft): Somebody | undefined {
  if (draft.type !== "channel.subscription.gift" || draft.data.count !== 1) return undefined;
  const [only, ...others] = draft.data.recipients;
  return only?.key === undefined || others.length > 0 ? undefined : only;
}

type Natural = readonly [windowMs: number, ...parts: (string | number | undefined)[]] | null;

interface Somebody {
  readonly key?: string | undefined;
  readonly anonymous?: boolean | undefined;
}

function findNatural(draft: EventDraft): Natural {
  switch (draft.type) {
    case "chat.message": {
      const text = draft.data.message.text.replace(FILLER, "").trim();
      return by(draft.data.user, 15 * SECOND, text);
    }
    case "chat.cleared":
      if (draft.data.scope === "all") return [30 * SECOND];
      return by(draft.data.user, 30 * SECOND);
    case "moderation.ban":
    case "moderation.unban":
    case "moderation.timeout":
      // Of a time-out EventSub tells the end only: how long it is, is a second less than others say.
      return by(draft.data.user, 30 * SECOND);
    default:
      return findNaturalOfChannel(draft);
  }
}

function findNaturalOfChannel(draft: EventDraft): Natural {
  switch (draft.type) {
    case "channel.follow":
      return by(draft.data.user, 10 * MINUTE);
    case "channel.subscription": {
      const { kind, gift } = draft.data.subscription;
      // Whether it is new, for how long it has been and who gave it is not known to everyone. Whoever was
      // given it is told of at once, by everyone.
      return by(draft.data.user, gift === undefined || kind === "renewal" ? NATURAL_MS : MINUTE);
    }
    case "channel.subscription.gift": {
      const only = findOnlyRecipient(draft);
      if (only !== undefined) return by(only, MINUTE);
      return [MINUTE, findKey(draft.data.user) ?? "", draft.data.count];
    }
    case "channel.cheer":
      return [30 * SECOND, findKey(draft.data.user) ?? "", ...partsOf(draft.data.amount)];
    case "channel.tip":
      return by(draft.data.user, MINUTE, ...partsOf(draft.data.amount));
    case "channel.raid":
      return by(draft.data.user, 2 * MINUTE, draft.data.direction);
    case "channel.redemption":
      // Its state has another word with each provider, or none: what becomes of it is told by its id.
      return by(draft.data.user, 30 * SECOND, draft.data.reward.title);
    default:
      return null;
  }
}

/** One says "5", another "5.00". */
function partsOf({ value, currency }: { value: string; currency: string }): (string | number)[] {
  return [Number(value), currency];
}

function by(
  user: Somebody | undefined,
  windowMs: number,
  ...parts: (string | number | undefined)[]
): Natural {
  const key = findKey(user);
  return key === null ? null : [windowMs, key, ...parts];
}

function findKey(user: Somebody | undefined): string | null {
  return user?.anonymous === true ? null : (user?.key ?? null);
}

/** The telling that an event of the log was; null where nobody else can tell of it. */
export function readTelling(event: StreamEvent, seq: Seq, at: number): Telling | null {
  const { connectionid, provider, seenVia = [] } = event;
  // It was made of a draft: what a natural key is made of is there as it was.
  const draft = event as unknown as EventDraft;
  const natural = isMergeable(draft, provider) ? makeNaturalKey(draft) : null;
  if (natural === null) return null;
  // Whether it has its platform's own id is not known any more: it is taken as if it had none.
  const tellers = [connectionid ?? provider, ...seenVia];
  return { ...natural, seq, at, tellers, isNamed: false };
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

/** Finds the first telling of the same that this one has not told of; undefined for none. */
export function findTelling(
  tellings: readonly Telling[],
  { windowMs }: NaturalKey,
  { teller, isNamed, at }: { teller: string; isNamed: boolean; at: number },
): Telling | undefined {
  return tellings.find(
    (each) =>
      Math.abs(at - each.at) <= Math.min(windowMs, each.windowMs) &&
      !each.tellers.includes(teller) &&
      // Both have the platform's own id, and it is another one.
      !(each.isNamed && isNamed),
  );
}
