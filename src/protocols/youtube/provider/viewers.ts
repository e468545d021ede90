import { decode, type Json } from "../../../lib/json.ts";
import { parseTime } from "../../../lib/time.ts";
import { setTimer } from "../../effects.ts";
import { Video } from "../wire/frames.ts";
import { tellAgain } from "./connection.ts";
import { readVideo } from "./finding.ts";
import { observeInParts } from "./page.ts";
import { endReading, stayAlive } from "./reading.ts";
import { lookAtVideo, UNITS_BUCKET } from "./requests.ts";
import { VIEWERS, type YouTubeLink, type YouTubeReaction, type YouTubeState } from "./state.ts";
import { draftEnd, draftStream } from "./stream-events.ts";

const FIVE_MINUTES_MS = 300_000;

/** Looks who watches, where the day's units last. */
export function lookAtViewers(link: YouTubeLink, state: YouTubeState): YouTubeReaction {
  const { balances, broadcast } = state;
  const again = setTimer(VIEWERS, FIVE_MINUTES_MS);
  const isShort = balances[UNITS_BUCKET]?.emptyAt != null;
  if (broadcast === null || isShort) return { state, effects: [again, ...stayAlive()] };
  const exchange = lookAtVideo(link, broadcast.videoId);
  return { state, effects: [again, { type: "stream-open", request: VIEWERS, exchange }] };
}

/** The broadcast was looked at while its chat is read. */
export function onLookedAt(
  link: YouTubeLink,
  before: YouTubeState,
  items: readonly unknown[],
  at: number,
): YouTubeReaction {
  const { broadcast } = before;
  const video = decode(Video, items[0]);
  if (broadcast === null || !video.ok || video.value.id !== broadcast.videoId) {
    return { state: before, effects: [] };
  }
  const endedAt = parseTime(video.value.liveStreamingDetails?.actualEndTime ?? "");
  if (endedAt !== null) {
    const ended = endReading(before, broadcast.videoId, at);
    const offline = draftEnd(link, broadcast.videoId, "actualEndTime", endedAt);
    return { state: ended.state, effects: [...observeInParts([offline]), ...ended.effects] };
  }
  const live = readVideo(video.value) ?? broadcast;
  const state = { ...before, video: items[0] as Json, broadcast: { ...broadcast, ...live } };
  const drafts = draftStream(link, state);
  const told = tellAgain(link, { ...state, isOnlineTold: state.isOnlineTold || live.isLive });
  const effects = [...stayAlive(), ...told.effects, ...observeInParts(drafts)];
  return { state: told.state, effects };
}
