import { type Chatter, chatters, streamer } from "../kit/cast.ts";

/** The id of the streamer's channel: the room that a token opens unless a client names another. */
export const channelId = "64d0c1ab52e7f3a9180b6c2e";

/** What the room is called before it is canonical. */
export const channelName = streamer.name.toLowerCase();

const everybody = [streamer, ...chatters];

export function chatterNamed(name: string): Chatter {
  const known = everybody.find((chatter) => chatter.name === name);
  return known ?? { name, color: "#808080", isModerator: false, subscribedMonths: 0 };
}

export function loginOf({ name }: Chatter): string {
  return name.toLowerCase();
}

/** The same number for the same name, in every run. */
export function userNumber({ name }: Chatter): number {
  let number = 17;
  for (const letter of name) {
    number = (number * 31 + (letter.codePointAt(0) ?? 0)) % 80_000_000;
  }
  return 10_000_000 + number;
}

export function avatarOf(chatter: Chatter): string {
  return `https://images.example/astro/${loginOf(chatter)}.png`;
}
