import type { StreamEvent } from "./event-types.ts";
import { addOutcomes, giveUp, isSettled, NO_OUTCOMES } from "./outcomes.ts";
import type { Send, SendOutcome } from "./types.ts";

/** A send under way. */
export class Sending implements Send {
  readonly sendId: string;
  readonly settled: Promise<ReadonlyMap<string, SendOutcome>>;
  /** Resolves when it is taken on. */
  readonly taken: Promise<Send>;
  #outcomes = NO_OUTCOMES;
  #wake: (() => void)[] = [];
  #take: () => void = () => undefined;
  #refuse: (error: unknown) => void = () => undefined;

  constructor(sendId: string) {
    this.sendId = sendId;
    this.taken = new Promise((resolve, reject) => {
      this.#take = () => resolve(this);
      this.#refuse = reject;
    });
    this.settled = this.#settle();
  }

  get targets(): readonly string[] {
    return this.#outcomes.targets ?? [];
  }

  get isOver(): boolean {
    return isSettled(this.#outcomes);
  }

  take(targets: readonly string[]): void {
    this.#become({ ...this.#outcomes, targets });
    this.#take();
  }

  refuse(error: unknown): void {
    this.#become({ ...this.#outcomes, targets: [] });
    this.#refuse(error);
  }

  hear(event: StreamEvent): void {
    this.#become(addOutcomes(this.#outcomes, this.sendId, event));
  }

  giveUp(): void {
    this.#become(giveUp(this.#outcomes));
  }

  #become(outcomes: typeof NO_OUTCOMES): void {
    this.#outcomes = outcomes;
    for (const wake of this.#wake.splice(0)) wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SendOutcome, undefined> {
    const told = new Set<string>();
    for (;;) {
      for (const [target, outcome] of this.#outcomes.ended) {
        if (told.has(target)) continue;
        told.add(target);
        yield outcome;
      }
      if (this.isOver && told.size >= this.#outcomes.ended.size) return;
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
      });
    }
  }

  async #settle(): Promise<ReadonlyMap<string, SendOutcome>> {
    while (!this.isOver) {
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
      });
    }
    return this.#outcomes.ended;
  }
}
