import { failSession, setTimer } from "../../effects.ts";
import { TOKEN_INVALID } from "./failures.ts";
import {
  RENEW,
  type HandOver,
  type YouTubeLink,
  type YouTubeReaction,
  type YouTubeState,
} from "./state.ts";

// Before a token ends another session takes over with a new one: dials renew it from ten minutes before.
const BEFORE_END_MS = 300_000;
const LEAST_MS = 60_000;

/** Sets the time at which a token is to be another; none for a key. */
export function renewInTime(link: YouTubeLink, at: number): YouTubeReaction["effects"] {
  const { expiresAt } = link.access;
  if (expiresAt === null) return [];
  return [setTimer(RENEW, Math.max(LEAST_MS, expiresAt - BEFORE_END_MS - at))];
}

/** The token is about to end. */
export function renew(link: YouTubeLink, state: YouTubeState): YouTubeReaction {
  if (!state.isReady) return { state, effects: [setTimer(RENEW, LEAST_MS)] };
  return hasten(link, state, "token_expiring", false);
}

/** Google refused the token: it is renewed once, by a session that takes over when it is ready. */
export function onTokenRefused(link: YouTubeLink, state: YouTubeState): YouTubeReaction {
  if (state.isRenewing) return { state, effects: [] };
  const isUseless = link.handOver?.isRenewed === true && !state.isReading;
  if (!state.isReady || isUseless || link.access.token === null) {
    return { state, effects: [failSession(TOKEN_INVALID)] };
  }
  return hasten(link, state, "token_invalid", true);
}

function hasten(
  { identifier }: YouTubeLink,
  state: YouTubeState,
  reason: string,
  isRenewed: boolean,
): YouTubeReaction {
  const { broadcast, channelId, heardAt, token, uuid } = state;
  const place =
    broadcast === null || heardAt === null ? null : { identifier, broadcast, token, at: heardAt };
  const handOver: HandOver = { uuid, channelId, place, isRenewed };
  return {
    state: { ...state, isRenewing: true },
    effects: [{ type: "session-replace", reason, handOver: JSON.stringify(handOver) }],
  };
}
