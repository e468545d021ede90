import type { EventDraft } from "../event/event.ts";

/*
 * The same occurrence told by two providers that have no id in common: known by what both say of it,
 * within a window. Whoever says "GG" twice has said it twice: the second telling of one provider is
 * the second of the other.
 */

/** The part that two tellings of one occurrence have alike. */
export interface NaturalKey {
  readonly key: string;
  readonly who: Who;
  /** How long after the first the second may come, in milliseconds. */
  readonly windowMs: number;
}

/** The one who did it, as a provider knows them. */
interface Who {
  readonly id: string;
  readonly names: readonly (string | undefined)[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

// The longest is a subscription's: the viewer chooses when to announce what was paid for.
export const NATURAL_MS = 15 * MINUTE;

// What Twitch's programs put into a line that repeats the one before.
const FILLER = /[\u{E0000}\u{200B}-\u{200D}\u{2060}\u{FEFF}]/gu;

// Bits are written into a line as a word and their number.
const CHEER = /(?:^| )[a-z]+\d+(?: |$)/i;

/**
 * Makes the natural key of a draft; null for a type that has none, and where nobody is named, but for
 * bits and subscriptions that are given without a name. When a stream begins and ends is told for each
 * account, and is never joined.
 */
export function makeNaturalKey(draft: EventDraft): NaturalKey | null {
  const found = findNatural(draft);
  if (found === null) return null;
  const [windowMs, user, ...parts] = found;
  const key = JSON.stringify([findType(draft), draft.platform, ...parts]);
  return { key, who: nameWho(user), windowMs };
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

type Natural =
  | readonly [windowMs: number, by: Somebody | undefined, ...parts: (string | number | undefined)[]]
  | null;

interface Somebody {
  readonly key?: string | undefined;
  readonly id?: string | undefined;
  readonly login?: string | undefined;
  readonly name?: string | undefined;
  readonly anonymous?: boolean | undefined;
}

function findNatural(draft: EventDraft): Natural {
  switch (draft.type) {
    case "chat.message": {
      const { user, message } = draft.data;
      const text = message.text.replace(FILLER, "").trim().replaceAll(/\s+/g, " ");
      // What is said to one person is not what is said to all.
      const isPrivate = message.to === undefined ? 0 : 1;
      // Nobody's words are told of where bits are given without a name.
      const isNobodys = user.anonymous && !(draft.platform === "twitch" && CHEER.test(text));
      return isNobodys ? null : [15 * SECOND, user, text, isPrivate];
    }
    case "chat.cleared":
      if (draft.data.scope === "all") return [30 * SECOND, undefined];
      return by(draft.data.user, 30 * SECOND, "");
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
      return only === undefined ? [MINUTE, draft.data.user, draft.data.count] : by(only, MINUTE);
    }
    case "channel.cheer":
      return [30 * SECOND, draft.data.user, ...partsOf(draft.data.amount)];
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
  return nameWho(user).id === "" ? null : [windowMs, user, ...parts];
}

/** Somebody by their id, and what they are called; without either where nobody is named. */
function nameWho(user: Somebody | undefined): Who {
  if (user === undefined || user.anonymous === true) return { id: "", names: [] };
  const { key = "", id = key.slice(key.indexOf(":") + 1), login, name } = user;
  const names = [id, login, name].map((each) => each?.toLowerCase());
  return { id: names[0] ?? "", names };
}

/** Are they the same? Of one whose id a provider has not got, it gives the name for one. */
export function isSame(one: Who, other: Who): boolean {
  if (one.id === "" || other.id === "") return one.id === other.id;
  return one.names.includes(other.id) || other.names.includes(one.id);
}
