import type { Figures } from "../../channel/metering.ts";
import type { Group } from "../../event/group.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { report } from "../../report.ts";
import type { ChannelAlarms } from "./alarms.ts";
import type { HistoryWriter } from "./history-writer.ts";
import type { LogFollowers } from "./log-followers.ts";
import { ChannelMeter, type MetricsEnv } from "./meter.ts";
import { MinuteBook } from "./minute-book.ts";
import type { ChannelPace } from "./pace.ts";
import type { ChannelSockets } from "./sockets.ts";
import type { StreamTracker } from "./stream-tracker.ts";
import type { WebhookFanout } from "./webhook-fanout.ts";

/** The parts of a channel that are given each group once it is on disk. */
interface Receivers {
  readonly storage: DurableObjectStorage;
  readonly channel: { readonly id: string };
  readonly pace: ChannelPace;
  readonly notes: StreamTracker;
  readonly clients: ChannelSockets;
  readonly followers: LogFollowers;
  readonly webhooks: WebhookFanout;
  readonly feed: HistoryWriter;
  readonly views: { figures(): Figures };
  readonly outbox: { onConnected(identifier: string, now: number): void };
}

/** Gives a group that is on disk to all who get it. None of them depends on another. */
export class Publication {
  readonly #to: Receivers;
  readonly #alarms: ChannelAlarms;
  readonly #meter: ChannelMeter;
  readonly minutes: MinuteBook;

  constructor(to: Receivers, alarms: ChannelAlarms, env: Partial<Env> & MetricsEnv = {}) {
    this.#to = to;
    this.#alarms = alarms;
    const { storage, channel, pace } = to;
    const figures = (): Figures => to.views.figures();
    this.#meter = new ChannelMeter(env, channel.id, figures);
    this.minutes = new MinuteBook({ storage, channel, pace, figures });
  }

  publish(group: Group): void {
    const { notes, clients, followers, webhooks, feed } = this.#to;
    this.#attempt("metrics", () => this.#meter.expect(group.to - group.from));
    // Before it is given out: a minute that is over by now has no part in that.
    this.#attempt("minutes", () => this.minutes.count(group, Date.now()));
    this.#attempt("notes", () => {
      const connected = notes.take(group);
      if (connected.size > 0) queueMicrotask(() => this.#onConnected(connected));
    });
    // Sockets that may have missed something come back, and resume from what is on disk.
    if (!this.#attempt("clients", () => clients.publish(group))) {
      clients.dismissAll(CloseCode.goingAway, "resume");
    }
    this.#attempt("followers", () => followers.publish(group));
    this.#attempt("webhooks", () => webhooks.wake());
    this.#attempt("history", () => {
      this.#alarms.keepHistory(Date.now());
      feed.wake();
    });
  }

  #attempt(part: string, work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      const about = { channel: this.#to.channel.id, part };
      report("channel publishing failed", error, about);
      return false;
    }
  }

  /** Called after the group has been decided: only then does the connection map show the change. */
  #onConnected(identifiers: ReadonlySet<string>): void {
    for (const identifier of identifiers) this.#to.outbox.onConnected(identifier, Date.now());
  }
}
