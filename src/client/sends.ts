/*
 * Everything that is said through a channel and has not ended. Loaded with the first of it.
 */
import type { StreamEvent } from "./event-types.ts";
import type { Command } from "./frames.ts";
import { Sending } from "./sending.ts";
import type { Send } from "./types.ts";

/** The channel, for those who say something. */
export interface SendsHost {
  /** Another is under way, or has ended: it listens for their outcomes, or no more. */
  changed(): void;
  /** Asks the relay; throws where it is closed. */
  ask(key: string, command: Command): void;
}

/** The sends of a channel that are under way. */
export class Sends {
  readonly #host: SendsHost;
  readonly #all = new Map<string, Sending>();

  constructor(host: SendsHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Resolves when it is taken on. The same once more is the same send. */
  ask(command: Command): Promise<Send> {
    const { sendId } = command;
    const known = this.#all.get(sendId);
    if (known !== undefined) return known.taken;
    const sending = new Sending(sendId);
    this.#all.set(sendId, sending);
    void this.#forget(sending);
    this.#host.changed();
    try {
      this.#host.ask(sendId, command);
    } catch (error) {
      // As with one that is refused.
      sending.refuse(error);
    }
    return sending.taken;
  }

  async #forget({ sendId, settled }: Sending): Promise<void> {
    await settled;
    this.#all.delete(sendId);
    this.#host.changed();
  }

  /** Notes that one is taken on. */
  take(key: string, data: unknown): void {
    this.#all.get(key)?.take((data as { targets?: string[] } | null)?.targets ?? []);
  }

  /** Notes that one is not taken on. */
  refuse(key: string, error: unknown): void {
    this.#all.get(key)?.refuse(error);
  }

  /** Notes what an event says of them. */
  hear(event: StreamEvent): void {
    for (const each of this.#all.values()) each.hear(event);
  }

  /** Ends them: what becomes of them will not be heard. */
  giveUp(): void {
    for (const each of this.#all.values()) each.giveUp();
  }
}
