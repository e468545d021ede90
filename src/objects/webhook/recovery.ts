import type { RecoveryInput } from "../../calls/recovery.ts";
import type { HandedEvent } from "../../calls/webhook.ts";
import { makeFilter, type Endpoint } from "../../delivery/endpoint.ts";
import { isSelected, type Selection } from "../../delivery/recovery.ts";
import { computeInternalRetryMs } from "../../delivery/schedule.ts";
import { EVERYTHING, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { report } from "../../report.ts";
import { findFailedBetween, findPendingBetween } from "../../store/queue/places.ts";
import {
  addRecovery,
  findCurrentRecovery,
  findRecovery,
  saveRecovery,
  type Recovery,
} from "../../store/queue/recoveries.ts";
import { cancelRecovered } from "../../store/queue/settlements.ts";
import { extendSpan, listSpans } from "../../store/queue/spans.ts";
import type { WebhookLink } from "./channel-link.ts";
import type { WebhookIntake } from "./intake.ts";
import type { WebhookQueue } from "./queue.ts";

export interface RecoveryHost {
  readonly storage: DurableObjectStorage;
  readonly intake: WebhookIntake;
  readonly link: WebhookLink;
  readonly queue: WebhookQueue;
  endpoint(): Endpoint;
  now(): number;
  random(): number;
}

/** A page of the log: what of it is to be brought, up to where it goes, and where the log ended. */
interface PageToBring {
  readonly selected: readonly HandedEvent[];
  readonly lost: Recovery["lost"];
  readonly to: Seq;
  readonly head: Seq;
}

// As many recovered deliveries wait in the queue at most, beside a page that has just come.
const WINDOW = 64;

// Pages that are counted before a new job is answered; what is left is counted in the background.
const COUNT_AT_ONCE = 10;

/**
 * Brings events again: one job at a time, oldest event first, each once. How far it is is written
 * down with what it has put in the queue, so it goes on where it was.
 */
export class WebhookRecovery {
  readonly #host: RecoveryHost;
  #job: Recovery | null;
  #isRunning = false;
  #failures = 0;
  #dueAt = 0;

  constructor(host: RecoveryHost) {
    this.#host = host;
    this.#job = findCurrentRecovery(host.storage.sql);
  }

  /** When there is something to do; null for nothing, or not before deliveries are settled. */
  get dueAt(): number | null {
    const job = this.#job;
    if (job === null || this.#isRunning || !this.#host.endpoint().enabled) return null;
    const waiting = job.queued - job.succeeded - job.failed;
    if (job.status === "running" && job.queuedTo < job.upTo && waiting >= WINDOW) return null;
    if (job.status === "running" && job.queuedTo >= job.upTo && waiting > 0) return null;
    return this.#dueAt;
  }

  /** `added` is called in the same turn as the job is written down. */
  async begin(
    { only, after: from }: RecoveryInput,
    upTo: Seq,
    added: (job: Recovery) => void = () => {},
  ): Promise<Recovery> {
    const { sql } = this.#host.storage;
    const after = Math.min(from, upTo);
    const createdAt = this.#host.now();
    const range = { after, upTo };
    const job = addRecovery(sql, {
      only,
      ...range,
      status: "counting",
      countedTo: after,
      queuedTo: after,
      total: 0,
      queued: 0,
      succeeded: 0,
      failed: 0,
      lost: null,
      createdAt,
      endedAt: null,
    });
    added(job);
    // What waits there anyhow is not brought twice: it is tried now.
    if (only !== "missing") this.#host.queue.bringForward("asked", createdAt, range);
    this.#job ??= job;
    for (let page = 0; page < COUNT_AT_ONCE && this.#job.status === "counting"; page++) {
      if (this.#job.number !== job.number || this.#isRunning) break;
      await this.run();
    }
    return findRecovery(sql, job.number) ?? job;
  }

  /** Counts, or puts the next events in the queue. Never throws. */
  async run(): Promise<void> {
    const job = this.#job;
    if (job === null || this.#isRunning) return;
    this.#isRunning = true;
    try {
      if (job.status === "counting") await this.#count(job);
      else await this.#fill(job);
      this.#failures = 0;
    } catch (error) {
      const about = { webhook: this.#host.endpoint().id, recovery: job.number };
      report("webhook recovery failed", error, about);
      this.#dueAt = this.#host.now() + computeInternalRetryMs(this.#failures, this.#host.random());
      this.#failures += 1;
    } finally {
      this.#isRunning = false;
    }
  }

  /** A recovered delivery is settled. Belongs into the transaction that settles it. */
  settled(recovery: number, events: number, status: "succeeded" | "failed"): void {
    const job = this.#current(recovery) ?? findRecovery(this.#host.storage.sql, recovery);
    if (job !== null) this.#save({ ...job, [status]: job[status] + events });
  }

  cancel(number: number): Recovery | null {
    const { storage } = this.#host;
    const job = this.#current(number) ?? findRecovery(storage.sql, number);
    if (job === null || job.endedAt !== null) return job;
    const now = this.#host.now();
    storage.transactionSync(() => {
      const stoppedAt = cancelRecovered(storage.sql, number, this.#host.queue.underWay, now);
      this.#noteBrought(job, Math.min(stoppedAt ?? Infinity, job.queuedTo));
      this.#save({ ...job, status: "cancelled", endedAt: now });
    });
    return findRecovery(storage.sql, number);
  }

  async #count(job: Recovery): Promise<void> {
    const { sql } = this.#host.storage;
    if (job.only === "failed") {
      const total = findFailedBetween(sql, job.after, job.upTo).size;
      return this.#save({ ...job, total, countedTo: job.upTo, status: "running" });
    }
    const page = await this.#page(job, job.countedTo);
    const now = this.#current(job.number);
    if (now === null || now.status !== "counting") return;
    const total = job.total + page.selected.length;
    const status = page.to >= job.upTo ? "running" : "counting";
    this.#save({ ...now, total, countedTo: page.to, status, lost: joinLost(now.lost, page.lost) });
  }

  async #fill(job: Recovery): Promise<void> {
    const { storage, intake, link } = this.#host;
    if (job.queuedTo >= job.upTo) return this.#end(job);
    const page = await this.#page(job, job.queuedTo);
    storage.transactionSync(() => {
      const now = this.#current(job.number);
      if (now === null || now.status !== "running") return;
      intake.enqueue(page.selected, { lane: "recovery", recovery: job.number });
      link.doubt(page.head);
      const queued = now.queued + page.selected.length;
      const lost = joinLost(now.lost, page.lost);
      this.#save({ ...now, queued, queuedTo: page.to, lost });
    });
  }

  #end(job: Recovery): void {
    const { storage } = this.#host;
    storage.transactionSync(() => {
      this.#noteBrought(job, job.upTo);
      this.#save({ ...job, status: "done", endedAt: this.#host.now() });
    });
  }

  /** Notes that the missing events were brought. */
  #noteBrought({ only, after }: Recovery, upTo: Seq): void {
    if (only === "failed" || upTo <= after) return;
    extendSpan(this.#host.storage.sql, { after, upTo, filter: this.#filter() });
  }

  /** The next page of the log, and what of it is to be brought. */
  async #page(job: Recovery, after: Seq): Promise<PageToBring> {
    const { sql } = this.#host.storage;
    let from = after;
    if (job.only === "failed") {
      // Most of the log did not fail: there is no need to read it.
      const next = findLeast(findFailedBetween(sql, after, job.upTo));
      if (next === null) return { selected: [], lost: null, to: job.upTo, head: job.upTo };
      from = next - 1;
    }
    const filter = job.only === "failed" ? EVERYTHING : this.#filter();
    const page = await this.#host.link.read(from, filter);
    const to = Math.min(page.seenTo, job.upTo);
    const selection: Selection = {
      only: job.only,
      filter,
      taken: listSpans(sql),
      failed: findFailedBetween(sql, from, to),
      pending: findPendingBetween(sql, from, to),
    };
    const selected = page.events.filter((event) => event.seq <= to && isSelected(selection, event));
    // Nothing after the head: a place beyond it is as good as reached.
    const { head } = page;
    if (page.seenTo <= from && page.seenTo < head)
      throw new Error("the log was not read any further");
    const lostTo = Math.min(page.from, job.upTo);
    const lost = lostTo > from ? { after: from, upTo: lostTo } : null;
    return { selected, lost, to: page.seenTo >= head ? Math.max(to, job.upTo) : to, head };
  }

  #filter(): Filter {
    return makeFilter(this.#host.endpoint());
  }

  #current(number: number): Recovery | null {
    return this.#job?.number === number ? this.#job : null;
  }

  #save(job: Recovery): void {
    const { sql } = this.#host.storage;
    saveRecovery(sql, job);
    if (this.#job?.number !== job.number) return;
    this.#job = job.endedAt === null ? job : findCurrentRecovery(sql);
  }
}

/** Two ranges as one that holds both. */
function joinLost(one: Recovery["lost"], other: Recovery["lost"]): Recovery["lost"] {
  if (one === null || other === null) return one ?? other;
  return {
    after: Math.min(one.after, other.after),
    upTo: Math.max(one.upTo, other.upTo),
  };
}

/** The first of some places, which may be more than a call has arguments; null for none. */
function findLeast(seqs: Iterable<Seq>): Seq | null {
  let first: Seq | null = null;
  for (const seq of seqs) first = first === null ? seq : Math.min(first, seq);
  return first;
}
