import { connectionId } from "../../event/ids.ts";
import { given } from "../../lib/given.ts";
import type { ObservedConnection } from "../session.ts";
import type { Subscriptions, Topic } from "./subscriptions.ts";
import { HOME } from "./user.ts";

/** A room's entry in the connection map: what has become of each topic is in its target. */
export function connectionOf(
  room: string,
  uuid: string,
  { topics }: Subscriptions,
): ObservedConnection {
  const is = (status: Topic["status"]): boolean => topics.some((topic) => topic.status === status);
  return {
    identifier: connectionId("astro", room),
    uuid,
    platform: HOME,
    status: is("subscribed") ? "connected" : is("pending") ? "connecting" : "error",
    reason: is("refused") ? "topics_refused" : is("pending") ? "topics_pending" : null,
    target: {
      platform: HOME,
      id: room,
      topics: Object.fromEntries(
        topics.map(({ name, status, reason, detail }) => [
          name,
          given({ status, reason: reason ?? undefined, detail: detail ?? undefined }),
        ]),
      ),
    },
    writable: false,
    ready: false,
    live: null,
  };
}
