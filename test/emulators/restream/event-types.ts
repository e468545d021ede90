import { type Chatter, kindWords, smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import * as authors from "./authors.ts";
import type { PlatformName } from "./platforms.ts";

type Payload = Readonly<Record<string, unknown>>;

interface Happening {
  readonly chance: Chance;
  readonly chatter: Chatter;
  /** Absent where it is left to the emulator. */
  readonly text?: string | undefined;
}

interface EventType {
  readonly platform: PlatformName;
  readonly payload: (happening: Happening) => Payload;
}

/**
 * Every known event type. What stands in 22 to 32 beyond the author's name and the text is a guess at
 * fields that no document shows.
 */
export const eventTypes: Readonly<Record<number, EventType>> = {
  1: on("discord", (it) => ({
    author: authors.discordAuthor(it.chatter),
    bot: false,
    ...said(it),
  })),
  2: on("dlive", (it) => ({ author: authors.dliveAuthor(it.chatter), bot: false, ...said(it) })),
  3: on("dlive", (it) => ({ author: authors.dliveAuthor(it.chatter), bot: false, ...linked(it) })),
  4: on("twitch", twitchText),
  5: on("youtube", youtubeText),
  7: on("youtube", (it) => superChat(it, {})),
  8: on("youtube", (it) => ({
    ...superChat(it, { stickerId: "otter_wave_02" }),
    text: it.text ?? "An otter waving with both paws",
  })),
  11: on("facebook", facebookText),
  12: on("facebook", (it) => ({ ...facebookText(it), ...linked(it) })),
  13: on("facebook_page", facebookText),
  14: on("facebook_page", (it) => ({ ...facebookText(it), ...linked(it) })),
  19: on("facebook_group", facebookText),
  20: on("facebook_group", (it) => ({ ...facebookText(it), ...linked(it) })),
  21: on("linkedin", (it) => ({
    author: authors.linkedinAuthor(it.chatter),
    bot: false,
    ...said(it),
  })),
  22: on("trovo", (it) => ({ author: { name: it.chatter.name }, bot: false, ...said(it) })),
  23: on("youtube", (it) => ({
    ...youtubeText({ ...it, text: it.text ?? kindWords(it.chance) }),
    memberMilestone: { level: "River keeper", months: it.chance.integer(2, 24) },
  })),
  24: on("x", (it) => ({ author: { displayName: it.chatter.name }, bot: false, ...said(it) })),
  25: on("kick", (it) => ({ author: { username: it.chatter.name }, bot: false, ...said(it) })),
  26: on("kick", (it) => ({
    author: { username: it.chatter.name },
    bot: false,
    subscription: { months: it.chance.integer(1, 12) },
  })),
  28: on("youtube", (it) => ({
    author: authors.youtubeAuthor(it.chatter),
    bot: false,
    membership: { level: "River keeper" },
  })),
  29: on("youtube", (it) => ({
    author: authors.youtubeAuthor(it.chatter),
    bot: false,
    giftMemberships: { count: 5, level: "River keeper" },
  })),
  32: on("rumble", (it) => ({ author: { displayName: it.chatter.name }, bot: false, ...said(it) })),
};

export const knownEventTypeIds: readonly number[] = Object.keys(eventTypes).map(Number);

/** The whole payload, with what an action asked for laid over it: one level down in objects. */
export function eventPayload(
  eventTypeId: number,
  happening: Happening,
  patch: Payload = {},
): Payload {
  const payload = eventTypes[eventTypeId]?.payload(happening) ?? {
    author: { name: happening.chatter.name },
    ...said(happening),
  };
  const merged = Object.entries(patch).map(([field, value]) => {
    const original = payload[field];
    return [field, isObject(original) && isObject(value) ? { ...original, ...value } : value];
  });
  return { ...payload, ...Object.fromEntries(merged) };
}

const emotes = /\briver(?:Wave|Tea|Cheer)\b/g;

function twitchText(it: Happening): Payload {
  const { text } = said(it);
  return {
    author: authors.twitchAuthor(it.chatter),
    bot: false,
    contentModifiers: { me: false, whisper: false },
    replaces: replacements(text),
    text,
  };
}

/** From the last to the first, so that replacing one does not move the next. `to` is the last character itself. */
function replacements(text: string): unknown[] {
  return [...text.matchAll(emotes)].toReversed().map(({ index, 0: emote }) => ({
    from: index,
    to: index + emote.length - 1,
    type: "imageUrl",
    payload: { url: `https://images.example/twitch/emote/${emote}.png` },
  }));
}

function youtubeText(it: Happening): Payload {
  return { author: authors.youtubeAuthor(it.chatter), bot: false, ...said(it) };
}

function superChat(it: Happening, more: Payload): Payload {
  const amount = it.chance.pick(["2.00", "5.00", "10.00", "20.00"]);
  const tier = ["2.00", "5.00", "10.00", "20.00"].indexOf(amount) + 1;
  return {
    ...youtubeText({ ...it, text: it.text ?? kindWords(it.chance) }),
    donation: { amount, currencyString: "EUR", tier, ...more },
  };
}

function facebookText(it: Happening): Payload {
  return { author: authors.facebookAuthor(it.chatter), bot: false, ...said(it) };
}

function said({ text, chance }: Happening): { text: string } {
  return { text: text ?? smallTalk(chance) };
}

function linked({ chance }: Happening): Payload {
  return { link: `https://images.example/sticker/${chance.hex(8)}.png` };
}

function on(platform: PlatformName, payload: EventType["payload"]): EventType {
  return { platform, payload };
}

function isObject(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
