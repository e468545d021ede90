import { formatConnectionId } from "../../../event/ids.ts";
import { omitUndefined } from "../../../lib/given.ts";
import type { ObservedConnection } from "../../session.ts";
import { HOME } from "../codec/user.ts";
import type { AstroSessionState } from "./state.ts";
import type { Topic } from "./subscriptions.ts";

/**
 * A room's entry in the connection map: what has become of each topic is in its target. It is not
 * connected before the first answers are all in: until then events of some topics are missed.
 */
export function toConnection(
  room: string,
  uuid: string,
  { subscriptions: { topics }, isSettled }: Pick<AstroSessionState, "subscriptions" | "isSettled">,
): ObservedConnection {
  const is = (status: Topic["status"]): boolean => topics.some((topic) => topic.status === status);
  return {
    identifier: formatConnectionId("astro", room),
    uuid,
    platform: HOME,
    status: toStatus(is, isSettled),
    reason: is("refused") ? "topics_refused" : is("pending") ? "topics_pending" : null,
    target: {
      platform: HOME,
      id: room,
      topics: Object.fromEntries(
        topics.map(({ name, status, reason, detail }) => [
          name,
          omitUndefined({ status, reason: reason ?? undefined, detail: detail ?? undefined }),
        ]),
      ),
    },
    writable: false,
    ready: false,
    live: null,
  };
}

function toStatus(
  is: (status: Topic["status"]) => boolean,
  isSettled: boolean,
): ObservedConnection["status"] {
  if (is("subscribed")) return isSettled ? "connected" : "connecting";
  return is("pending") ? "connecting" : "error";
}
