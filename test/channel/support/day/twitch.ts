import activities from "../../../protocols/astro/frames/activities.json";
import channel from "../../../protocols/twitch-eventsub/frames/channel.json";
import deeds from "../../../protocols/twitch-eventsub/frames/moderation.json";
import paid from "../../../protocols/twitch-eventsub/frames/money.json";
import deletions from "../../../protocols/twitch-irc/frames/deletions.json";
import moderation from "../../../protocols/twitch-irc/frames/moderation.json";
import notices from "../../../protocols/twitch-irc/frames/notices.json";
import { formatTime, MINUTE, SECOND, type Happening, type Told } from "./happening.ts";
import { tellCheer, tellLine } from "./twitch-chat.ts";
import {
  activity,
  astro,
  author,
  eventSub,
  idOf,
  irc,
  user,
  type Notified,
} from "./twitch-frames.ts";
import { tellBomb, tellGiven, tellSubscription, tellUpgrade } from "./twitch-subs.ts";

/*
 * What Twitch IRC, EventSub and StreamElements tell of what happens on Twitch, each in its own shape.
 */

function tellDeed(happening: Happening): Told[] {
  const { deed, who, at, no, count } = happening;
  const eventSubs = (frame: Notified, event: object, named: string[] = []): Told => ({
    by: "twitch-eventsub",
    frame: eventSub(frame, happening, event),
    late: 3 * SECOND,
    named,
  });
  const astros = (frame: { data: object }, more: object, late: number): Told => ({
    by: "astro",
    frame: astro(frame, happening, idOf(happening), activity(happening, more)),
    late,
    named: [],
  });
  const ircs = (frame: Parameters<typeof irc>[0], tags: object, words?: string[]): Told => ({
    by: "twitch-irc",
    frame: irc(frame, { "tmi-sent-ts": String(at), ...tags }, words),
    late: 2 * SECOND,
    named: [],
  });
  switch (deed) {
    case "deletion": {
      const id = idOf(happening, "-gone");
      const named = ["chat.message.deleted"];
      const tags = { login: who.login, "target-msg-id": id };
      return [
        { ...ircs(deletions.CLEARMSG, tags), named },
        eventSubs(deeds.deletion, { message_id: id }, named),
        eventSubs(
          deeds["moderate: delete"],
          { delete: { ...user(happening), message_id: id } },
          named,
        ),
      ];
    }
    case "clear":
      return [
        { ...ircs(moderation["CLEARCHAT of all"], {}), named: ["chat.cleared"] },
        eventSubs(deeds["moderate: clear"], {}),
      ];
    case "ban": {
      const frame = moderation["CLEARCHAT that is a ban"];
      return [
        ircs(frame, { "target-user-id": who.id }, [who.login]),
        eventSubs(deeds["moderate: ban"], { ban: { ...user(happening), reason: "" } }),
      ];
    }
    case "timeout": {
      const seconds = count * 300;
      const tags = { "target-user-id": who.id, "ban-duration": String(seconds) };
      const own = { ...user(happening), expires_at: formatTime(at + seconds * SECOND) };
      return [
        ircs(moderation["CLEARCHAT for a while"], tags, [who.login]),
        eventSubs(deeds["moderate: timeout"], { timeout: own }),
      ];
    }
    case "follow":
      return [
        eventSubs(channel.follow, { ...user(happening), followed_at: formatTime(at) }),
        astros(activities.follow, {}, 9 * MINUTE),
      ];
    case "raid": {
      const from = {
        from_broadcaster_user_id: who.id,
        from_broadcaster_user_login: who.login,
        from_broadcaster_user_name: who.name,
      };
      const tags = { ...author(happening), id: idOf(happening), "msg-param-viewerCount": count };
      return [
        { ...ircs(notices.raid, tags), named: ["channel.raid"] },
        eventSubs(channel["raid that came"], { ...from, viewers: count + 1 }),
        astros(activities.raid, { amount: count }, 1.5 * MINUTE),
      ];
    }
    case "redemption": {
      const told = { ...user(happening), id: `r-${no}`, status: "unfulfilled", user_input: "" };
      const title = paid.redemption.payload.event.reward.title;
      return [
        eventSubs(paid.redemption, told, ["channel.redemption"]),
        (happening.lags[11] ?? 0) > 0.5
          ? astros(activities.channelPointsRedemption, { redemption: title }, 25 * SECOND)
          : astros(
              activities.redemption,
              { item: { name: title }, status: "pending" },
              25 * SECOND,
            ),
      ];
    }
    default:
      throw new Error(`nobody tells of ${deed}`);
  }
}

/** All that is told of what happened on Twitch. */
export function tellOfTwitch(happening: Happening): Told[] {
  switch (happening.deed) {
    case "line":
    case "action":
    case "reply":
    case "emotes":
    case "shared":
      return tellLine(happening);
    case "cheer":
      return tellCheer(happening);
    case "sub":
    case "resub":
    case "resub of a gift":
      return tellSubscription(happening);
    case "upgrade":
      return tellUpgrade(happening);
    case "gift":
      return tellGiven(happening, 1);
    case "bomb":
      return tellBomb(happening);
    default:
      return tellDeed(happening);
  }
}
