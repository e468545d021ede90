import type { ChannelEventMap } from "./types.ts";

/** Tells of the channel itself, typed. */
export class Emitter {
  readonly #target = new EventTarget();

  addEventListener<K extends keyof ChannelEventMap>(
    type: K,
    listener: (event: CustomEvent<ChannelEventMap[K]>) => void,
    options?: AddEventListenerOptions,
  ): void {
    this.#target.addEventListener(type, listener as EventListener, options);
  }

  removeEventListener<K extends keyof ChannelEventMap>(
    type: K,
    listener: (event: CustomEvent<ChannelEventMap[K]>) => void,
    options?: EventListenerOptions,
  ): void {
    this.#target.removeEventListener(type, listener as EventListener, options);
  }

  /** Tells whoever listens. */
  protected emit<K extends keyof ChannelEventMap>(type: K, detail: ChannelEventMap[K]): void {
    this.#target.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
