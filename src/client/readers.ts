/*
 * A reader of a channel's events. Loaded with the first of them.
 */
import type { Position, StreamEvent } from "./event-types.ts";
import type { Lists } from "./filter.ts";
import type { EarlyReader, OneByOne } from "./listeners.ts";
import type { HistoryPage, HistoryQuery } from "./types.ts";

/**
 * The channel, for its readers. It has what both need: a page would load one more module for a function
 * that they share.
 */
export interface ReaderHost {
  page(query: HistoryQuery): Promise<HistoryPage>;
  gap(gap: NonNullable<HistoryPage["gap"]>): void;
  /** Waits a while after a failure; rejects where it is for good. */
  recover(error: unknown): Promise<void>;
  /** Does a place come after another? */
  isAfter(position: Position, other: Position | null): boolean;
  left(reader: Reader): void;
}

const PAGE_MAX = 500;

/**
 * Events one by one. Those that do not fit wait in the log: they are read from there when it has done
 * what it had, until it has caught up.
 */
export class Reader implements OneByOne, AsyncIterator<StreamEvent, undefined> {
  readonly lists: Lists;
  readonly #host: ReaderHost;
  readonly #buffer: number;
  #queue: StreamEvent[] = [];
  /** Read from the log again before what comes: from here on. */
  #spilledAt: Position | null = null;
  /** Come while the log was read. */
  #meanwhile: StreamEvent[] | null = null;
  /** Everything up to here is done; null: all that was given is. */
  #done: Position | null;
  #out: Position | null = null;
  /** The newest that was queued: what comes twice, from the log and by the socket, is taken once. */
  #last: Position | null = null;
  #wake: (() => void)[] = [];
  #end: { readonly error: unknown } | null = null;

  constructor(host: ReaderHost, { lists, events, done, end }: EarlyReader, buffer: number) {
    this.#host = host;
    this.lists = lists;
    this.#buffer = Math.max(1, buffer);
    this.#done = done;
    for (const event of events) this.give(event);
    this.#end = end;
  }

  /** Up to where everything was done; null where that is all that was given. */
  get place(): Position | null {
    return this.#isIdle ? null : this.#done;
  }

  get #isIdle(): boolean {
    return this.#queue.length === 0 && this.#out === null && this.#spilledAt === null;
  }

  /** Notes the place before what is given next. */
  at(position: Position): void {
    if (this.#isIdle) this.#done = position;
  }

  give(event: StreamEvent): void {
    if (!this.#host.isAfter(event.id, this.#last)) return;
    if (this.#spilledAt !== null) {
      // One too many: what came is read from the log as well, and none of it is needed.
      if (this.#meanwhile !== null && this.#meanwhile.push(event) > this.#buffer) {
        this.#meanwhile = null;
      }
      return;
    }
    if (this.#queue.length < this.#buffer) this.#push([event]);
    else this.#spilledAt = this.#last;
  }

  #push(events: readonly StreamEvent[]): void {
    this.#queue.push(...events);
    this.#last = events.at(-1)?.id ?? this.#last;
    this.#ring();
  }

  #ring(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Ends it: after an error, with that. */
  finish(error?: unknown): void {
    this.#end ??= { error };
    this.#host.left(this);
    this.#ring();
  }

  async next(): Promise<IteratorResult<StreamEvent, undefined>> {
    if (this.#out !== null) this.#done = this.#out;
    this.#out = null;
    for (;;) {
      const event = this.#queue.shift();
      if (event !== undefined) {
        this.#out = event.id;
        return { done: false, value: event };
      }
      if (this.#end !== null) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return { done: true, value: undefined };
      }
      if (this.#spilledAt !== null) await this.#readOn(this.#spilledAt);
      else {
        await new Promise<void>((resolve) => {
          this.#wake.push(resolve);
        });
      }
    }
  }

  return(): Promise<IteratorResult<StreamEvent, undefined>> {
    this.#queue = [];
    this.finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Reads a page, and joins what comes where that was all. */
  async #readOn(after: Position): Promise<void> {
    this.#meanwhile = [];
    try {
      const page = await this.#host.page({
        after,
        order: "asc",
        limit: PAGE_MAX,
        ...(this.lists as HistoryQuery),
      });
      if (page.gap !== undefined) this.#host.gap(page.gap);
      const last = page.events.at(-1)?.id ?? after;
      this.#push(page.events);
      if (page.hasMore || this.#meanwhile === null) this.#spilledAt = page.next ?? last;
      else {
        this.#push(this.#meanwhile.filter(({ id }) => this.#host.isAfter(id, last)));
        this.#spilledAt = null;
      }
    } catch (error) {
      // It is read again after a while, or thrown to whoever asks for the next.
      await this.#host.recover(error).catch((reason: unknown) => {
        // It is for good.
        this.finish(reason);
      });
    } finally {
      this.#meanwhile = null;
    }
  }
}
