import type { HandOver, HandedEvent } from "../../calls/webhook.ts";
import { BATCH_MAX_BYTES, formatMessageId, type Endpoint } from "../../delivery/endpoint.ts";
import { readErasure, listErasureWords, type Erasure } from "../../event/erasure.ts";
import { matches } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { countBytes } from "../../lib/bytes.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { forgetAnswers } from "../../store/queue/attempts.ts";
import { closeBatch, findOpenBatch, growBatch } from "../../store/queue/batches.ts";
import { addDelivery, addLost } from "../../store/queue/deliveries.ts";
import { extendSpan } from "../../store/queue/spans.ts";
import { eraseInQueue } from "../../store/queue/tombstones.ts";
import { RecentlyForgotten } from "./forgotten.ts";
import { Mark } from "./meta.ts";

/** The port through which the intake reaches its object. */
export interface IntakeHost {
  readonly storage: DurableObjectStorage;
  endpoint(): Endpoint;
  /** Called when the queue has changed. */
  changed(): void;
  now(): number;
}

/** Which lane, and for whom. */
export interface Owed {
  readonly lane: "live" | "recovery";
  readonly recovery: number | null;
}

/**
 * Takes events into the webhook's own queue, each once: what lies before its mark was taken. What is
 * erased in the log is erased here as well.
 */
export class WebhookIntake {
  readonly #host: IntakeHost;
  readonly #forgotten: RecentlyForgotten;
  #mark: Mark;

  constructor(host: IntakeHost) {
    this.#host = host;
    this.#forgotten = new RecentlyForgotten(host.storage.sql);
    this.#mark = readMeta(host.storage.sql, "mark", Mark) ?? { takenTo: null, erasedTo: 0 };
  }

  /** Up to where the log was taken; null until the channel has said where to begin. */
  get takenTo(): Seq | null {
    return this.#mark.takenTo;
  }

  get erasedTo(): Seq {
    return this.#mark.erasedTo;
  }

  /** The place after which the intake begins; null: wherever the channel begins. */
  beginAt(takenTo: Seq | null): void {
    this.#save({ takenTo, erasedTo: Math.max(this.#mark.erasedTo, takenTo ?? 0) });
  }

  /**
   * Takes a range of the log, unless it was taken already or does not follow. Answers how many.
   */
  take(handOver: HandOver): number {
    const takenTo = this.#mark.takenTo ?? handOver.from;
    if (handOver.from > takenTo || handOver.to <= takenTo) return 0;
    const fresh = handOver.events.filter(({ seq }) => seq > takenTo && seq <= handOver.to);
    const owed = fresh.filter((event) => matches(handOver.filter, event));
    this.#host.storage.transactionSync(() => {
      if (handOver.isLost === true) this.#lose(takenTo + 1, handOver.to);
      this.enqueue(owed, { lane: "live", recovery: null });
      // After that: what is deleted may have come in the same range.
      this.#eraseBy(fresh);
      const { filter, to } = handOver;
      extendSpan(this.#host.storage.sql, { after: takenTo, upTo: to, filter });
      const { erasedTo } = this.#mark;
      // Only if nothing is left out in between.
      this.#save({ takenTo: to, erasedTo: erasedTo < takenTo ? erasedTo : Math.max(erasedTo, to) });
    });
    return owed.length;
  }

  /** Records as lost the events that were owed and that the log no longer keeps. */
  #lose(first: Seq, last: Seq): void {
    const { epoch } = this.#host.endpoint();
    addLost(this.#host.storage.sql, {
      messageId: formatMessageId(epoch, { first, last, isBatch: true }),
      first,
      last,
      at: this.#host.now(),
    });
  }

  /** Puts events into the queue as the log was at a place: later erasures are yet to reach them. */
  doubt(place: Seq): void {
    if (place < this.#mark.erasedTo) this.#save({ ...this.#mark, erasedTo: place });
  }

  /** Carries out what the erasing events order that lie after one place, up to another. */
  eraseAll(events: readonly HandedEvent[], after: Seq, seenTo: Seq): void {
    const { erasedTo } = this.#mark;
    if (after > erasedTo || seenTo <= erasedTo) return;
    this.#host.storage.transactionSync(() => {
      this.#eraseBy(events);
      this.#save({ ...this.#mark, erasedTo: seenTo });
    });
  }

  /** Forgets people: in what waits, in what receivers answered, and in what was read before. */
  forget(erasures: readonly Erasure[]): void {
    const { storage } = this.#host;
    storage.transactionSync(() => {
      this.#forgotten.add(erasures, this.#host.now());
      this.#erase(erasures);
      forgetAnswers(storage.sql, listErasureWords(erasures));
    });
  }

  /** Adds deliveries for events, one each or in batches. Belongs into a transaction. */
  enqueue(handed: readonly HandedEvent[], owed: Owed): void {
    const { sql } = this.#host.storage;
    const { batch, epoch } = this.#host.endpoint();
    const now = this.#host.now();
    const events = this.#forgotten.mask(handed, now);
    if (batch !== null) return this.#gather(events, owed, batch, now);
    for (const { seq, text } of events) {
      addDelivery(sql, {
        ...owed,
        kind: "event",
        messageId: formatMessageId(epoch, { first: seq, last: seq, isBatch: false }),
        seqs: [seq],
        isBatch: false,
        body: text,
        isOnce: false,
        dueAt: now,
        createdAt: now,
      });
    }
  }

  /** Adds events to the open batch, and begins new ones as they fill. */
  #gather(
    events: readonly HandedEvent[],
    owed: Owed,
    { max, waitMs }: { max: number; waitMs: number },
    now: number,
  ): void {
    const { sql } = this.#host.storage;
    const { epoch } = this.#host.endpoint();
    let rest = events;
    while (rest.length > 0) {
      const open = findOpenBatch(sql, owed.lane);
      const before = open === null || open.recovery !== owed.recovery ? null : open;
      if (open !== null && before === null) this.#close(open.number, open.seqs, epoch);
      const taken = takeFitting(
        rest,
        max - (before?.seqs.length ?? 0),
        countBytes(before?.body ?? ""),
      );
      rest = rest.slice(taken.length);
      const seqs = [...(before?.seqs ?? []), ...taken.map(({ seq }) => seq)];
      const texts = taken.map(({ text }) => text).join(",");
      const body = before === null ? texts : [before.body ?? "", texts].filter(Boolean).join(",");
      const isFull = seqs.length >= max || rest.length > 0;
      const dueAt = isFull ? now : (before?.dueAt ?? now + waitMs);
      const common = { seqs, body, dueAt };
      const number =
        before?.number ??
        addDelivery(sql, {
          ...owed,
          ...common,
          kind: "event",
          messageId: null,
          isBatch: true,
          isOnce: false,
          createdAt: now,
        });
      if (before !== null) growBatch(sql, number, common);
      if (isFull) this.#close(number, seqs, epoch);
    }
  }

  #close(number: number, seqs: readonly Seq[], epoch: string): void {
    const first = seqs[0] ?? 0;
    const last = seqs.at(-1) ?? first;
    closeBatch(
      this.#host.storage.sql,
      number,
      formatMessageId(epoch, { first, last, isBatch: true }),
    );
  }

  /** Carries out what these events order, all of it in one pass over the queue. */
  #eraseBy(events: readonly HandedEvent[]): void {
    this.#erase(events.map(readErasure).filter((erasure) => erasure !== null));
  }

  #erase(erasures: readonly Erasure[]): void {
    if (eraseInQueue(this.#host.storage.sql, erasures)) this.#host.changed();
  }

  #save(mark: Mark): void {
    writeMeta(this.#host.storage.sql, "mark", mark);
    // After that: what could not be written down was not taken.
    this.#mark = mark;
  }
}

/** The first events, as many as fit: at least one into an empty batch. */
function takeFitting(
  events: readonly HandedEvent[],
  room: number,
  bytes: number,
): readonly HandedEvent[] {
  let length = bytes;
  let count = 0;
  for (const { text } of events) {
    if (count >= room) break;
    const more = countBytes(text);
    if (length > 0 && length + more > BATCH_MAX_BYTES) break;
    length += more;
    count += 1;
  }
  return events.slice(0, count);
}
