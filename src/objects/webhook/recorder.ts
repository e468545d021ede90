import type { Endpoint } from "../../delivery/endpoint.ts";
import { makeReady } from "../../delivery/forward.ts";
import { makeHealth } from "../../delivery/health.ts";
import { settle, type EndpointState, type Notice, type Settlement } from "../../delivery/settle.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { addAttempts, type MadeAttempt } from "../../store/queue/attempts.ts";
import type { Delivery } from "../../store/queue/deliveries.ts";
import { saveState, saveSuccesses, type Success } from "../../store/queue/settlements.ts";
import { makeRecord, type Attempt } from "./attempt.ts";
import type { WebhookHold } from "./hold.ts";
import { Standing } from "./meta.ts";
import type { WebhookQueue } from "./queue.ts";

/** The port through which the recorder reaches its object. */
export interface RecorderHost {
  readonly storage: DurableObjectStorage;
  readonly hold: WebhookHold;
  readonly queue: WebhookQueue;
  endpoint(): Endpoint;
  /** Told in the transaction that writes the reason for it. */
  notify(notice: Notice, at: number): void;
  /** Deliveries are settled: told in the transaction that settles them. */
  settled(deliveries: readonly Delivery[], status: "succeeded" | "failed"): void;
  now(): number;
  random(): number;
}

// Successes of a healthy endpoint change little: its standing is written down so often.
const SAVE_EVERY_MS = 60_000;

// What went well is written down together, so many at once or after this time: a commit for each
// would cost more than the delivery. Lost with the object, it is delivered once more.
const GATHER_MAX = 128;
const GATHER_MS = 50;

// While nothing can be written it is tried so often at least, by a timer that no alarm is needed for.
const FLUSH_MAX_MS = 5_000;

/** Has each attempt judged, and writes down what comes of it: all of it, or nothing. */
export class WebhookRecorder {
  readonly #host: RecorderHost;
  #standing: Standing;
  #savedAt = 0;
  #gathered: { delivery: Delivery; success: Success; attempt: MadeAttempt }[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(host: RecorderHost) {
    this.#host = host;
    this.#standing =
      readMeta(host.storage.sql, "standing", Standing) ?? makeStanding(host.endpoint().createdAt);
  }

  get state(): EndpointState {
    return { ...this.#standing, enabled: this.#host.endpoint().enabled };
  }

  /** Is there something that is not written down yet? */
  get isGathering(): boolean {
    return this.#gathered.length > 0;
  }

  /** It begins anew: what went wrong before is forgotten. Belongs into a transaction. */
  reset(now: number): void {
    this.#save(makeStanding(now));
    this.#host.queue.bringForward("asked", now);
  }

  /** Its owner says that it is well: it may be tried now, and so may all that waits. */
  makeReady(now: number): void {
    const { storage, queue } = this.#host;
    this.flush();
    storage.transactionSync(() => {
      this.#save(makeReady(this.state, now));
      queue.bringForward("asked", now);
    });
  }

  /** This instance is gone: it writes nothing any more. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#gathered = [];
  }

  /** Answers whether the delivery is done with for good. */
  record(delivery: Delivery, attempt: Attempt): "succeeded" | "failed" | "pending" {
    const at = this.#host.now();
    const { status, attempts, step, deferrals, dueAt, plannedAt, isOnce, number } = delivery;
    const { url, ordering } = this.#host.endpoint();
    const settlement = settle({
      delivery: {
        status: status === "cancelled" ? "failed" : status,
        attempts,
        step,
        deferrals,
        dueAt,
        plannedAt,
      },
      endpoint: this.state,
      outcome: attempt.exchange.outcome,
      ordering,
      isOnce,
      isMoved: attempt.url !== url,
      now: at,
      random: this.#host.random(),
    });
    const made = { delivery: number, record: makeRecord(attempt, settlement) };
    const isPlain = settlement.notices.length === 0 && !settlement.isBack;
    if (settlement.delivery.status === "succeeded" && isPlain) {
      this.#keep(settlement, at);
      const success = { number, attempts: settlement.delivery.attempts, at };
      this.#gather({ delivery, success, attempt: made });
    } else {
      this.#write(delivery, settlement, made, at);
    }
    return settlement.delivery.status;
  }

  /** Writes down what has gathered. Whoever reads deliveries calls this first. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const gathered = this.#gathered;
    if (gathered.length === 0) return;
    this.#gathered = [];
    const { storage } = this.#host;
    try {
      storage.transactionSync(() => {
        saveSuccesses(
          storage.sql,
          gathered.map(({ success }) => success),
        );
        addAttempts(
          storage.sql,
          gathered.map(({ attempt }) => attempt),
        );
        this.#host.settled(
          gathered.map(({ delivery }) => delivery),
          "succeeded",
        );
      });
    } catch (error) {
      // Reported by the hold. Kept, or it would be delivered again: nothing is sent until it is on disk.
      this.#gathered = [...gathered, ...this.#gathered];
      this.#host.hold.begin(error);
      throw error;
    }
    this.#host.hold.end();
  }

  /** Writes down what has gathered as soon as that can be done. */
  #flushAfter(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const { until } = this.#host.hold;
      if (until !== null) return this.#flushAfter(FLUSH_MAX_MS);
      try {
        this.flush();
      } catch {
        // Reported and held by the flush itself.
        this.#flushAfter(FLUSH_MAX_MS);
      }
    }, ms);
  }

  #gather(each: { delivery: Delivery; success: Success; attempt: MadeAttempt }): void {
    this.#gathered.push(each);
    if (this.#gathered.length >= GATHER_MAX) return this.flush();
    this.#flushAfter(GATHER_MS);
  }

  #write(delivery: Delivery, settlement: Settlement, attempt: MadeAttempt, at: number): void {
    const { storage } = this.#host;
    this.flush();
    storage.transactionSync(() => {
      const { status } = settlement.delivery;
      saveState(storage.sql, delivery.number, settlement.delivery, settlement.why, at);
      addAttempts(storage.sql, [attempt]);
      this.#keep(settlement, at);
      if (settlement.isBack) this.#host.queue.bringForward("well", at);
      for (const notice of settlement.notices) this.#host.notify(notice, at);
      if (status !== "pending") this.#host.settled([delivery], status);
    });
    this.#host.hold.end();
  }

  #keep({ endpoint }: Settlement, now: number): void {
    const before = this.#standing;
    this.#standing = pickStanding(endpoint);
    const { health, pausedUntil, mayPassOver } = this.#standing;
    const isQuiet =
      health.failingSince === null &&
      before.health.failingSince === null &&
      pausedUntil === before.pausedUntil &&
      mayPassOver === before.mayPassOver;
    if (isQuiet && now - this.#savedAt < SAVE_EVERY_MS) return;
    this.#savedAt = now;
    this.#save(this.#standing);
  }

  #save(standing: Standing): void {
    this.#standing = pickStanding(standing);
    writeMeta(this.#host.storage.sql, "standing", this.#standing);
  }
}

function pickStanding({ health, pausedUntil, mayPassOver }: Standing): Standing {
  return { health, pausedUntil, mayPassOver };
}

function makeStanding(now: number): Standing {
  return { health: makeHealth(now), pausedUntil: 0, mayPassOver: true };
}
