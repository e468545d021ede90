/**
 * Hooks for React 18 and later.
 *
 * @module
 */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";

import type { Channel } from "./channel.ts";
import type { EventOf, Filter, TypePattern } from "./event-types.ts";
import type { Tributary } from "./index.ts";
import type { ChannelOptions, ConnectionState, Delivery } from "./types.ts";

/** A channel, the same for the same id and consumer. Options are read the first time. */
export function useChannel(relay: Tributary, id: string, options?: ChannelOptions): Channel {
  return relay.channel(id, options);
}

/** Calls the newest handler with each event, for as long as it is shown. */
export function useEvents<P extends TypePattern>(
  channel: Channel,
  what: P | readonly P[] | Filter<P>,
  handler: (event: EventOf<P>, delivery: Delivery) => void,
): void {
  const newest = useRef(handler);
  useEffect(() => {
    newest.current = handler;
  });
  // A filter that is written in place is another object each time, and the same words.
  const words = JSON.stringify(what);
  useEffect(
    () => channel.on(JSON.parse(words) as P, (event, delivery) => newest.current(event, delivery)),
    [channel, words],
  );
}

/** The last events, oldest first. */
export function useLatest<P extends TypePattern>(
  channel: Channel,
  what: P | readonly P[] | Filter<P>,
  limit = 50,
): readonly EventOf<P>[] {
  const [events, setEvents] = useState<readonly EventOf<P>[]>([]);
  useEvents(channel, what, (event) => {
    setEvents((before) => [...before, event].slice(-limit));
  });
  return events;
}

/** The connection's state, as it changes. */
export function useConnection(channel: Channel): ConnectionState {
  const subscribe = useCallback(
    (changed: () => void) => {
      channel.addEventListener("state", changed);
      return () => channel.removeEventListener("state", changed);
    },
    [channel],
  );
  const read = (): ConnectionState => channel.state;
  return useSyncExternalStore(subscribe, read, read);
}
