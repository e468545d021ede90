import type { EventDraft } from "../../../event/event.ts";
import { decode } from "../../../lib/json.ts";
import { formatTime, parseTime } from "../../../lib/time.ts";
import { makeKey, PLATFORM, readCount } from "../codec/fields.ts";
import { makeWatchUrl } from "../codec/to-draft.ts";
import { Broadcast, Video } from "../wire/frames.ts";
import type { YouTubeLink, YouTubeState } from "./state.ts";

/** Drafts what a look at a broadcast tells of its stream: that it is on, where that is new, and who watches. */
export function draftStream(link: YouTubeLink, state: YouTubeState): EventDraft[] {
  const { broadcast, isOnlineTold } = state;
  if (broadcast === null || !broadcast.isLive) return [];
  return [...(isOnlineTold ? [] : [draftOnline(link, state)]), ...draftViewers(link, state)];
}

function draftOnline({ identifier }: YouTubeLink, { broadcast, video }: YouTubeState): EventDraft {
  const videoId = broadcast?.videoId ?? "";
  const startedAt = readStart(video);
  return {
    platform: PLATFORM,
    connectionId: identifier,
    ...(startedAt !== null && { time: startedAt }),
    key: makeKey("online", videoId),
    raw: video,
    type: "stream.online",
    data: {
      ...(startedAt !== null && { startedAt: formatTime(startedAt) }),
      url: makeWatchUrl(videoId),
    },
  };
}

function readStart(video: unknown): number | null {
  const asVideo = decode(Video, video);
  const asBroadcast = decode(Broadcast, video);
  const start =
    (asVideo.ok ? asVideo.value.liveStreamingDetails?.actualStartTime : null) ??
    (asBroadcast.ok ? asBroadcast.value.snippet.actualStartTime : null);
  return parseTime(start ?? "");
}

function draftViewers({ identifier }: YouTubeLink, { video }: YouTubeState): EventDraft[] {
  const read = decode(Video, video);
  const count = readCount(read.ok ? read.value.liveStreamingDetails?.concurrentViewers : null);
  if (count === undefined) return [];
  const about = { platform: PLATFORM, connectionId: identifier, raw: video };
  return [{ ...about, type: "stream.viewers", data: { count } }];
}

/** The stream has ended, as a refusal or a look tells. */
export function draftEnd(
  { identifier }: YouTubeLink,
  videoId: string,
  reason: string,
  endedAt: number | null,
): EventDraft {
  return {
    platform: PLATFORM,
    connectionId: identifier,
    ...(endedAt !== null && { time: endedAt }),
    key: makeKey("offline", videoId),
    raw: { reason },
    type: "stream.offline",
    data: {
      ...(endedAt !== null && { endedAt: formatTime(endedAt) }),
      url: makeWatchUrl(videoId),
    },
  };
}
