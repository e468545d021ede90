/**
 * The client of a Tributary relay: a stream's events in order, each once, over reloads, restarts and
 * renewed credentials.
 *
 * @module
 */
import { Channel } from "./channel.ts";
import { findWorld, type World } from "./http.ts";
import type { ChannelOptions, TributaryOptions } from "./types.ts";

/** A relay. */
export class Tributary implements Disposable {
  readonly #world: World;
  readonly #channels = new Map<string, Channel>();

  constructor(options: TributaryOptions = {}) {
    this.#world = findWorld(options);
  }

  /** One object for a channel and consumer, whoever asks. It connects when somebody listens. */
  channel(id: string, options: ChannelOptions = {}): Channel {
    const name = `${id}/${options.consumer ?? ""}`;
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const channel = new Channel(this.#world, id, options);
    this.#channels.set(name, channel);
    return channel;
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export { Channel } from "./channel.ts";
export { TributaryError } from "./errors.ts";
export { isAfter } from "./place.ts";
export { memoryPositions, webPositions } from "./positions.ts";
export type * from "./event-types.ts";
export type * from "./events.ts";
export type * from "./types.ts";
