import type { ProviderEffect } from "../../session.ts";
import type { Channel } from "./api.ts";

/** A session, as far as it has got. */
export interface KickState {
  /** All is subscribed, as of the last look. */
  readonly isReady: boolean;
  /** The app's token; null before there is one. */
  readonly token: { readonly text: string; readonly endsAt: number | null } | null;
  /** It was asked for because the one before was refused: refused again, it is the app that is. */
  readonly isTokenAnew: boolean;
  readonly channel: Channel | null;
  /** The events asked for in the request under way. */
  readonly asked: readonly string[];
  /** Events that Kick would not have us subscribe to. */
  readonly refused: readonly string[];
  /** When the last delivery came, or since when one could; null while none could. */
  readonly heardAt: number | null;
  readonly isHeard: boolean;
  /** Why nothing is written with the account's token; null where nothing is known against it. */
  readonly writerReason: string | null;
  /** The account's token has just been renewed, and nothing was written with it yet: refused, it is over. */
  readonly isRenewed: boolean;
  readonly isRenewing: boolean;
  /** Why the last look came to nothing, while deliveries go on. */
  readonly trouble: string | null;
  /** Kick says that the channel is live, and has told nothing of it for long. */
  readonly isSilent: boolean;
}

export interface KickReaction {
  readonly state: KickState;
  readonly effects: readonly ProviderEffect[];
}

export function react(state: KickState, ...effects: readonly ProviderEffect[]): KickReaction {
  return { state, effects };
}

/** The same with more to do after it. */
export function andThen(
  { state, effects }: KickReaction,
  next: (state: KickState) => KickReaction,
): KickReaction {
  const after = next(state);
  return { state: after.state, effects: [...effects, ...after.effects] };
}
