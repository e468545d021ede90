import type { Emitter } from "./emitter.ts";
import { failLater, TributaryError } from "./errors.ts";
import type { ConnectionState } from "./types.ts";

/** Resolves when a channel is live; rejects where it has stopped, or is closed meanwhile. */
export function waitUntilLive(
  channel: Emitter & { readonly state: ConnectionState },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (state: ConnectionState): void => {
      if (state.name === "live") resolve();
      else if (state.name === "stopped") reject(state.reason);
      else if (state.name === "idle") reject(new TributaryError(failLater("closed")));
      else return;
      channel.removeEventListener("state", hear);
    };
    const hear = ({ detail }: { detail: { to: ConnectionState } }): void => look(detail.to);
    channel.addEventListener("state", hear);
    // The place that was kept may still be read.
    if (channel.state.name !== "idle") look(channel.state);
  });
}
