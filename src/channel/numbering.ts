import { EVENT_IDS_MAX } from "../event/catalogue.ts";
import { findErasure, type Erasure } from "../event/erasure.ts";
import { toEvent, type EventDraft } from "../event/event.ts";
import { ROW_MAX_BYTES, countRowBytes, type Group, type NumberedEvent } from "../event/group.ts";
import type { ProviderId, Seq } from "../event/ids.ts";
import { formatPosition } from "../event/position.ts";
import { Erasures } from "../event/tombstone.ts";
import { lookUp } from "../lib/json.ts";
import type { ChannelEffect, ChannelState, Decision, Refusal } from "./channel.ts";
import type { ConnectionEntry, ConnectionMap } from "./connection-map.ts";
import { Occurrences } from "./occurrences.ts";
import { Unfit } from "./unfit.ts";

/** Numbers drafts into one group; it lives for one decision. */
export class GroupBuilder {
  readonly #before: ChannelState;
  readonly #events: NumberedEvent[] = [];
  readonly #erasures: Erasure[] = [];
  readonly #places: Seq[] = [];
  readonly #occurrences: Occurrences;
  #recordedAt: number;

  constructor(before: ChannelState) {
    this.#before = before;
    this.#occurrences = new Occurrences(before);
    this.#recordedAt = before.recordedAt;
  }

  /** Does the work for one input, wholly or not at all. */
  attempt(work: () => void): Refusal | null {
    const { length: events } = this.#events;
    const { length: erasures } = this.#erasures;
    const { length: places } = this.#places;
    const recordedAt = this.#recordedAt;
    const mark = this.#occurrences.mark();
    try {
      work();
      return null;
    } catch (error) {
      // Handed on with the refusal, and reported by the object: there is no log in here.
      this.#events.length = events;
      this.#erasures.length = erasures;
      this.#places.length = places;
      this.#recordedAt = recordedAt;
      this.#occurrences.reset(mark);
      return error instanceof Unfit
        ? { problem: error.message, error: null }
        : { problem: "this cannot be made an event", error };
    }
  }

  /** Numbers a draft from outside, unless its occurrence is known. */
  place(draft: EventDraft, provider: ProviderId, at: number): void {
    const told = this.#occurrences.read(draft, provider, at);
    let seq = this.#occurrences.recognise(told);
    if (seq === null) {
      seq = this.#number(this.#reachOthers(draft), provider, told.name?.stored ?? null, at);
      this.#occurrences.add(told, seq);
    }
    this.#places.push(seq);
  }

  /** A deletion reaches what was told first by somebody who has another id of the message, or none. */
  #reachOthers(draft: EventDraft): EventDraft {
    if (draft.type !== "chat.message.deleted") return draft;
    const { messageIds, eventIds = [] } = draft.data;
    const others = this.#occurrences.findOthers(draft.platform, messageIds);
    if (others.length === 0) return draft;
    const ids = others.map((seq) => formatPosition(this.#before.epoch, seq));
    const all = [...new Set([...eventIds, ...ids])].slice(0, EVENT_IDS_MAX);
    return { ...draft, data: { ...draft.data, eventIds: all } };
  }

  /** Numbers a draft of the relay's own making. */
  record(draft: EventDraft, provider: ProviderId, at: number): void {
    this.#number(draft, provider, null, at);
  }

  #number(draft: EventDraft, provider: ProviderId, key: string | null, at: number): Seq {
    const { channel, epoch, head } = this.#before;
    const seq = head + this.#events.length + 1;
    // A clock that goes back must not take the log's order with it.
    this.#recordedAt = Math.max(this.#recordedAt, at);
    const place = { channel, epoch, seq, recordedAt: this.#recordedAt, provider };
    const event = toEvent(draft, place);
    const raw = draft.raw ?? null;
    const numbered = { seq, event, text: JSON.stringify(event), key, raw };
    if (countRowBytes(numbered) > ROW_MAX_BYTES) {
      throw new Unfit(
        `one event may take at most ${ROW_MAX_BYTES} bytes, with all that is kept of it`,
      );
    }
    const erasure = findErasure(draft, provider, seq);
    if (erasure !== null) this.#erasures.push(erasure);
    this.#events.push(numbered);
    return seq;
  }

  /** The events of the group. Said and deleted within it: nobody sees it. */
  #heard(): readonly NumberedEvent[] {
    if (this.#erasures.length === 0) return this.#events;
    const erasures = new Erasures(this.#erasures);
    return this.#events.map((each) => {
      const left = erasures.apply(each.seq, each.event, each.raw);
      if (left === null) return each;
      return { ...each, event: left.event, text: JSON.stringify(left.event), raw: null };
    });
  }

  close(connections: ConnectionMap, refusals: ReadonlyMap<number, Refusal>): Decision {
    const { head } = this.#before;
    const { sightings } = this.#occurrences;
    const to = head + this.#events.length;
    const changed = compareConnections(this.#before.connections, connections);
    const isChanged = changed.saved.length > 0 || changed.gone.length > 0;
    const isNothing = to === head && !isChanged && sightings.length === 0;
    const state: ChannelState = {
      ...this.#before,
      head: to,
      recordedAt: this.#recordedAt,
      connections,
      ...(isNothing ? this.#occurrences.leave() : this.#occurrences.close(to, this.#recordedAt)),
    };
    const outcome = { places: this.#places, ...(refusals.size > 0 && { refusals }) };
    if (isNothing) return { state, effects: [], ...outcome };
    const group: Group = { from: head, to, events: this.#heard() };
    const store: ChannelEffect = {
      type: "group-store",
      group,
      recordedAt: this.#recordedAt,
      connections: changed,
      erasures: this.#erasures,
      sightings,
    };
    const effects: ChannelEffect[] =
      to === head ? [store] : [store, { type: "group-publish", group }];
    return { state, effects, ...outcome };
  }
}

function compareConnections(
  before: ConnectionMap,
  after: ConnectionMap,
): { saved: ConnectionEntry[]; gone: string[] } {
  if (before === after) return { saved: [], gone: [] };
  return {
    saved: Object.values(after).filter((entry) => lookUp(before, entry.identifier) !== entry),
    gone: Object.keys(before).filter((identifier) => !Object.hasOwn(after, identifier)),
  };
}
