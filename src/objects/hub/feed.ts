import type { ChannelCalls } from "../../calls/channel.ts";
import type { LogBatch, LogHead } from "../../calls/hub.ts";
import { retryAfterMs } from "../../channel/batching.ts";
import { refuse, type Answer } from "../../event/answer.ts";
import type { StreamEvent } from "../../event/event.ts";
import { EVERYTHING } from "../../event/filter.ts";
import type { Group, NumberedEvent } from "../../event/group.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import type { Ground } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import {
  dropFeed,
  moveFeed,
  putFeed,
  type FeedRow,
  type HeldGround,
} from "../../store/hub/feeds.ts";
import type { LoggedEvent } from "../../store/logged-event.ts";
import { pause, within } from "../deadline.ts";

/** What a feed needs of its hub. */
export interface FeedHost {
  readonly ctx: DurableObjectState;
  /** The hub's own name. */
  readonly hub: string;
  /** A channel's object, for one call: after a failure a stub is of no more use. */
  channel(id: string): ChannelCalls;
  /** Gives a group to the sockets. Called once a group, in order, without a hole. */
  publish(channel: string, group: Group): void;
  /** Who may read the channel has changed: before what comes next is given out. */
  changed(channel: string): void;
  /** The channel is no more, or is another one. */
  gone(feed: HubFeed): void;
}

// What comes while a hole is being read is in the log as well: beyond this it is read from there.
const WAITING_MAX = 64;

// A channel that has not answered by then is away: a hub with many must not wait for one.
const CALL_MS = 12_000;

// A hole that cannot be read by then is left to the next sign of life.
const READ_TRIES = 8;

/**
 * One channel as a hub follows it: whatever comes, late, twice or with a hole before it, is given to
 * the sockets once and in order. How far it has got is on disk before anything leaves by a socket,
 * so that it goes on there when the hub has slept, and reads from the log what it has missed.
 */
export class HubFeed {
  readonly channel: string;
  readonly #host: FeedHost;
  #row: FeedRow | null;
  /** The newest that was heard, also before the channel is followed. */
  #ground: (HeldGround & Ground) | null;
  #joining: Promise<Answer<LogHead, "channel_not_found">> | null = null;
  #waiting: { epoch: Epoch; batch: LogBatch }[] = [];
  #isReading = false;
  #hasLeft = false;
  readonly #records = new Set<NumberedEvent[]>();
  readonly #reached = new Set<{ seq: Seq; resolve: () => void }>();
  /** Sockets that are on their way in: as long as there are any the channel is followed. */
  arriving = 0;

  constructor(host: FeedHost, channel: string, row: FeedRow | null) {
    this.#host = host;
    this.channel = channel;
    this.#row = row;
    this.#ground = row === null ? null : { id: channel, ...row.ground };
  }

  /** Everything up to here has been given to the sockets. */
  get at(): Seq {
    return this.#row?.at ?? 0;
  }

  /** Null before the first `join` has been granted. */
  get epoch(): Epoch | null {
    return this.#row?.epoch ?? null;
  }

  /** What decides who may read the channel, as far as is known here. */
  get ground(): Ground | null {
    return this.#ground;
  }

  /** What decides who may read the channel, as it was when somebody told: the newest counts. */
  learn(ground: HeldGround): void {
    const known = this.#ground;
    if (known !== null && !isNewer(ground, known)) return;
    this.#ground = { id: this.channel, ...ground };
    if (this.#row !== null) {
      this.#row = { ...this.#row, ground };
      putFeed(this.#host.ctx.storage.sql, this.#row);
    }
    if (known !== null) this.#host.changed(this.channel);
  }

  /** Sees to it that the channel tells this hub what happens. */
  join(): Promise<Answer<LogHead, "channel_not_found">> {
    if (this.#row !== null) {
      const { epoch, at, ground } = this.#row;
      return Promise.resolve({ ok: true, value: { epoch, head: at, ground } });
    }
    this.#joining ??= this.#attach(Date.now()).finally(() => {
      this.#joining = null;
    });
    return this.#joining;
  }

  /** Says again that it is here, and hears how far the log is. */
  async renew(): Promise<void> {
    if (this.#row === null) return;
    await this.#attach(this.#row.term);
  }

  /** The channel's own word of what has happened. False if it is not followed here. */
  deliver(epoch: Epoch, batch: LogBatch): boolean {
    if (this.#hasLeft) return false;
    if (this.#waiting.length >= WAITING_MAX) this.#waiting = [];
    this.#waiting.push({ epoch, batch });
    this.#drain();
    return !this.#hasLeft;
  }

  /** Takes down what is published from now on, until the answer is called. */
  record(): () => readonly NumberedEvent[] {
    const record: NumberedEvent[] = [];
    this.#records.add(record);
    return () => {
      this.#records.delete(record);
      return record;
    };
  }

  /** Resolves once everything up to a place of the log has been given to the sockets. */
  reached(seq: Seq): Promise<void> {
    if (seq <= this.at) return Promise.resolve();
    return new Promise((resolve) => {
      this.#reached.add({ seq, resolve });
      const row = this.#row;
      if (row === null) return;
      this.deliver(row.epoch, { from: seq, to: seq, texts: [], raws: [], ground: row.ground });
    });
  }

  /** Nobody here follows it any more. `isGone`: neither is the channel there to be told. */
  leave(isGone: boolean): void {
    const row = this.#row;
    this.#hasLeft = true;
    this.#row = null;
    this.#waiting = [];
    if (row === null) return;
    dropFeed(this.#host.ctx.storage.sql, this.channel);
    if (isGone) return;
    const told = this.#host.channel(this.channel).detach(this.#host.hub, row.term);
    // One that does not hear of it lets go by itself after a while.
    this.#host.ctx.waitUntil(told.catch(() => undefined));
  }

  async #attach(term: number): Promise<Answer<LogHead, "channel_not_found">> {
    const asked = this.#host.channel(this.channel).attach(this.#host.hub, term);
    const answer = await within(CALL_MS, asked);
    if (this.#hasLeft) return refuse("channel_not_found", "The channel is not followed.");
    if (!answer.ok) {
      if (this.#row !== null) this.#host.gone(this);
      return answer;
    }
    const { epoch, head, ground } = answer.value;
    if (this.#row === null) {
      this.learn(ground);
      this.#row = { channel: this.channel, epoch, term, at: head, ground: this.#ground ?? ground };
      putFeed(this.#host.ctx.storage.sql, this.#row);
      this.#drain();
    } else {
      this.deliver(epoch, { from: head, to: head, texts: [], raws: [], ground });
    }
    return answer;
  }

  /** Takes what waits in its order, as far as there is no hole before it. */
  #drain(): void {
    while (this.#row !== null && !this.#isReading) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const { epoch, batch } = next;
      if (epoch !== this.#row.epoch) return this.#host.gone(this);
      this.learn(batch.ground);
      // Whoever had to go for it may have been the last.
      if (this.#hasLeft) return;
      if (batch.from > this.at) {
        this.#waiting.unshift(next);
        return this.#read(batch.from);
      }
      this.#publish(
        batch.to,
        batch.texts.map((text, index) => parseEvent(text, batch.raws[index])),
      );
    }
  }

  /** Gives on what is new of a stretch that begins where we are, or before. */
  #publish(to: Seq, events: readonly NumberedEvent[]): void {
    const from = this.at;
    if (this.#row === null || to <= from) return;
    this.#row = { ...this.#row, at: to };
    moveFeed(this.#host.ctx.storage.sql, this.channel, to);
    const fresh = events.filter(({ seq }) => seq > from);
    this.#host.publish(this.channel, { from, to, events: fresh });
    for (const record of this.#records) record.push(...fresh);
    for (const each of this.#reached) {
      if (each.seq > to) continue;
      this.#reached.delete(each);
      each.resolve();
    }
  }

  #read(upTo: Seq): void {
    this.#isReading = true;
    const reading = this.#readUp(upTo).finally(() => {
      this.#isReading = false;
      this.#drain();
    });
    this.#host.ctx.waitUntil(reading);
  }

  async #readUp(upTo: Seq): Promise<void> {
    for (let failures = 0; this.#row !== null && this.at < upTo;) {
      const { epoch, at } = this.#row;
      try {
        const query = { after: at, upTo, filter: EVERYTHING, raw: true };
        const asked = this.#host.channel(this.channel).readLog(epoch, query);
        const page = await within(CALL_MS, asked);
        if (!page.ok) {
          if (this.#row !== null) this.#host.gone(this);
          return;
        }
        if (page.value.seenTo <= at) throw new Error("the log was not read any further");
        failures = 0;
        this.#publish(page.value.seenTo, page.value.events.map(fromLogged));
      } catch {
        failures += 1;
        if (failures === READ_TRIES) {
          this.#waiting = [];
          return;
        }
        await pause(retryAfterMs(failures - 1));
      }
    }
  }
}

/** Is it of a later time, or of a later channel of the name? */
function isNewer(ground: HeldGround, known: HeldGround): boolean {
  return (
    ground.number > known.number ||
    (ground.number === known.number && ground.updatedAt > known.updatedAt)
  );
}

/** An event as it came from the channel's own object. */
function parseEvent(text: string, raw: string | null | undefined): NumberedEvent {
  const event = JSON.parse(text) as StreamEvent;
  const words = raw == null ? null : (JSON.parse(raw) as Json);
  return { seq: Number(event.sequence), event, text, key: null, raw: words };
}

function fromLogged({ text, raw }: LoggedEvent): NumberedEvent {
  return parseEvent(text, raw);
}
