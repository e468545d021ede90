import type { ProviderEffect } from "../../session.ts";
import type { Writer } from "./connection.ts";

/** One socket, as far as its conversation has got. */
export interface TwitchState {
  /** The beginning of a line whose end has not come. */
  readonly rest: string;
  /** The login that the channel goes by, as far as is known. */
  readonly room: string;
  readonly isJoined: boolean;
  readonly roomId: string | undefined;
  readonly writer: Writer;
  /** A new token has been asked for: it comes with another session. */
  readonly isRenewing: boolean;
  readonly openedAt: number;
}

export interface TwitchReaction {
  readonly state: TwitchState;
  readonly effects: readonly ProviderEffect[];
}
