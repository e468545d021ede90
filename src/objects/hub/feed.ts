import type { ChannelCalls } from "../../calls/channel.ts";
import type { LogBatch, LogHead } from "../../calls/hub.ts";
import { within } from "../../deadline.ts";
import { refuse, type Answer } from "../../event/answer.ts";
import type { StreamEvent } from "../../event/event.ts";
import type { Group, NumberedEvent } from "../../event/group.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import type { Ground } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import { report } from "../../report.ts";
import {
  dropFeed,
  moveFeed,
  putFeed,
  type FeedRow,
  type HeldGround,
} from "../../store/hub/feeds.ts";
import { KnownGround } from "./ground.ts";
import { FeedWatchers } from "./watchers.ts";

/** A hub, as far as one of its feeds needs it. */
export interface FeedHost {
  readonly ctx: DurableObjectState;
  /** The hub's own name. */
  readonly name: string;
  /** A channel's object, for one call: after a failure a stub is of no more use. */
  reach(channel: string): ChannelCalls;
  /** Gives a group to the sockets. Called once a group, in order, without a hole. */
  publish(channel: string, group: Group): void;
  /** Called when the rights to read the channel have changed, before anything else is published. */
  onRights(channel: string): void;
  /** The channel is no more, or is another one. */
  onGone(feed: HubFeed): void;
}

// A channel that has not answered by then is away: a hub with many must not wait for one.
const CALL_MS = 12_000;

/**
 * One channel as a hub follows it: whatever comes, twice or with a hole before it, is given to the
 * sockets once and in order. How far it has got is on disk before anything leaves by a socket; the
 * channel hears of it with each answer, and goes on from there.
 */
export class HubFeed {
  readonly channel: string;
  readonly #host: FeedHost;
  #row: FeedRow | null;
  /** Also before the channel is followed. */
  readonly #ground: KnownGround;
  readonly #watchers = new FeedWatchers();
  #joining: Promise<Answer<LogHead, "channel_not_found">> | null = null;
  #renewing: Promise<unknown> | null = null;
  #hasLeft = false;
  /** Sockets that are on their way in: as long as there are any the channel is followed. */
  arriving = 0;

  constructor(host: FeedHost, channel: string, row: FeedRow | null) {
    this.#host = host;
    this.channel = channel;
    this.#row = row;
    this.#ground = new KnownGround(channel, row?.ground ?? null);
  }

  /** Everything up to here has been given to the sockets. */
  get at(): Seq {
    return this.#row?.at ?? 0;
  }

  /** Null before the first `join` has been granted. */
  get epoch(): Epoch | null {
    return this.#row?.epoch ?? null;
  }

  /** The facts that decide who may read the channel, as far as they are known here. */
  get ground(): Ground | null {
    return this.#ground.newest;
  }

  /** Takes over the facts that decide who may read the channel: the newest count. */
  learn(ground: HeldGround): void {
    const isFirst = this.#ground.newest === null;
    if (!this.#ground.learn(ground)) return;
    if (this.#row !== null) {
      this.#row = { ...this.#row, ground };
      putFeed(this.#host.ctx.storage.sql, this.#row);
    }
    if (!isFirst) this.#host.onRights(this.channel);
  }

  /** Sees to it that the channel tells this hub what happens. */
  join(): Promise<Answer<LogHead, "channel_not_found">> {
    if (this.#row !== null) {
      const { epoch, at, ground } = this.#row;
      return Promise.resolve({ ok: true, value: { epoch, head: at, ground } });
    }
    this.#joining ??= this.#attach(Date.now(), null).finally(() => {
      this.#joining = null;
    });
    return this.#joining;
  }

  /** Says again that it is here and how far it is: the channel gives it what comes after that. */
  async renew(): Promise<void> {
    if (this.#row === null) return;
    const { lease, at } = this.#row;
    this.#renewing ??= this.#attach(lease, at).finally(() => {
      this.#renewing = null;
    });
    await this.#renewing;
  }

  /**
   * The channel's own word of what has happened. Answers up to where it has been given on; null if it
   * is not followed here.
   */
  async deliver(epoch: Epoch, batch: LogBatch): Promise<Seq | null> {
    // The channel may tell of what comes next before its answer is here that says where to begin.
    if (this.#joining !== null) {
      await this.#joining.catch(() => {
        // Reported by whoever asked to join.
      });
    }
    if (this.#row === null) return null;
    if (epoch !== this.#row.epoch) {
      this.#host.onGone(this);
      return null;
    }
    this.learn(batch.ground);
    // Whoever had to go for it may have been the last.
    if (this.#hasLeft) return null;
    if (batch.from <= this.at && batch.to > this.at) this.#publish(batch);
    return this.at;
  }

  /** Takes down what is published from now on, until the answer is called. */
  record(): () => readonly NumberedEvent[] {
    return this.#watchers.record();
  }

  /** Resolves once everything up to a place of the log has been given to the sockets. */
  reached(seq: Seq): Promise<void> {
    if (seq <= this.at) return Promise.resolve();
    const reached = this.#watchers.wait(seq);
    // A channel that was lost may not know that this hub lacks something.
    this.#host.ctx.waitUntil(
      this.renew().catch((error: unknown) => {
        const about = { hub: this.#host.name, channel: this.channel };
        report("hub renewal failed", error, about);
      }),
    );
    return reached;
  }

  /** Nobody here follows it any more. `isGone`: neither is the channel there to be told. */
  leave(isGone: boolean): void {
    const row = this.#row;
    this.#hasLeft = true;
    this.#row = null;
    if (row === null) return;
    dropFeed(this.#host.ctx.storage.sql, this.channel);
    if (isGone) return;
    const told = this.#host.reach(this.channel).detach(this.#host.name, row.lease);
    // One that does not hear of it lets go by itself after a while.
    this.#host.ctx.waitUntil(
      told.catch((error: unknown) => {
        report("hub could not detach", error, { hub: this.#host.name, channel: this.channel });
      }),
    );
  }

  async #attach(lease: number, at: Seq | null): Promise<Answer<LogHead, "channel_not_found">> {
    const asked = this.#host.reach(this.channel).attach(this.#host.name, lease, at);
    const answer = await within(CALL_MS, asked);
    if (this.#hasLeft) return refuse("channel_not_found", "The channel is not followed.");
    const before = this.#row;
    const isOther = before !== null && answer.ok && answer.value.epoch !== before.epoch;
    if (isOther || (before !== null && !answer.ok)) this.#host.onGone(this);
    if (!answer.ok || isOther) return answer;
    const { epoch, head, ground } = answer.value;
    this.learn(ground);
    if (before !== null) return answer;
    this.#row = {
      channel: this.channel,
      epoch,
      lease,
      at: head,
      ground: this.#ground.newest ?? ground,
    };
    putFeed(this.#host.ctx.storage.sql, this.#row);
    return answer;
  }

  /** Gives on what is new of a range that begins where we are, or before. */
  #publish({ to, texts, raws }: LogBatch): void {
    const from = this.at;
    if (this.#row === null) return;
    // First: what cannot be read must not count as given.
    const events = texts
      .map((text, index) => parseEvent(text, raws[index]))
      .filter(({ seq }) => seq > from);
    this.#row = { ...this.#row, at: to };
    moveFeed(this.#host.ctx.storage.sql, this.channel, to);
    this.#host.publish(this.channel, { from, to, events });
    this.#watchers.notify(events, to);
  }
}

/** An event as it came from the channel's own object. */
function parseEvent(text: string, raw: string | null | undefined): NumberedEvent {
  const event = JSON.parse(text) as StreamEvent;
  const words = raw == null ? null : (JSON.parse(raw) as Json);
  return { seq: Number(event.sequence), event, text, key: null, raw: words };
}
