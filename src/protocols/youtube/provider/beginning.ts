import { chooseFinder, look } from "./finding.ts";
import { renewInTime } from "./renewing.ts";
import type { YouTubeLink, YouTubeReaction, YouTubeState } from "./state.ts";

// A token is good for going on for a while. What was missed for longer is looked for in what the chat
// holds of the past, and said to be missing.
const RESUMED_WITHIN_MS = 600_000;

/** A session that nothing has happened to. */
export function makeInitialState(link: YouTubeLink): YouTubeState {
  return {
    uuid: link.handOver?.uuid ?? link.dialId,
    startedAt: 0,
    isReady: false,
    finder: chooseFinder(link),
    channelId: null,
    waits: 0,
    waitingSince: 0,
    isOver: false,
    ended: null,
    broadcast: null,
    video: null,
    token: null,
    heardAt: null,
    isReading: false,
    isResumed: false,
    isOnlineTold: false,
    isPastNext: false,
    missingSince: null,
    isPolling: false,
    pollAfterMs: 0,
    openedAt: [],
    isAnswered: false,
    faults: 0,
    balances: {},
    told: "",
    isRenewing: false,
  };
}

/** Goes on where the session before this one was, or looks for a broadcast. */
export function begin(link: YouTubeLink, initial: YouTubeState, at: number): YouTubeReaction {
  const { handOver } = link;
  const place = handOver === null ? link.place : handOver.place;
  const state = { ...initial, startedAt: at, channelId: handOver?.channelId ?? null };
  const renewal = renewInTime(link, at);
  if (place === null) {
    const looked = look(link, state);
    return { state: looked.state, effects: [...renewal, ...looked.effects] };
  }
  const isFresh = at - place.at <= RESUMED_WITHIN_MS && place.token !== null;
  return {
    state: {
      ...state,
      broadcast: place.broadcast,
      token: isFresh ? place.token : null,
      isResumed: isFresh,
      heardAt: place.at,
      isOnlineTold: place.broadcast.isLive,
    },
    effects: renewal,
  };
}
