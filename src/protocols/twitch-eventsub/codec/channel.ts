import { omitUndefined } from "../../../lib/given.ts";
import { isSet, readCount, readText } from "../wire/fields.ts";
import { draftUnknown, readTime, type Reader } from "./envelope.ts";
import { readModerator, readNamed } from "./user.ts";

export const draftFollow: Reader = (envelope, event) =>
  readText(event, "user_id") === undefined
    ? null
    : { ...envelope, type: "channel.follow", data: { user: readNamed(event) } };

/** A raid that came, or one that left: by which of the two it was asked for. */
export const draftRaid: Reader = (envelope, event, { condition }) => {
  const isOut = readText(condition, "from_broadcaster_user_id") !== undefined;
  const other = `${isOut ? "to" : "from"}_broadcaster_user`;
  if (readText(event, `${other}_id`) === undefined) return null;
  const data = {
    user: readNamed(event, other),
    viewers: readCount(event, "viewers") ?? 0,
    kind: "raid" as const,
    direction: isOut ? ("out" as const) : ("in" as const),
  };
  return { ...envelope, type: "channel.raid", data };
};

export const draftUpdate: Reader = (envelope, event) => {
  const data = omitUndefined({
    title: readText(event, "title"),
    category: readText(event, "category_name"),
    language: readText(event, "language"),
  });
  return Object.keys(data).length === 0 ? null : { ...envelope, type: "channel.updated", data };
};

/** Playlists, reruns and parties are no broadcast. */
export const draftOnline: Reader = (envelope, event, { type }) => {
  if (readText(event, "type") !== "live") return draftUnknown(envelope, type);
  const data = omitUndefined({
    startedAt: readTime(event, "started_at"),
    url: makePage(readNamed(event, "broadcaster_user").login),
  });
  return { ...envelope, type: "stream.online", data };
};

export const draftOffline: Reader = (envelope, event) => {
  const data = omitUndefined({ url: makePage(readNamed(event, "broadcaster_user").login) });
  return { ...envelope, type: "stream.offline", data };
};

function makePage(login: string | undefined): string | undefined {
  if (login === undefined) return undefined;
  return `https://www.twitch.tv/${encodeURIComponent(login.toWellFormed())}`;
}

export const draftAd: Reader = (envelope, event) => {
  const seconds = readCount(event, "duration_seconds");
  if (seconds === undefined) return null;
  const data = { seconds, automatic: isSet(event, "is_automatic") };
  return { ...envelope, type: "channel.ad.started", data };
};

/** A shoutout of ours to another channel, or of another to ours. */
export const draftShoutout: Reader = (envelope, event, { type }) => {
  const isOut = type === "channel.shoutout.create";
  const other = `${isOut ? "to" : "from"}_broadcaster_user`;
  if (readText(event, `${other}_id`) === undefined) return null;
  const data = omitUndefined({
    user: readNamed(event, other),
    by: readModerator(event),
    viewers: readCount(event, "viewer_count"),
    direction: isOut ? ("out" as const) : ("in" as const),
  });
  return { ...envelope, type: "channel.shoutout", data };
};
