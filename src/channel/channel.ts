import { erase, isErased, scopeErasedBy, type Erasure } from "../event/erasure.ts";
import { toEvent, type EventDraft } from "../event/event.ts";
import type { Group, NumberedEvent } from "../event/group.ts";
import type { ChannelId, Epoch, ProviderId, Seq } from "../event/ids.ts";
import { redactDraft } from "../event/redact-draft.ts";
import { redact, redactText } from "../event/redact.ts";
import type { ConnectionEntry, ConnectionMap, Link } from "./connection-map.ts";
import { drop, lose, observe, remove, settle, type Change, type Observed } from "./connections.ts";
import type { RecentKeys } from "./recent.ts";

/** All that a channel decides by. A decision changes nothing in it and makes another one. */
export interface ChannelState {
  readonly channel: ChannelId;
  readonly epoch: Epoch;
  /** The newest event's place; 0 for an empty log. */
  readonly head: Seq;
  /** When the newest event was recorded. */
  readonly recordedAt: number;
  readonly connections: ConnectionMap;
  readonly recent: RecentKeys;
  /** Occurrences that were told of again and dropped. */
  readonly repeats: number;
}

/** What can happen to a channel. `at` is the time, in milliseconds since 1970. */
export type ChannelInput =
  | {
      readonly type: "drafts-observed";
      readonly provider: ProviderId;
      readonly drafts: readonly EventDraft[];
      /** Credentials that must not show up in what the provider says. */
      readonly secrets: readonly string[];
      readonly at: number;
    }
  | {
      readonly type: "connection-observed";
      readonly link: Link;
      readonly connection: Observed;
      readonly secrets: readonly string[];
      readonly at: number;
    }
  | {
      readonly type: "connection-dropped";
      readonly link: Link;
      readonly uuid: string;
      readonly reason: string;
      readonly final: boolean;
      readonly secrets: readonly string[];
      readonly at: number;
    }
  | {
      readonly type: "link-lost";
      readonly link: Link;
      readonly claims: readonly string[];
      readonly status: "connecting" | "error" | "closed";
      readonly reason: string;
      readonly lastSeenAt: number;
      readonly at: number;
    }
  | { readonly type: "link-settled"; readonly link: Link; readonly at: number }
  | { readonly type: "link-removed"; readonly link: Link; readonly at: number };

/** What a channel wants done, in this order. */
export type ChannelEffect =
  /** One transaction, before anyone sees any of it. */
  | {
      readonly type: "group-store";
      readonly group: Group;
      readonly recordedAt: number;
      readonly connections: {
        readonly saved: readonly ConnectionEntry[];
        readonly gone: readonly string[];
      };
      readonly erasures: readonly Erasure[];
    }
  | { readonly type: "group-publish"; readonly group: Group };

/** What came of a decision. */
export interface Decision {
  readonly state: ChannelState;
  readonly effects: readonly ChannelEffect[];
  /** For every draft handed in, in order, the place it has in the log: a repeat has its first one's. */
  readonly places: readonly Seq[];
}

/**
 * The whole policy of a channel: what happened becomes one group of numbered events. The order of
 * effects is a promise: stored before published.
 */
export function decide(state: ChannelState, inputs: readonly ChannelInput[]): Decision {
  const desk = new NumberingDesk(state);
  let { connections } = state;
  for (const input of inputs) {
    if (input.type === "drafts-observed") {
      const { provider, secrets, at } = input;
      for (const draft of input.drafts) desk.place(redactDraft(draft, secrets), provider, at);
      continue;
    }
    const change = changeOf(connections, input);
    connections = change.map;
    for (const draft of change.drafts) desk.record(draft, input.link.provider, input.at);
  }
  return desk.close(connections);
}

function changeOf(
  map: ConnectionMap,
  input: Exclude<ChannelInput, { type: "drafts-observed" }>,
): Change {
  const { link, at } = input;
  switch (input.type) {
    case "connection-observed":
      return observe(map, link, redactConnection(input.connection, input.secrets), at);
    case "connection-dropped": {
      const reason = redactText(input.reason, input.secrets);
      return drop(map, link, { ...input, reason }, at);
    }
    case "link-lost":
      return lose(map, link, input, at);
    case "link-settled":
      return settle(map, link);
    case "link-removed":
      return remove(map, link.providerId);
  }
}

/** What a provider says of a connection goes into events as well. Its names are the map's keys. */
function redactConnection(connection: Observed, secrets: readonly string[]): Observed {
  const { reason, target } = connection;
  return { ...connection, reason: redact(reason, secrets), target: redact(target, secrets) };
}

/** Numbers drafts into one group; it lives for one decision. */
class NumberingDesk {
  readonly #before: ChannelState;
  readonly #events: NumberedEvent[] = [];
  readonly #erasures: Erasure[] = [];
  readonly #places: Seq[] = [];
  /** The group's own occurrences. */
  readonly #keys = new Map<string, Seq>();
  #recordedAt: number;
  #repeats = 0;

  constructor(before: ChannelState) {
    this.#before = before;
    this.#recordedAt = before.recordedAt;
  }

  /** Numbers a draft from outside, unless its occurrence is known. */
  place(draft: EventDraft, provider: ProviderId, at: number): void {
    const { recent } = this.#before;
    const key = draft.key === undefined ? null : `${provider} ${draft.key}`;
    const known = key === null ? undefined : (this.#keys.get(key) ?? recent.placeOf(key));
    if (known !== undefined) {
      this.#repeats += 1;
      this.#places.push(known);
      return;
    }
    const seq = this.#number(draft, provider, key, at);
    if (key !== null) this.#keys.set(key, seq);
    this.#places.push(seq);
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
    const scope = scopeErasedBy(draft);
    if (scope !== null) this.#erase({ seq, provider, platform: draft.platform, scope });
    this.#events.push({ seq, event, text: JSON.stringify(event), key, raw: draft.raw ?? null });
    return seq;
  }

  /** Said and deleted within one group: nobody sees it. */
  #erase(erasure: Erasure): void {
    this.#erasures.push(erasure);
    for (const [index, each] of this.#events.entries()) {
      const { provider, platform, data } = each.event;
      if (!isErased(erasure, { seq: each.seq, provider, platform, data })) continue;
      const event = erase(each.event);
      this.#events[index] = { ...each, event, text: JSON.stringify(event), raw: null };
    }
  }

  close(connections: ConnectionMap): Decision {
    const { head, recent, repeats } = this.#before;
    const to = head + this.#events.length;
    const changed = difference(this.#before.connections, connections);
    const isNothing = to === head && changed.saved.length === 0 && changed.gone.length === 0;
    const state: ChannelState = {
      ...this.#before,
      head: to,
      recordedAt: this.#recordedAt,
      connections,
      recent: isNothing ? recent : recent.after(this.#keys, to, this.#recordedAt),
      repeats: repeats + this.#repeats,
    };
    if (isNothing) return { state, effects: [], places: this.#places };
    const group: Group = { from: head, to, events: this.#events };
    const store: ChannelEffect = {
      type: "group-store",
      group,
      recordedAt: this.#recordedAt,
      connections: changed,
      erasures: this.#erasures,
    };
    const effects: ChannelEffect[] =
      to === head ? [store] : [store, { type: "group-publish", group }];
    return { state, effects, places: this.#places };
  }
}

function difference(
  before: ConnectionMap,
  after: ConnectionMap,
): { saved: ConnectionEntry[]; gone: string[] } {
  if (before === after) return { saved: [], gone: [] };
  return {
    saved: Object.values(after).filter((entry) => before[entry.identifier] !== entry),
    gone: Object.keys(before).filter((identifier) => after[identifier] === undefined),
  };
}
