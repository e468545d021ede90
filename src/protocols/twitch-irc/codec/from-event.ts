import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { chooseMessageId, listDeletedIds, makeMessage } from "../../../event/message.ts";
import { CHEERER, findStandIn, identify, isNobody } from "../../../event/nobody.ts";
import type { Message, Person, User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { memoizePer } from "../../../lib/once.ts";
import { parseTime } from "../../../lib/time.ts";
import { writeAction } from "../../chat-text.ts";
import { formatLine, type Line } from "../wire/line.ts";
import { formatEmotes, type EmotePlace } from "../wire/lists.ts";
import { SERVER, toPrefix, type Told } from "../wire/served.ts";
import { PLATFORM } from "./fields.ts";
import { toNoticeLines } from "./from-notice.ts";
import { cutText, makeTime, readTime, TEXT_MAX, toRoom } from "./from-parts.ts";
import { formatSettings } from "./from-settings.ts";
import { makeUserTags, toLogin, toUserId } from "./from-user.ts";

const TAG_MAX = 1_000;

/**
 * An event in Twitch's words, to a room of this id; none where it has no word. Made once, for however
 * many clients. Cheers are told by `toCheer`.
 */
export const fromEvent = memoizePer((event: StreamEvent, roomId: string): readonly Told[] =>
  toLines(event, roomId).map(tellLine),
);

/** A message with the bits that were given with it, as one line. */
export const toCheer = memoizePer((event: StreamEvent, of: string): readonly Told[] => {
  const [roomId = "", bits = "", words = ""] = of.split(" ");
  const { user = NAMELESS, message } = event.data as DataOf<"channel.cheer">;
  const said = words === "words" ? message : undefined;
  const text = said ?? makeMessage(undefined, [{ type: "text", text: `Cheer${bits}` }]);
  const line = formatSaid(event, roomId, user, text);
  return [tellLine({ ...line, tags: { bits, ...line.tags } })];
});

/** Somebody who gave bits and wants no name. */
const NAMELESS: User = {
  ...identify(PLATFORM, undefined),
  ...CHEERER,
  roles: [],
  badges: [{ set: "anonymous-cheerer", id: "1" }],
};

/** Writes a line. Clients take 8 KiB of tags: of one that is very long only the beginning is told. */
function tellLine(line: Line): Told {
  const tags = Object.entries(line.tags).map(([name, value]) => [name, value.slice(0, TAG_MAX)]);
  return {
    command: line.command,
    text: formatLine({ ...line, tags: Object.fromEntries(tags) as Line["tags"] }),
  };
}

function toLines(event: StreamEvent, roomId: string): Line[] {
  const { platform } = event;
  switch (event.type as CatalogueType) {
    case "chat.message": {
      const { user, message, source } = event.data as DataOf<"chat.message">;
      // One that is for one person is in no room, and of what was deleted nothing is left to say.
      if (message.deleted === true || message.to !== undefined) return [];
      const line = formatSaid(event, roomId, user, message);
      return [{ ...line, tags: { ...line.tags, ...makeSourceTags(source, line.tags) } }];
    }
    case "chat.message.deleted": {
      const deleted = event.data as DataOf<"chat.message.deleted">;
      const { user } = deleted;
      const login = user === undefined ? "" : toLogin(user, platform);
      return listDeletedIds(deleted).map((id) => {
        const tags = { login, "room-id": "", "target-msg-id": id, ...makeTime(event) };
        return serve(event, "CLEARMSG", tags, [""]);
      });
    }
    case "chat.cleared": {
      const { scope, user } = event.data as DataOf<"chat.cleared">;
      if (scope === "all") return [clear(event, roomId, null)];
      // To be silent for a second is how one person's lines are taken away.
      return user === undefined ? [] : [clear(event, roomId, user, 1)];
    }
    case "moderation.ban":
      return [clear(event, roomId, (event.data as DataOf<"moderation.ban">).user)];
    case "moderation.timeout": {
      const data = event.data as DataOf<"moderation.timeout">;
      return [clear(event, roomId, data.user, countSeconds(event, data))];
    }
    case "chat.settings.updated": {
      // A client knows one set of modes: Twitch's.
      if (platform !== PLATFORM) return [];
      const settings = formatSettings(event.data);
      if (Object.keys(settings).length === 0) return [];
      return [serve(event, "ROOMSTATE", { ...settings, "room-id": roomId }, [])];
    }
    default:
      return toNoticeLines(event, roomId);
  }
}

function formatSaid(event: StreamEvent, roomId: string, author: User, message: Message): Line {
  const { platform } = event;
  const isNameless = platform === PLATFORM && isNobody(author);
  const user = isNameless ? { ...author, ...findStandIn(author) } : author;
  const login = toLogin(user, platform);
  const text = cutText(message.text);
  const tags = omitUndefined({
    ...makeUserTags(user, platform),
    emotes: formatEmotes(platform === PLATFORM ? listEmotes(message, text) : []),
    "first-msg": message.first ? "1" : "0",
    flags: "",
    id: chooseMessageId(event, message),
    "msg-id": message.highlighted ? "highlighted-message" : undefined,
    "reply-parent-msg-id": message.replyTo,
    "returning-chatter": "0",
    "room-id": roomId,
    ...makeTime(event),
  });
  const words = message.action ? writeAction(text) : text;
  return { tags, prefix: toPrefix(login), command: "PRIVMSG", params: [toRoom(event), words] };
}

/** The emotes of Twitch in a text of which this is left, counted in code points. */
function listEmotes({ fragments }: Message, left: string): EmotePlace[] {
  const end = Array.from(left).length;
  const emotes: EmotePlace[] = [];
  let first = 0;
  for (const { type, text, id = "" } of fragments) {
    const next = first + Array.from(text.slice(0, TEXT_MAX * 2)).length;
    if (next > end) break;
    const isTwitch = type === "emote" && /^[\w-]{1,60}$/.test(id);
    if (isTwitch && next > first) emotes.push({ id, first, last: next - 1 });
    first = next;
  }
  return emotes;
}

function makeSourceTags(
  source: Person | undefined,
  { id = "" }: Line["tags"],
): Record<string, string> {
  return source?.id === undefined ? {} : { "source-id": id, "source-room-id": source.id };
}

function clear(event: StreamEvent, roomId: string, user: Person | null, seconds?: number): Line {
  const { platform } = event;
  const tags = omitUndefined({
    "ban-duration": seconds === undefined ? undefined : String(seconds),
    "room-id": roomId,
    "target-user-id": user === null ? undefined : toUserId(user, platform),
    ...makeTime(event),
  });
  return serve(event, "CLEARCHAT", tags, user === null ? [] : [toLogin(user, platform)]);
}

/** The length of a timeout, in whole seconds: without one, it would be a ban. */
function countSeconds(
  event: StreamEvent,
  { seconds, until }: DataOf<"moderation.timeout">,
): number {
  const end = until === undefined ? null : parseTime(until);
  const left = end === null ? 1 : (end - readTime(event)) / 1000;
  return Math.max(1, Math.round(seconds ?? left));
}

function serve(
  event: StreamEvent,
  command: string,
  tags: Line["tags"],
  params: readonly string[],
): Line {
  return { tags, prefix: SERVER, command, params: [toRoom(event), ...params] };
}
