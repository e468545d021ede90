import type { EventDraft } from "../../../event/event.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { decode } from "../../../lib/json.ts";
import { formatTime } from "../../../lib/time.ts";
import { makePageUrl, readId, readPerson, readText, readUser } from "../../kick-people.ts";
import { Banned, Metadata, Redemption, Status } from "../wire/frames.ts";
import { readOwner } from "./chat.ts";
import { PLATFORM, readTime, setKey, setTime, type KickEnvelope } from "./envelope.ts";

/** A redemption, as it is told of anew with each of its states. */
export function draftRedemption(envelope: KickEnvelope, body: unknown): EventDraft | null {
  const decoded = decode(Redemption, body);
  if (!decoded.ok) return null;
  const { broadcaster, id, user_input, status, redeemed_at, reward, redeemer } = decoded.value;
  // What becomes of it happens later.
  const timed = status === "pending" ? setTime(envelope, redeemed_at) : envelope;
  const { cost } = reward;
  return {
    ...setKey(timed, "redemption", PLATFORM, id, status),
    type: "channel.redemption",
    data: {
      user: readUser(redeemer, readOwner(broadcaster)),
      reward: omitUndefined({
        id: reward.id == null ? undefined : String(reward.id),
        title: reward.title,
        cost: cost ?? undefined,
      }),
      ...omitUndefined({ input: readText(user_input), status: readText(status) }),
    },
  };
}

/** The stream's beginning or end. */
export function draftStatus(envelope: KickEnvelope, body: unknown): EventDraft | null {
  const decoded = decode(Status, body);
  if (!decoded.ok) return null;
  const { broadcaster, is_live: isLive, started_at, ended_at } = decoded.value;
  const slug = readText(broadcaster?.channel_slug);
  const url = slug === undefined ? {} : { url: makePageUrl(slug) };
  const named = setKey(envelope, "live", readOwner(broadcaster), started_at, String(isLive));
  if (isLive) {
    const startedAt = formatTold(started_at);
    const data = { ...omitUndefined({ startedAt }), ...url };
    return { ...setTime(named, started_at), type: "stream.online", data };
  }
  const endedAt = formatTold(ended_at);
  const data = { ...omitUndefined({ endedAt }), ...url };
  return { ...setTime(named, ended_at), type: "stream.offline", data };
}

/** The title and the like: state, which has no name but its delivery's. */
export function draftMetadata(envelope: KickEnvelope, body: unknown): EventDraft | null {
  const decoded = decode(Metadata, body);
  if (!decoded.ok) return null;
  const { title, language, category, Category } = decoded.value.metadata;
  const data = omitUndefined({
    title: title ?? undefined,
    category: readText((category ?? Category)?.name),
    language: readText(language),
  });
  return { ...envelope, type: "channel.updated", data };
}

/** A ban; a time-out where it has an end. */
export function draftBan(envelope: KickEnvelope, body: unknown): EventDraft | null {
  const decoded = decode(Banned, body);
  if (!decoded.ok) return null;
  const { broadcaster, moderator, banned_user, metadata } = decoded.value;
  const { created_at, reason } = metadata;
  const end = readText(metadata.expires_at);
  const owner = readOwner(broadcaster);
  const timed = setTime(envelope, created_at);
  const named = setKey(timed, "ban", owner, readId(banned_user), created_at, end ?? "never");
  const by = moderator == null ? {} : readPerson(moderator);
  const about = {
    user: readUser(banned_user, owner),
    ...(Object.keys(by).length > 0 && { by }),
    ...omitUndefined({ reason: readText(reason) }),
  };
  if (end === undefined) return { ...named, type: "moderation.ban", data: about };
  const [from, until] = [readTime(created_at), readTime(end)];
  const seconds = from === undefined || until === undefined ? undefined : (until - from) / 1000;
  const span = omitUndefined({
    seconds: seconds === undefined ? undefined : Math.max(0, Math.round(seconds)),
    until: formatTold(end),
  });
  return { ...named, type: "moderation.timeout", data: { ...about, ...span } };
}

/** A time in UTC, whichever offset it was told with. */
function formatTold(text: string | null | undefined): string | undefined {
  const time = readTime(text);
  return time === undefined ? undefined : formatTime(time);
}
