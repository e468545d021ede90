import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { findAccount, ROOM } from "../codec/from-event.ts";
import type { MultistreamerGatewayState } from "./state.ts";

// What is posted may name any platform; no more of them than this are listed on one socket.
const STRAYS_MAX = 64;
const COUNTED_MAX = 64;

/** Notes what an event changes in later statuses and counts. */
export function note(
  state: MultistreamerGatewayState,
  event: StreamEvent,
): MultistreamerGatewayState {
  switch (event.type as CatalogueType) {
    case "stream.status": {
      const { incoming, pulling } = event.data as DataOf<"stream.status">;
      return { ...state, feed: { incoming, pulling } };
    }
    case "stream.viewers": {
      const { count } = event.data as DataOf<"stream.viewers">;
      return withStray(
        { ...state, viewers: countFrame(state.viewers, findAccount(event), count) },
        event,
      );
    }
    case "stream.offline":
    case "connection.closed": {
      const { [String(findAccount(event))]: _gone, ...viewers } = state.viewers;
      return { ...state, viewers };
    }
    case "chat.message":
      return withStray(state, event);
    default:
      return state;
  }
}

function countFrame(
  viewers: MultistreamerGatewayState["viewers"],
  account: number,
  count: number,
): Record<string, number> {
  const isFull = Object.keys(viewers).length >= COUNTED_MAX && !Object.hasOwn(viewers, account);
  return isFull ? viewers : { ...viewers, [account]: count };
}

function withStray(
  state: MultistreamerGatewayState,
  { connectionid, platform }: StreamEvent,
): MultistreamerGatewayState {
  const { strays } = state;
  const isKnown = connectionid !== undefined || platform === ROOM || strays.includes(platform);
  if (isKnown || strays.length >= STRAYS_MAX) return state;
  return { ...state, strays: [...strays, platform] };
}

/** Can it change a status? */
export function changesStatus({ type }: StreamEvent): boolean {
  return (
    type === "connection.updated" ||
    type === "connection.closed" ||
    type === "stream.online" ||
    type === "stream.offline" ||
    type === "stream.status"
  );
}
