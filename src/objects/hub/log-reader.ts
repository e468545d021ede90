import type { ChannelCalls } from "../../calls/channel.ts";
import { pause, within } from "../../deadline.ts";
import type { Answer } from "../../event/answer.ts";
import { readErasure } from "../../event/erasure.ts";
import { matches, type Filter } from "../../event/filter.ts";
import type { Gap } from "../../event/gap.ts";
import type { NumberedEvent } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import type { Position } from "../../event/position.ts";
import { computeFullJitter, OBJECT_CALLS } from "../../lib/backoff.ts";
import { report } from "../../report.ts";
import type { Page } from "../../store/history/pages.ts";
import type { LoggedEvent } from "../../store/logged-event.ts";
import { mask } from "../../store/mask.ts";
import type { Reader } from "../clients/reader.ts";
import type { HubFeed } from "./feed.ts";

// As long as a channel's own object may take to read its history.
const ASK_MS = 10_000;

// A socket that is being replayed is closed after so many failures: it comes back by itself.
const RETRIES = 3;

/**
 * Reads a channel's log from a hub: what is before the place where the hub is comes from the
 * channel, what is after it from the hub's own feed. Nothing is read beyond that place: it comes by
 * the feed.
 */
export class HubReader implements Reader {
  readonly #feed: HubFeed;
  readonly #channel: () => ChannelCalls;

  constructor(feed: HubFeed, channel: () => ChannelCalls) {
    this.#feed = feed;
    this.#channel = channel;
  }

  async resume(after: Position): Promise<{ from: Seq; gap: Gap | null }> {
    const place = await this.#ask((channel) => channel.resume(after));
    await within(ASK_MS, this.#feed.reached(place.from));
    return place;
  }

  async rewind(count: number, filter: Filter, party: string): Promise<Seq> {
    const from = await this.#ask((channel) => channel.rewind(count, filter, party));
    await within(ASK_MS, this.#feed.reached(from));
    return from;
  }

  next(after: Seq, filter: Filter, raw: boolean): Page | Promise<Page> {
    const upTo = this.#feed.at;
    if (after >= upTo) return { events: [], from: after, seenTo: after, hasMore: false };
    return this.#page(after, upTo, filter, raw);
  }

  async #page(after: Seq, upTo: Seq, filter: Filter, raw: boolean): Promise<Page> {
    const { epoch } = this.#feed;
    if (epoch === null) throw new Error("the channel is not followed");
    const stop = this.#feed.record();
    try {
      const query = { after, upTo, filter, raw };
      const page = await this.#ask((channel) => channel.readLog(epoch, query));
      const come = stop().map(toLogged);
      // What was erased since the channel read the page, and since an event came, is gone here as well.
      const erasures = come.map(readErasure).filter((erasure) => erasure !== null);
      const isLast = page.seenTo >= upTo;
      // What has come meanwhile belongs to the last page: else the feed would always be a little ahead.
      const more = isLast ? come.filter((event) => matches(filter, event)) : [];
      const events = mask([...page.events, ...more], erasures);
      return isLast
        ? { ...page, events, seenTo: this.#feed.at, hasMore: false }
        : { ...page, events };
    } finally {
      stop();
    }
  }

  /** A channel's object that was lost in mid-call is there again by the next one. */
  async #ask<T>(question: (channel: ChannelCalls) => Promise<Answer<T>>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      const answer = await within(ASK_MS, question(this.#channel())).catch((error: unknown) => {
        if (failures === RETRIES) throw error;
        report("hub could not ask a channel", error, { failures });
        return null;
      });
      if (answer === null) await pause(computeFullJitter(failures, Math.random(), OBJECT_CALLS));
      else if (answer.ok) return answer.value;
      else throw new Error(answer.detail);
    }
  }
}

function toLogged({ seq, event, text, raw }: NumberedEvent): LoggedEvent {
  const { type, provider, platform } = event;
  return {
    seq,
    type,
    provider,
    platform,
    text,
    raw: raw === null ? null : JSON.stringify(raw),
  };
}
