import type { EventDraft } from "../../../event/event.ts";
import type { Line } from "../wire/line.ts";
import { isSet, makeEnvelope } from "./fields.ts";
import { toMessageDrafts } from "./message.ts";
import { toClearing, toDeletion, toSettings } from "./moderation.ts";
import { draftUnknown, toNotice } from "./notice.ts";

/** Lines that are about the socket, or are for the account alone: a whisper is in no channel's log. */
const SILENT: readonly string[] = [
  "CAP",
  "GLOBALUSERSTATE",
  "HOSTTARGET",
  "JOIN",
  "NOTICE",
  "PART",
  "PING",
  "PONG",
  "RECONNECT",
  "USERSTATE",
  "WHISPER",
];

/**
 * A line in our words. None where it tells of nothing in the room; null where it lacks what makes it
 * what it says it is.
 */
export function toDrafts(connectionId: string, line: Line): readonly EventDraft[] | null {
  const { command, params } = line;
  const envelope = makeEnvelope(connectionId, line);
  switch (command) {
    case "PRIVMSG":
      // A service that keeps old lines gives those that were deleted as well, which Twitch never does.
      if (isSet(line, "rm-deleted")) return [];
      return orNull(toMessageDrafts(envelope, line));
    case "USERNOTICE":
      return params.length === 0 ? null : toNotice(envelope, line);
    case "CLEARCHAT":
      return orNull(toClearing(envelope, line));
    case "CLEARMSG":
      return orNull(toDeletion(envelope, line));
    case "ROOMSTATE":
      if (params.length === 0) return null;
      return orNull(toSettings(envelope, line)) ?? [draftUnknown(envelope, command)];
    default:
      if (SILENT.includes(command) || /^\d/.test(command)) return [];
      return [draftUnknown(envelope, command)];
  }
}

function orNull(drafts: readonly EventDraft[]): readonly EventDraft[] | null {
  return drafts.length === 0 ? null : drafts;
}
