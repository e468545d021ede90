import type { Chance } from "./chance.ts";

/** Somebody in a chat. All of them are invented, as is the streamer. */
export interface Chatter {
  readonly name: string;
  readonly color: string;
  readonly isModerator: boolean;
  /** 0 for who has not subscribed. */
  readonly subscribedMonths: number;
}

export const streamer: Chatter = {
  name: "RiverMoss",
  color: "#2E8B57",
  isModerator: false,
  subscribedMonths: 0,
};

const colors = ["#1E90FF", "#B22222", "#5F9EA0", "#DAA520", "#8A2BE2", "#FF69B4", "#00A86B"];

const names = [
  "TealOtter",
  "PixelFern",
  "marmalade_moon",
  "QuietComet",
  "bo_the_badger",
  "SundayKiln",
  "NutmegNova",
  "tiny_tugboat",
  "CloverByte",
  "oakandember",
  "LanternLark",
  "velvet_turnip",
  "MapleStatic",
  "fogbell",
  "HazelQuark",
  "paperkite22",
  "DriftwoodDot",
  "saffron_snail",
  "OrbitPlum",
  "wren_in_wool",
  "CopperKettle",
  "mintyglacier",
  "BumbleVector",
  "late_larch",
];

/** The same people in every run, so that one chat looks like the next: two moderators, a third subscribed. */
export const chatters: readonly Chatter[] = names.map((name, index) => ({
  name,
  color: colors[index % colors.length] ?? "#808080",
  isModerator: index === 3 || index === 10,
  subscribedMonths: index % 3 === 0 ? 1 + ((index * 7) % 30) : 0,
}));

const remarks = [
  "hello everyone, just got here",
  "good evening from a very rainy window",
  "this song again, love it",
  "the lighting tonight looks so warm",
  "take your time, no rush at all",
  "that was so smooth",
  "wait, how did you do that?",
  "I missed the start, what are we building?",
  "ok I need to try this at home",
  "the little fence makes it",
  "my cat is watching this with me",
  "tea is ready, I can stay for hours",
  "lurking while I fold laundry",
  "chat is so kind today",
  "has anyone seen the otter yet?",
  "the sound of rain on the roof is perfect",
  "that bridge came out great",
  "one more tree, please",
  "laughing so hard right now",
  "first time here, this is lovely",
  "brb, getting snacks",
  "back with snacks",
  "oh no, the ladder",
  "the ladder is fine, everyone breathe",
  "I vote for the blue door",
  "green door, final answer",
  "what time do you usually stream?",
  "same time tomorrow?",
  "the zoom out at the end was worth it",
  "hydrate, friends",
];

const patterns = [
  "what if the {thing} went next to the {place}?",
  "the {thing} by the {place} is my favourite part",
  "{name} called it, the {thing} works",
  "@{name} welcome back!",
  "@{name} same here, honestly",
  "could you show the {place} once more?",
  "I counted {number} lanterns at the {place}",
  "{number} minutes in and already a {thing}",
];

const things = ["lantern", "water wheel", "beehive", "red roof", "tiny boat", "bench", "windmill"];
const places = ["river", "old mill", "garden", "harbour", "library", "hill path", "bakery"];

/** One friendly line of chat. */
export function smallTalk(chance: Chance): string {
  if (chance.happens(0.6)) {
    return chance.pick(remarks);
  }
  return chance
    .pick(patterns)
    .replace("{thing}", chance.pick(things))
    .replace("{place}", chance.pick(places))
    .replace("{name}", chance.pick(chatters).name)
    .replace("{number}", String(chance.integer(2, 40)));
}

/** What somebody writes with a gift, a tip or a subscription. */
export function kindWords(chance: Chance): string {
  return chance.pick([
    "for the otter fund",
    "thank you for the calm evenings",
    "buy yourself a good tea",
    "keep building!",
    "this stream made my week",
    "happy anniversary to the mill",
  ]);
}
