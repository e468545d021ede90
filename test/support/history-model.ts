import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import type { Erasable } from "../../src/event/erase-data.ts";
import type { Erasure } from "../../src/event/erasure.ts";
import type { StreamEvent } from "../../src/event/event.ts";
import { EVERYTHING, matches, type Filter } from "../../src/event/filter.ts";
import type { Seq } from "../../src/event/ids.ts";
import { formatPosition } from "../../src/event/position.ts";
import { Erasures } from "../../src/event/tombstone.ts";
import type { Json } from "../../src/lib/json.ts";
import { HistoryWriter } from "../../src/objects/channel/history-writer.ts";
import { LogReader } from "../../src/objects/channel/log-reader.ts";
import { PACE } from "../../src/objects/channel/pace.ts";
import { Errands } from "../../src/objects/errands.ts";
import { readPage, type PageQuery } from "../../src/store/history/pages.ts";
import { findEventAt, findSeqBefore } from "../../src/store/history/places.ts";
import { withArchive } from "../../src/store/history/queries.ts";
import { addErasures, isAtWork, listErasures } from "../../src/store/journal/erasures.ts";
import { appendGroup, pruneGroups } from "../../src/store/journal/groups.ts";
import { migrateJournal } from "../../src/store/journal/schema.ts";
import { eraseInJournal } from "../../src/store/journal/tombstones.ts";
import type { LoggedEvent, RecordedEvent } from "../../src/store/logged-event.ts";
import { BUCKET, HISTORY, listBucket, listNamed } from "./archive.ts";
import { FaultyDatabase } from "./faulty-database.ts";

const TYPES = ["chat.message", "custom.note"];
// Small ones: a history has some of them soon.
const VOLUME_BLOCKS = 1;
export const EPOCH = "aaaaaaaaaa";

/** A time at which the event at a place was recorded; two share one. */
export const timeOf = (seq: Seq): number => 1_700_000_000_000 + Math.floor(seq / 2) * 1_000;

/** A channel's log in the runtime, and beside it a list that says how it should be. */
export class HistoryModel {
  readonly channel: number;
  readonly faulty = new FaultyDatabase(env.DB, BUCKET);
  readonly #storage: DurableObjectStorage;
  readonly #events: RecordedEvent[] = [];
  readonly #orders: Erasure[] = [];
  #pruned = 0;
  #feed: HistoryWriter;
  #reader: LogReader;

  constructor(storage: DurableObjectStorage, channel: number) {
    this.#storage = storage;
    this.channel = channel;
    this.#reader = this.#openReader();
    this.#feed = this.#openFeed();
  }

  get head(): Seq {
    return this.#events.length;
  }

  /** Says so many things: by one of three, on one of two platforms, some with a provider's words. */
  append(count: number, salt: number): void {
    const from = this.head;
    const events = Array.from({ length: count }, (_, index) => {
      const seq = from + index + 1;
      const n = seq * 7 + salt;
      const user = { key: `twitch:user-${n % 3}`, id: `user-${n % 3}`, name: `User ${n % 3}` };
      const message = { id: `message-${seq}`, text: `secret ${seq} `.repeat(n % 9), fragments: [] };
      const type = TYPES[n % TYPES.length] ?? "";
      const data = type === "chat.message" ? { user, message } : { text: `note ${seq}` };
      const platform = n % 4 === 0 ? "kick" : "twitch";
      const raw: Json = n % 5 === 0 ? { "user-id": user.id, words: `secret ${seq}` } : null;
      const recordedtime = new Date(timeOf(seq)).toISOString();
      const event = {
        id: formatPosition(EPOCH, seq),
        type,
        provider: "api",
        platform,
        recordedtime,
        data,
      } as object as StreamEvent;
      return { seq, event, text: JSON.stringify(event), key: null, raw };
    });
    const at = timeOf(from + count);
    appendGroup(this.#storage.sql, { from, to: from + count, events }, at);
    for (const { seq, event, text, raw } of events) {
      const { type, provider, platform } = event;
      const words = raw === null ? null : JSON.stringify(raw);
      this.#events.push({ seq, type, provider, platform, at: timeOf(seq), text, raw: words });
    }
  }

  get fed(): Seq {
    return this.#feed.fed;
  }

  get lastError(): string | null {
    return this.#feed.state.lastError;
  }

  /** Keeps the log as the object has it, to be there again in another life. */
  keepLog(): () => void {
    const { sql } = this.#storage;
    const kept = ["groups", "meta"].map((table) => ({
      table,
      rows: sql.exec(`SELECT * FROM ${table}`).toArray(),
    }));
    const count = this.#events.length;
    return () => {
      for (const { table, rows } of kept) {
        sql.exec(`DELETE FROM ${table}`);
        for (const row of rows) {
          const marks = Object.keys(row).map(() => "?");
          sql.exec(`INSERT INTO ${table} VALUES (${marks.join(", ")})`, ...Object.values(row));
        }
      }
      this.#events.length = count;
      this.kill();
    };
  }

  erase(platform: string, scope: Erasure["scope"]): void {
    if (this.head === 0) return;
    const order: Erasure = { seq: this.head, platform, scope };
    this.#orders.push(order);
    this.#storage.transactionSync(() => {
      addErasures(this.#storage.sql, [order]);
      eraseInJournal(this.#storage.sql);
    });
  }

  /** The journal lets go of what history has. */
  forget(): void {
    const keeping = { keys: 0, ahead: Number.MAX_SAFE_INTEGER, events: 0 };
    pruneGroups(this.#storage.sql, this.#feed.fed, Number.MAX_SAFE_INTEGER, keeping);
  }

  async drain(): Promise<boolean> {
    return this.#feed.drain();
  }

  async prune(seq: Seq): Promise<void> {
    this.#pruned = Math.max(this.#pruned, timeOf(seq));
    await this.#feed.prune(this.#pruned);
  }

  /** Puts away what was recorded before the event at a place: one volume, or a look at the bucket. */
  async shelve(seq: Seq): Promise<void> {
    await this.#feed.shelve(timeOf(seq));
  }

  /** Was something erased, and is that over? */
  get hasErased(): boolean {
    return this.#orders.length > 0 && !listErasures(this.#storage.sql).some(isAtWork);
  }

  /** The names of the volumes that the bucket has, and of those that the database tells of. */
  async volumes(): Promise<{ kept: readonly string[]; named: readonly string[] }> {
    return { kept: await listBucket(this.channel), named: await listNamed(this.channel) };
  }

  /** The object ends where it is, and another life of it begins. */
  kill(): void {
    this.#feed.stop();
    this.#reader = this.#openReader();
    this.#feed = this.#openFeed();
  }

  end(): void {
    this.#feed.stop();
  }

  /** Everything is carried out, with what was on its way in between. */
  async settle(): Promise<void> {
    this.faulty.heal();
    await this.faulty.arrive();
    for (let tries = 0; tries < 10 && !(await this.drain()); tries++);
    await this.#feed.prune(this.#pruned);
    // Whatever was begun in the bucket is seen to.
    for (let looks = 0; looks < 4; looks++) await this.#feed.shelve(0);
    if (!this.#feed.isDone) throw new Error("history does not come to an end");
  }

  /** The events as they are to be shown now. */
  expected(): RecordedEvent[] {
    const all = new Erasures(this.#orders);
    return this.#events.map((event) => {
      const told = JSON.parse(event.text) as Erasable;
      const raw: unknown = event.raw === null ? null : JSON.parse(event.raw);
      const left = all.apply(event.seq, told, raw);
      return left === null ? event : { ...event, text: JSON.stringify(left.event), raw: null };
    });
  }

  /** Those of them that history should have once all is done. */
  kept(): RecordedEvent[] {
    return this.expected().filter(({ at }) => at >= this.#pruned);
  }

  /** All that a client hears that resumes at the beginning, in pages. */
  async resume(): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for (let after = 0; after < this.head;) {
      const page = await this.#reader.next(after, EVERYTHING, true);
      events.push(...page.events);
      if (page.seenTo <= after) throw new Error("a page that does not go on");
      after = page.seenTo;
    }
    return events;
  }

  /** All that history's pages have of a filter, in either order. */
  async pages(
    order: "asc" | "desc",
    filter: Filter = EVERYTHING,
    limit = 7,
    head = this.head,
  ): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    let [after, upTo] = [0, head];
    for (;;) {
      const query: PageQuery = {
        channel: this.channel,
        after,
        upTo,
        order,
        limit,
        filter,
        raw: true,
      };
      const page = await readPage(HISTORY, query);
      events.push(...page.events);
      if (!page.hasMore) return events;
      if (order === "asc") after = page.seenTo;
      else upTo = page.seenTo;
    }
  }

  async single(seq: Seq): Promise<LoggedEvent | null> {
    return findEventAt(HISTORY, this.channel, seq);
  }

  async seqBefore(time: number): Promise<Seq> {
    return findSeqBefore(HISTORY, this.channel, time);
  }

  /** What a filter leaves of events, without the times. */
  static shown(events: readonly RecordedEvent[], filter: Filter = EVERYTHING): LoggedEvent[] {
    return events.filter((event) => matches(filter, event)).map(({ at: _at, ...event }) => event);
  }

  #openFeed(): HistoryWriter {
    return new HistoryWriter(
      {
        storage: this.#storage,
        db: this.faulty.database,
        channel: { id: "model", number: this.channel, epoch: EPOCH },
        head: () => this.head,
        pace: PACE,
        reader: { noteErased: (erasure) => this.#reader.noteErased(erasure) },
        errands: new Errands({
          storage: this.#storage,
          perform: async () => {},
          keepAlarm: () => {},
        }),
      },
      0,
      VOLUME_BLOCKS,
    );
  }

  #openReader(): LogReader {
    return new LogReader({
      storage: this.#storage,
      db: withArchive(env.DB, BUCKET),
      channel: { id: "model", number: this.channel, epoch: EPOCH },
      head: () => this.head,
      feed: { bookmark: null },
    });
  }
}

let channels = 70_000;

/** Runs with a log of its own. */
export function withModel(work: (model: HistoryModel) => Promise<void>): Promise<void> {
  const channel = (channels += 1);
  return runInDurableObject(
    env.CHANNEL.getByName(`history-model-${channel}`),
    async (_, { storage }) => {
      migrateJournal(storage.sql);
      const model = new HistoryModel(storage, channel);
      try {
        await work(model);
      } finally {
        model.end();
      }
    },
  );
}
