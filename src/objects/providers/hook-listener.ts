import { startSession } from "../../protocols/session.ts";
import type { ProviderLink } from "./link.ts";
import { ProviderSocket } from "./socket.ts";

/**
 * Hears for a link whose session is not up: what a provider says over its hook is told whatever its API
 * answers at the moment.
 */
export function makeListener(link: ProviderLink): ProviderSocket {
  const { adapter, row } = link;
  const session = startSession(
    (state: null, input) => ({
      state,
      effects:
        input.type === "frame-received" ? (adapter.hook?.hear(row.target, input.frame) ?? []) : [],
    }),
    null,
  );
  return new ProviderSocket("", null, session, link);
}
