import * as fc from "fast-check";

import type { ProviderId } from "../../../../src/event/ids.ts";

/*
 * A day of a channel that streams on three platforms: what happens, before anybody tells of it.
 */

export type Stage = "twitch" | "kick" | "youtube";

/** Somebody, who has the same number and name everywhere: on each platform it is another person. */
export interface Somebody {
  readonly id: string;
  readonly login: string;
  readonly name: string;
}

export interface Happening {
  /** Tells it from all others. */
  readonly no: number;
  readonly stage: Stage;
  readonly deed: string;
  readonly at: number;
  readonly who: Somebody;
  readonly text: string;
  readonly count: number;
  /** How late each provider is, as a part of how late it may be. */
  readonly lags: readonly number[];
}

/** What one provider tells of a happening, in a frame of its own. */
export interface Told {
  readonly by: ProviderId;
  readonly frame: object;
  /** The most that it is late, in milliseconds. */
  readonly late: number;
  /** The types of the frame's events that have the platform's own id. */
  readonly named: readonly string[];
  /** Which of several that happened at once. */
  readonly part?: string;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/** The type that each deed is told of by; a cheer is a line as well. */
const DEEDS: Readonly<Record<Stage, readonly [weight: number, deed: string][]>> = {
  twitch: [
    [20, "line"],
    [3, "action"],
    [3, "reply"],
    [3, "emotes"],
    [2, "shared"],
    [2, "deletion"],
    [1, "clear"],
    [1, "ban"],
    [2, "timeout"],
    [2, "follow"],
    [2, "sub"],
    [2, "resub"],
    [1, "resub of a gift"],
    [1, "upgrade"],
    [2, "gift"],
    [2, "bomb"],
    [3, "cheer"],
    [1, "raid"],
    [2, "redemption"],
  ],
  kick: [
    [8, "line"],
    [2, "reply"],
    [2, "emotes"],
    [1, "follow"],
    [1, "sub"],
    [1, "resub"],
    [1, "bomb"],
    [2, "cheer"],
    [1, "redemption"],
    [1, "ban"],
    [1, "timeout"],
  ],
  youtube: [
    [8, "line"],
    [1, "deletion"],
    [1, "ban"],
    [1, "timeout"],
    [2, "superchat"],
    [1, "sub"],
    [1, "resub"],
    [1, "upgrade"],
    [1, "bomb"],
  ],
};

/** What a crowd says: the same over and over. */
const words = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("GG", "GG", "lol", "hello everyone") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("GG \u{E0000}", "ひらがな も ある", "a  b", "5 < 6 & *so*"),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .map((text) => `${text.replace(/[\p{C}\p{Z}]/gu, "")}!`),
  },
);

const gap = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 900 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20 * SECOND }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 * MINUTE }) },
);

const lag = fc.noBias(fc.integer({ min: 0, max: 1_000 })).map((each) => each / 1_000);

const stage = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Stage>("twitch") },
  { weight: 2, arbitrary: fc.constant<Stage>("kick") },
  { weight: 2, arbitrary: fc.constant<Stage>("youtube") },
);

/** A person of the crowd, by number. */
export function person(number: number): Somebody {
  return { id: String(70_000 + number), login: `otter${number}`, name: `Otter${number}` };
}

/** The accounts that stand for whoever gives on Twitch without a name. */
const GIFTER = { id: "274598607", login: "ananonymousgifter", name: "AnAnonymousGifter" };
const CHEERER = { id: "407665396", login: "ananonymouscheerer", name: "AnAnonymousCheerer" };

/** Is it nobody who has a name? */
export function isNobody({ id }: Somebody): boolean {
  return id === GIFTER.id || id === CHEERER.id;
}

const drawn = stage.chain((on) =>
  fc.record({
    stage: fc.constant(on),
    deed: fc.oneof(
      ...DEEDS[on].map(([weight, deed]) => ({ weight, arbitrary: fc.constant(deed) })),
    ),
    gap,
    who: fc.integer({ min: 1, max: 5 }),
    isUnnamed: fc.boolean(),
    text: words,
    count: fc.integer({ min: 2, max: 4 }),
    lags: fc.array(lag, { minLength: 12, maxLength: 12 }),
  }),
);

/** Whoever does these does it once a day, so far as anybody can tell. */
const ONCE: readonly string[] = [
  "follow",
  "sub",
  "resub",
  "resub of a gift",
  "upgrade",
  "raid",
  "ban",
];

/** What somebody may do without a name. */
const UNNAMED: readonly string[] = ["gift", "bomb", "cheer"];

/** A day that begins at a time in milliseconds, of so many happenings. */
export function day(begin: number, length: number): fc.Arbitrary<readonly Happening[]> {
  return fc.array(drawn, { minLength: length, maxLength: length }).map((all) => {
    let at = begin;
    return all.map(({ gap: later, who, isUnnamed, ...each }, no) => {
      at += later;
      if (isUnnamed && each.stage === "twitch" && UNNAMED.includes(each.deed)) {
        return { ...each, no, at, who: each.deed === "cheer" ? CHEERER : GIFTER };
      }
      return { ...each, no, at, who: person(ONCE.includes(each.deed) ? 100 + no : who) };
    });
  });
}

export function formatTime(at: number): string {
  return new Date(at).toISOString();
}
