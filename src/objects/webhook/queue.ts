import type { Lane } from "../../delivery/agenda.ts";
import type { Endpoint } from "../../delivery/endpoint.ts";
import { chooseForward, type ForwardCause } from "../../delivery/forward.ts";
import type { Seq } from "../../event/ids.ts";
import { findDelivery, type Delivery } from "../../store/queue/deliveries.ts";
import { bringForward } from "../../store/queue/settlements.ts";
import { findFirstDue, findFirstInOrder, findOldestPending } from "../../store/queue/waiting.ts";

/** The port through which the queue reaches its object. */
export interface QueueHost {
  readonly storage: DurableObjectStorage;
  endpoint(): Endpoint;
  /** Writes down what was done: from then on it does not wait any more. */
  flush(): void;
}

// As many deliveries of a lane are looked up at once, and of batches, which may be large.
const AHEAD = 64;
const BATCHES_AHEAD = 4;

/** Everything, what has no place in the log included. */
const ANYWHERE = { after: -1, upTo: Number.MAX_SAFE_INTEGER };

/**
 * The deliveries that wait, lane by lane, and those under way. Storage has it all; what comes next
 * is kept in memory, so that one delivery after the other does not cost one search after the other.
 */
export class WebhookQueue {
  readonly #host: QueueHost;
  readonly #underWay = new Map<number, Lane>();
  readonly #next = new Map<Lane, Delivery[]>();
  /** The id of a snapshot of the rows: a new one whenever a row changes. */
  #version = 0;
  /** Lanes of which all that waits is in `#next`. */
  readonly #whole = new Set<Lane>();

  constructor(host: QueueHost) {
    this.#host = host;
  }

  /** The delivery of a lane that is sent next, unless nothing waits. */
  first(lane: Lane): Delivery | null {
    if (this.#isOrdered(lane) && this.count(lane) > 0) return null;
    const known = this.#next.get(lane);
    if (known?.[0] !== undefined) return known[0];
    if (known !== undefined && this.#whole.has(lane)) return null;
    const found = this.#search(lane);
    this.#next.set(lane, found);
    return found[0] ?? null;
  }

  /** The first of a lane is under way from now on. Answers a way to see it as it is by then. */
  begin(delivery: Delivery, lane: Lane): () => Delivery | null {
    this.#next.get(lane)?.shift();
    this.#underWay.set(delivery.number, lane);
    const version = this.#version;
    return () => {
      if (version === this.#version) return delivery;
      return findDelivery(this.#host.storage.sql, delivery.number);
    };
  }

  /** It is not under way any more; unless it is over, it waits again. */
  end(number: number, isOver: boolean): void {
    this.#underWay.delete(number);
    if (!isOver) this.changed();
  }

  /** Numbers of what is under way. */
  get underWay(): number[] {
    return [...this.#underWay.keys()];
  }

  count(lane: Lane): number {
    let count = 0;
    for (const each of this.#underWay.values()) if (each === lane) count += 1;
    return count;
  }

  /**
   * Has all that waits for its next try be due at once; it leaves at the endpoint's pace. Belongs
   * into a transaction.
   */
  bringForward(
    cause: ForwardCause,
    now: number,
    places: { after: Seq; upTo: Seq } = ANYWHERE,
  ): void {
    const { sql } = this.#host.storage;
    if (bringForward(sql, chooseForward(cause), { ...places, now })) this.changed();
  }

  /** Something in storage is another than it was: it is looked up again. */
  changed(): void {
    this.#version += 1;
    this.#next.clear();
    this.#whole.clear();
  }

  #search(lane: Lane): Delivery[] {
    const { sql } = this.#host.storage;
    this.#host.flush();
    const ahead = this.#host.endpoint().batch === null ? AHEAD : BATCHES_AHEAD;
    const count = ahead + this.#underWay.size;
    const found = this.#isOrdered(lane)
      ? findFirstInOrder(sql, lane, findOldestPending(sql)?.number ?? 0, count)
      : findFirstDue(sql, lane, count);
    if (found.length < count) this.#whole.add(lane);
    return found.filter(({ number }) => !this.#underWay.has(number));
  }

  #isOrdered(lane: Lane): boolean {
    return lane !== "urgent" && this.#host.endpoint().ordering === "channel";
  }
}
