/*
 * Everything that is said through a channel and has not ended. Loaded with the first of it.
 */
import { failLater } from "./errors.ts";
import type { StreamEvent } from "./event-types.ts";
import type { Command } from "./frames.ts";
import { Sending } from "./sending.ts";
import type { CommandAnswer } from "./session-state.ts";
import type { Send } from "./types.ts";

/** The channel, for those who say something. */
export interface SendsHost {
  /** Another is under way, or has ended: it listens for their outcomes, or no more. */
  changed(): void;
  /** Asks the relay; false where it is closed. */
  ask(key: string, command: Command): boolean;
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
    if (!this.#host.ask(sendId, command)) {
      sending.refuse(failLater("closed", "The channel was closed."));
    }
    return sending.taken;
  }

  async #forget({ sendId, settled }: Sending): Promise<void> {
    await settled;
    this.#all.delete(sendId);
    this.#host.changed();
  }

  /** Notes the answer to one. */
  settle(key: string, answer: CommandAnswer): void {
    const sending = this.#all.get(key);
    if (!answer.ok) return sending?.refuse(answer.failure);
    sending?.take((answer.data as { targets?: string[] } | null)?.targets ?? []);
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
