import { countLeft, type Balance } from "../../../event/quota.ts";
import { lookUp } from "../../../lib/json.ts";
import { formatTime } from "../../../lib/time.ts";
import { observeConnection } from "../../effects.ts";
import type { ObservedConnection } from "../../session.ts";
import { PLATFORM } from "../codec/fields.ts";
import { makeWatchUrl } from "../codec/to-draft.ts";
import { MESSAGES_BUCKET, UNITS_BUCKET } from "./requests.ts";
import type { YouTubeLink, YouTubeReaction, YouTubeState } from "./state.ts";

const HOUR_MS = 3_600_000;

/** Tells of the connection as it is, where that is something new. The first time the session is ready. */
export function tell(link: YouTubeLink, state: YouTubeState): YouTubeReaction {
  const connection = toConnection(link, state);
  const told = JSON.stringify(connection);
  if (told === state.told) return { state, effects: [] };
  const { isResumed } = state;
  const observed = observeConnection({ ...connection, ...(isResumed && { resumed: true }) });
  return {
    // It is told once: later outages are others.
    state: { ...state, told, isReady: true, isResumed: false },
    effects: state.isReady
      ? [observed]
      : [{ type: "session-ready" }, observed, { type: "session-settled" }],
  };
}

/** The same, once there is something to tell of. */
export function tellAgain(link: YouTubeLink, state: YouTubeState): YouTubeReaction {
  return state.isReady ? tell(link, state) : { state, effects: [] };
}

function toConnection(link: YouTubeLink, state: YouTubeState): Omit<ObservedConnection, "resumed"> {
  const { identifier, access } = link;
  const { uuid, broadcast, isReading } = state;
  const about = { identifier, uuid, platform: PLATFORM };
  const quota = viewQuota(state.balances);
  if (!isReading || broadcast === null) {
    return {
      ...about,
      status: "connecting",
      reason: "not_live",
      target: { platform: PLATFORM, ...nameTarget(link, state), ...quota },
      writable: false,
      ready: false,
      live: false,
      idle: true,
    };
  }
  const { videoId, title, isLive } = broadcast;
  const isWritable = access.token !== null;
  return {
    ...about,
    status: "connected",
    reason: state.isPolling ? "polling" : null,
    target: {
      platform: PLATFORM,
      id: videoId,
      ...(title !== null && { name: title }),
      url: makeWatchUrl(videoId),
      ...quota,
    },
    writable: isWritable,
    ready: isWritable,
    live: isLive,
  };
}

function nameTarget({ target }: YouTubeLink, { channelId }: YouTubeState): object {
  if ("video" in target) return { id: target.video, url: makeWatchUrl(target.video) };
  const id = channelId ?? target.channel;
  const path = id.startsWith("@") ? encodeURIComponent(id).replace("%40", "@") : `channel/${id}`;
  return { id, name: target.channel, url: `https://www.youtube.com/${path}` };
}

// What is left is told in steps of so many parts of a day's units: each step is an event.
const STEPS = 20;

/** How much is left of the day's units, and until when it lasts. */
function viewQuota(balances: Readonly<Record<string, Balance>>): object {
  const units = lookUp(balances, UNITS_BUCKET);
  if (units === undefined) return {};
  const { limit, resetsAt, emptyAt } = units;
  const step = Math.max(1, Math.floor(limit / STEPS));
  const messages = lookUp(balances, MESSAGES_BUCKET);
  return {
    quota: {
      limit,
      left: Math.floor(countLeft(units) / step) * step,
      resetsAt: formatTime(resetsAt),
      // The hour of it: it changes with each call.
      emptyAt: emptyAt === null ? null : formatTime(Math.floor(emptyAt / HOUR_MS) * HOUR_MS),
      ...(messages !== undefined && { messagesLeft: countLeft(messages) }),
    },
  };
}
