import type { EventDraft } from "../../../../src/event/event.ts";
import type { ProviderId } from "../../../../src/event/ids.ts";
import { draftsOf } from "../../../protocols/support/drive.ts";
import { suites } from "../../../protocols/support/suites.ts";
import { Talk } from "../../../protocols/twitch-eventsub/talk.ts";
import type { Happening, Told } from "./happening.ts";
import { tellOfKick } from "./kick.ts";
import { tellOfTwitch } from "./twitch.ts";
import { tellOfYouTube } from "./youtube.ts";

/*
 * A day in the providers' frames, read by their own sessions.
 */

/** One event that a provider told of. */
export interface Heard {
  readonly by: ProviderId;
  readonly at: number;
  readonly draft: EventDraft;
  /** What happened, whoever tells of it: of one name is one occurrence. */
  readonly name: string;
  /** What cannot be told apart but by an id: one person's equal words. */
  readonly looks: string;
  /** The provider has the platform's own id of it. */
  readonly isNamed: boolean;
}

/** Those who deliver at least once: what was not taken for delivered comes again. */
const REPEATING: readonly ProviderId[] = ["twitch-eventsub", "kick", "youtube", "restream"];

type Read = (frame: object) => readonly EventDraft[];

function read(id: ProviderId): Read {
  if (id === "twitch-eventsub") {
    // Every type is granted, so that it is known which of them tells of what.
    const talk = Talk.begin();
    return (frame) => draftsOf(talk.receive(frame));
  }
  const suite = suites.find((each) => each.id === id);
  if (suite === undefined) throw new Error(`no ${id}`);
  const driven = suite.start();
  return (frame) => draftsOf(driven.receives(frame));
}

function tellOf(happening: Happening): readonly Told[] {
  switch (happening.stage) {
    case "twitch":
      return tellOfTwitch(happening);
    case "kick":
      return tellOfKick(happening);
    case "youtube":
      return tellOfYouTube(happening);
  }
}

/** All that is told of a day, in the order in which it comes in. */
export function hearDay(happenings: readonly Happening[]): readonly Heard[] {
  const readers = new Map<ProviderId, Read>();
  const heard = happenings.flatMap((happening) =>
    tellOf(happening).flatMap((told, index) => {
      const reader = readers.get(told.by) ?? read(told.by);
      readers.set(told.by, reader);
      const drafts = reader(told.frame);
      const lag = happening.lags[index % happening.lags.length] ?? 0;
      const at = happening.at + Math.round(lag * told.late);
      if (drafts.length === 0) throw new Error(`nothing of ${JSON.stringify(told.frame)}`);
      const once = drafts.map((draft) => hear(happening, told, draft, at));
      const isRepeated = REPEATING.includes(told.by) && lag > 0.9;
      return isRepeated ? [...once, ...once.map((each) => ({ ...each, at: at + 5_000 }))] : once;
    }),
  );
  return heard.toSorted((one, other) => one.at - other.at);
}

function hear(happening: Happening, told: Told, draft: EventDraft, at: number): Heard {
  const { no, stage, deed, who, count } = happening;
  const { by, named, part = "" } = told;
  if (draft.platform !== stage) throw new Error(`${by} tells of ${draft.platform}, not ${stage}`);
  // A single gift is told of as a gift or as what somebody was given.
  const type = draft.type.replace(/^channel\.subscription.*$/, "subscription");
  // What was cleared is nobody's.
  const whose = deed === "clear" ? "" : who.id;
  const looks =
    type === "chat.message" ? listWords(happening) : [deed, part === "" ? "" : `${no}`, part];
  const counted = COUNTED.includes(deed) ? count : 0;
  return {
    by,
    at,
    draft,
    name: JSON.stringify([no, type, part]),
    looks: JSON.stringify([stage, whose, type, ...looks, counted]),
    isNamed: named.includes(draft.type),
  };
}

/** The deeds of which everyone tells how much it was. */
const COUNTED: readonly string[] = ["cheer", "superchat", "bomb"];

/** What is to be read of a line; with some deeds there is more in it than the words. */
function listWords({ stage, deed, text }: Happening): string[] {
  const isLonger =
    deed === "emotes" || deed === "cheer" || (deed === "reply" && stage === "twitch");
  return [isLonger ? deed : "said", text.replace(/ ?\u{E0000}/u, "")];
}
