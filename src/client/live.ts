import type { Emitter } from "./emitter.ts";
import { failLater, TributaryError } from "./errors.ts";
import type { ConnectionState } from "./types.ts";

/** Resolves when a channel is live; rejects where it has stopped, or is closed meanwhile. */
export function waitUntilLive(
  channel: Emitter & { readonly state: ConnectionState },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const isOver = ({ state } = channel): boolean => {
      if (state.name === "live") resolve();
      else if (state.name === "stopped") reject(state.reason);
      else return false;
      return true;
    };
    const hear = ({ detail: { to } }: { detail: { to: ConnectionState } }): void => {
      const isClosed = to.name === "idle";
      if (isClosed) reject(new TributaryError(failLater("closed", "The channel was closed.")));
      if (isClosed || isOver()) channel.removeEventListener("state", hear);
    };
    if (!isOver()) channel.addEventListener("state", hear);
  });
}
