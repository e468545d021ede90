import { type Chatter, streamer } from "../kit/cast.ts";

/** Ids are as long as real ones, and the same in every run. */
export function idOf(login: string): string {
  let id = 0;
  for (const character of login) {
    id = (id * 31 + (character.codePointAt(0) ?? 0)) % 800_000_000;
  }
  return String(100_000_000 + id);
}

/** The tags of whoever wrote something. */
export function tagsOf(chatter: Chatter): Record<string, string> {
  const { name, color, isModerator, subscribedMonths: months } = chatter;
  const badges = [
    ...(name === streamer.name ? ["broadcaster/1"] : []),
    ...(isModerator ? ["moderator/1"] : []),
    ...(months > 0 ? [`subscriber/${Math.max(1, 3 * Math.floor(months / 3))}`] : []),
  ];
  return {
    "badge-info": months > 0 ? `subscriber/${months}` : "",
    badges: badges.join(","),
    color,
    "display-name": name,
    mod: isModerator ? "1" : "0",
    subscriber: months > 0 ? "1" : "0",
    turbo: "0",
    "user-id": idOf(name.toLowerCase()),
    "user-type": isModerator ? "mod" : "",
  };
}

export function prefixOf(login: string): string {
  return `${login}!${login}@${login}.tmi.twitch.tv`;
}
