import type { ChannelEventMap } from "./types.ts";

/** Tells of the channel itself, typed. */
export interface Emitter {
  addEventListener<K extends keyof ChannelEventMap>(
    type: K,
    listener: (event: CustomEvent<ChannelEventMap[K]>) => void,
    options?: AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof ChannelEventMap>(
    type: K,
    listener: (event: CustomEvent<ChannelEventMap[K]>) => void,
    options?: EventListenerOptions,
  ): void;
  dispatchEvent(event: Event): boolean;
}

// An EventTarget, which has no types of what it tells.
export const Emitter: new () => Emitter = EventTarget as unknown as new () => Emitter;
