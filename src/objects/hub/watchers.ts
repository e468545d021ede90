import type { NumberedEvent } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";

/** Those who take down what a feed gives out, or wait until it is somewhere. */
export class FeedWatchers {
  readonly #records = new Set<NumberedEvent[]>();
  readonly #waiting = new Set<{ readonly seq: Seq; readonly resolve: () => void }>();

  /** Takes down what is published from now on, until the answer is called. */
  record(): () => readonly NumberedEvent[] {
    const record: NumberedEvent[] = [];
    this.#records.add(record);
    return () => {
      this.#records.delete(record);
      return record;
    };
  }

  /** Resolves once the feed is at a place, or beyond. */
  wait(seq: Seq): Promise<void> {
    return new Promise((resolve) => this.#waiting.add({ seq, resolve }));
  }

  /** The feed has given these out, and is at a place. */
  notify(events: readonly NumberedEvent[], at: Seq): void {
    for (const record of this.#records) record.push(...events);
    for (const each of this.#waiting) {
      if (each.seq > at) continue;
      this.#waiting.delete(each);
      each.resolve();
    }
  }
}
