import type { Position } from "./event-types.ts";
import { findPositions } from "./positions.ts";
import type { ChannelOptions, Clock, PositionStore } from "./types.ts";

const SAVE_MS = 1_000;

/** The place of one consumer, kept so that it survives the program. */
export class Keeper {
  readonly #store: PositionStore | null;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #saved: Position | null = null;
  #stop: (() => void) | null = null;
  #hasFailed = false;

  constructor(
    { consumer, positions }: ChannelOptions,
    channel: string,
    clock: Clock,
    failed: (error: unknown) => void,
  ) {
    const isKept = consumer !== undefined && positions !== null;
    this.#store = isKept ? (positions ?? findPositions()) : null;
    this.#name = `${channel}/${consumer ?? ""}`;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** The place that was kept. One that cannot be read is told of, and none. */
  load(found: (position: Position | null) => void): void {
    const fail = (error: unknown): void => {
      this.#fail(error);
      found(null);
    };
    try {
      const kept = this.#store?.load(this.#name) ?? null;
      if (!(kept instanceof Promise)) return found(kept);
      kept.then(found, (error: unknown) => {
        // As with one that is told at once.
        fail(error);
      });
    } catch (error) {
      // It is told of, and begins as if nothing were kept.
      fail(error);
    }
  }

  /** Keeps the place that there is in a moment, at most once a second. */
  note(position: () => Position | null): void {
    if (this.#store === null) return;
    this.#stop ??= this.#clock.setTimer(SAVE_MS, () => void this.save(position()));
  }

  /** Keeps a place now. */
  async save(position: Position | null): Promise<void> {
    this.#stop?.();
    this.#stop = null;
    if (this.#store === null || position === null || position === this.#saved) return;
    this.#saved = position;
    try {
      await this.#store.save(this.#name, position);
    } catch (error) {
      // It goes on in memory: a page's storage may be full, or shut.
      this.#fail(error);
    }
  }

  /** Says once that places are not kept. */
  #fail(error: unknown): void {
    if (!this.#hasFailed) this.#failed(error);
    this.#hasFailed = true;
  }
}
