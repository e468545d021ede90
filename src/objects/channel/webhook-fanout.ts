import {
  WEBHOOKS_MAX,
  type HandOver,
  type HandedEvent,
  type Taken,
  type WebhookCalls,
  type WebhookLink,
} from "../../calls/webhook.ts";
import { ERASING_TYPES } from "../../event/erasure.ts";
import type { Filter } from "../../event/filter.ts";
import type { Group } from "../../event/group.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import { computeFullJitter } from "../../lib/backoff.ts";
import {
  dropWebhook,
  listWebhooks,
  putWebhook,
  type WebhookRow,
} from "../../store/journal/webhooks.ts";
import { pause, within } from "../deadline.ts";
import type { LogReader } from "./log-reader.ts";
import { LogTail } from "./log-tail.ts";

/** What the feeds need of their object. */
export interface FeedsHost {
  readonly storage: DurableObjectStorage;
  readonly reader: LogReader;
  readonly epoch: Epoch;
  head(): Seq;
  /** The object of a webhook. A stub is good until its first failure. */
  webhook(id: string): Pick<WebhookCalls, "ensure" | "take">;
  /** Something is, or is not, to be done should this instance be lost: be woken for it. */
  keepAlarm(isNeeded: boolean): void;
  /** There are more or fewer webhooks that listen. */
  populationChanged(): void;
}

const TAKE_MS = 10_000;
const BACKOFF = { baseMs: 500, maxMs: 30_000 };

// Handing over to many webhooks takes the channel's time: each waits a little for more to gather, a
// millisecond for every webhook there is.
const GATHER_MIN_MS = 2;
const GATHER_MAX_MS = 100;

/** One webhook's feed. The row is what it began with; `cursor` is where it is. */
interface Feed {
  row: WebhookRow;
  cursor: Seq;
  isRunning: boolean;
  isFull: boolean;
  failures: number;
  /** Handing over failed: not before this. */
  notBefore: number;
}

/**
 * Hands the log over to the channel's webhooks, each at its own speed: a webhook that is slow to
 * take, or fails, holds up nobody. What was not taken is read from the log again, from where the
 * webhook says it is.
 */
export class WebhookFanout {
  readonly #host: FeedsHost;
  readonly #feeds = new Map<string, Feed>();
  readonly #tail: LogTail;
  /** How far the log goes. A group that is being published is in it already. */
  #head: Seq;
  #isStopped = false;

  constructor(host: FeedsHost) {
    this.#host = host;
    this.#head = host.head();
    this.#tail = new LogTail(this.#head);
    for (const row of listWebhooks(host.storage.sql)) this.#open(row);
  }

  /** How many webhooks listen. */
  get listeners(): number {
    let count = 0;
    for (const { row } of this.#feeds.values()) if (row.enabled) count += 1;
    return count;
  }

  ids(): string[] {
    return [...this.#feeds.keys()];
  }

  /** `full`: there are as many as there may be. Counted and added in one go, whoever asks at once. */
  attach({ id, filter, enabled }: WebhookLink): { cursor: Seq } | "full" {
    const before = this.#feeds.get(id);
    if (before === undefined && this.#feeds.size >= WEBHOOKS_MAX) return "full";
    const isNew = before === undefined || !before.row.enabled;
    const cursor = isNew ? this.#head : before.cursor;
    const row = { id, filter, enabled, cursor };
    putWebhook(this.#host.storage.sql, row);
    if (before === undefined) this.#open(row);
    else Object.assign(before, { row, cursor, isFull: false, notBefore: 0 });
    this.#host.populationChanged();
    this.wake();
    return { cursor };
  }

  detach(id: string): void {
    if (!this.#feeds.delete(id)) return;
    dropWebhook(this.#host.storage.sql, id);
    this.#host.populationChanged();
  }

  resume(id: string): void {
    const feed = this.#feeds.get(id);
    if (feed === undefined) return;
    feed.isFull = false;
    this.wake();
  }

  /** A group is on disk. */
  publish(group: Group): void {
    this.#head = group.to;
    if (this.#feeds.size === 0) return;
    this.#tail.add(group);
    this.wake();
  }

  /** Hands over what is to be handed over. Cheap where nothing is. */
  wake(): void {
    let isBehind = false;
    for (const feed of this.#feeds.values()) {
      if (!feed.row.enabled || feed.cursor >= this.#head) continue;
      isBehind = true;
      if (!feed.isRunning && !feed.isFull) void this.#run(feed);
    }
    if (isBehind) this.#host.keepAlarm(true);
  }

  /** The alarm: who was full is asked again, and where everyone is is written down. */
  onAlarm(): void {
    for (const feed of this.#feeds.values()) {
      feed.isFull = false;
      if (feed.row.cursor === feed.cursor) continue;
      feed.row = { ...feed.row, cursor: feed.cursor };
      putWebhook(this.#host.storage.sql, feed.row);
    }
    this.wake();
    if (this.#isDone) this.#host.keepAlarm(false);
  }

  /** The channel is gone: nothing is handed over any more. */
  stop(): void {
    this.#isStopped = true;
    this.#feeds.clear();
  }

  /** Asks every webhook to see to itself: one whose alarm was lost would sleep for ever. */
  rouse(): void {
    for (const id of this.#feeds.keys()) {
      within(TAKE_MS, this.#host.webhook(id).ensure()).catch((error: unknown) => {
        console.error("webhook could not be roused", { webhook: id, error: String(error) });
      });
    }
  }

  /** Is everything handed over, and written down? */
  get #isDone(): boolean {
    for (const { row, cursor } of this.#feeds.values()) {
      if (row.enabled && (cursor < this.#head || row.cursor !== cursor)) return false;
    }
    return true;
  }

  async #run(feed: Feed): Promise<void> {
    feed.isRunning = true;
    while (this.#isDue(feed)) {
      const wait = feed.notBefore - Date.now();
      if (wait > 0) await pause(wait);
      if (!this.#isDue(feed)) break;
      await this.#handOver(feed);
    }
    feed.isRunning = false;
  }

  #isDue(feed: Feed): boolean {
    const isThere = !this.#isStopped && this.#feeds.get(feed.row.id) === feed;
    return isThere && feed.row.enabled && !feed.isFull && feed.cursor < this.#head;
  }

  async #handOver(feed: Feed): Promise<void> {
    const { id } = feed.row;
    try {
      const page = await this.#page(feed);
      if (page.to <= page.from) throw new Error("the log was not read any further");
      const taken = await within(TAKE_MS, this.#host.webhook(id).take(page));
      feed.failures = 0;
      feed.notBefore = Date.now() + this.#gatherMs();
      // It was attached anew, or taken away, while it took.
      if (this.#feeds.get(id) === feed) this.#note(feed, page, taken);
    } catch {
      feed.notBefore = Date.now() + computeFullJitter(feed.failures, Math.random(), BACKOFF);
      feed.failures += 1;
    }
  }

  #note(feed: Feed, page: HandOver, { takenTo, wants }: Taken): void {
    // It went without the channel hearing of it.
    if (wants === "gone") return this.detach(feed.row.id);
    // An answer to an old question must not take a new place back.
    if (feed.cursor !== page.from) return;
    feed.cursor = Math.min(takenTo, this.#head);
    feed.isFull = wants === "later";
    if (wants !== "nothing" || !feed.row.enabled) return;
    feed.row = { ...feed.row, enabled: false, cursor: feed.cursor };
    putWebhook(this.#host.storage.sql, feed.row);
    this.#host.populationChanged();
  }

  /** The next stretch of the log for a webhook, and what orders erasures. */
  async #page({ cursor: from, row: { filter } }: Feed): Promise<HandOver> {
    const { epoch, reader } = this.#host;
    const wide = withErasing(filter);
    const recent = this.#tail.after(from, wide);
    if (recent !== null) return { ...recent, epoch, from, filter };
    const { from: begins } = await reader.resume({ epoch, seq: from });
    // It was behind for longer than the log is kept.
    if (begins > from) return { epoch, from, to: begins, filter, events: [], isLost: true };
    const page = await reader.next(from, wide, false);
    return { epoch, from, to: page.seenTo, filter, events: page.events.map(handed) };
  }

  #gatherMs(): number {
    return Math.min(Math.max(this.#feeds.size, GATHER_MIN_MS), GATHER_MAX_MS);
  }

  #open(row: WebhookRow): void {
    this.#feeds.set(row.id, {
      row,
      cursor: row.cursor,
      isRunning: false,
      isFull: false,
      failures: 0,
      notBefore: 0,
    });
  }
}

function handed({ seq, type, provider, platform, text }: HandedEvent): HandedEvent {
  return { seq, type, provider, platform, text };
}

function withErasing(filter: Filter): Filter {
  if (filter.types.length === 0) return filter;
  return { ...filter, types: [...filter.types, ...ERASING_TYPES] };
}
