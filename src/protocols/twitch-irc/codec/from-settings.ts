import type { DataOf } from "../../../event/catalogue.ts";
import { omitUndefined } from "../../../lib/given.ts";

/** The modes of a room of which nothing is told. */
export const OPEN_ROOM = {
  "emote-only": "0",
  "followers-only": "-1",
  r9k: "0",
  slow: "0",
  "subs-only": "0",
};

/** The modes that are told of, as a room's state has them. */
export function formatSettings(data: DataOf<"chat.settings.updated">): Record<string, string> {
  const { emoteOnly, followersOnly, subscribersOnly, slowSeconds, unique } = data;
  return omitUndefined({
    "emote-only": toFlag(emoteOnly),
    "followers-only": followersOnly === undefined ? undefined : followersOnly ? "0" : "-1",
    r9k: toFlag(unique),
    slow: slowSeconds === undefined ? undefined : String(Math.max(0, Math.round(slowSeconds))),
    "subs-only": toFlag(subscribersOnly),
  });
}

function toFlag(is: boolean | undefined): string | undefined {
  return is === undefined ? undefined : is ? "1" : "0";
}
