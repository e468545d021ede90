import {
  decide,
  type ChannelEffect,
  type ChannelInput,
  type ChannelState,
} from "../../channel/channel.ts";
import { ConnectionEntry, type ConnectionMap } from "../../channel/connection-map.ts";
import {
  closed,
  closesIn,
  GROUP_MAX_BYTES,
  GROUP_MAX_EVENTS,
  looked,
  NO_GROUP,
} from "../../channel/grouping.ts";
import { RECENT_AT_LEAST, RECENT_AT_MOST, RECENT_MS, RecentKeys } from "../../channel/recent.ts";
import type { Erasure } from "../../event/erasure.ts";
import type { Group } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import { loadConnections, saveConnections } from "../../store/journal/connections.ts";
import { putErasure, type PendingErasure } from "../../store/journal/erasures.ts";
import {
  appendGroup,
  eraseInGroups,
  journalBounds,
  keysSince,
} from "../../store/journal/groups.ts";

/** What the log needs to know of the rest of its object. */
export interface LogHost {
  readonly storage: DurableObjectStorage;
  readonly channel: { readonly id: string; readonly epoch: string };
  /** How many sockets a group goes to. */
  sockets(): number;
  /** Is the last group still on its way to them? */
  isSending(): boolean;
  /** A group is on disk. Called once a group, in order. */
  publish(group: Group): void;
  /** The journal could not be written: memory and disk disagree from here on. */
  broken(error: unknown): void;
}

interface Waiting {
  readonly input: ChannelInput;
  readonly events: number;
  readonly bytes: number;
  readonly placed?: (places: readonly Seq[]) => void;
}

/**
 * A channel's log: gathers what happens, has it decided in groups, and performs the decision. What
 * is decided is decided by `channel/`; here is only when, and the writing.
 */
export class ChannelLog {
  readonly #host: LogHost;
  #state: ChannelState;
  #waiting: Waiting[] = [];
  #events = 0;
  #bytes = 0;
  #last = NO_GROUP;
  #isTimed = false;
  #isStopped = false;
  /** The keys are read back when the first event comes: not every waking brings one. */
  #remembers = false;

  constructor(host: LogHost) {
    this.#host = host;
    const { sql } = host.storage;
    const journal = journalBounds(sql);
    this.#state = {
      channel: host.channel.id,
      epoch: host.channel.epoch,
      head: journal?.head ?? 0,
      recordedAt: journal?.at ?? 0,
      connections: connectionsFrom(loadConnections(sql)),
      recent: new RecentKeys(),
      repeats: 0,
    };
  }

  get head(): Seq {
    return this.#state.head;
  }

  get recordedAt(): number {
    return this.#state.recordedAt;
  }

  get connections(): ConnectionMap {
    return this.#state.connections;
  }

  get repeats(): number {
    return this.#state.repeats;
  }

  /** Takes on what has happened. `bytes` is about how much the events will take. */
  offer(input: ChannelInput, bytes: number): void {
    this.#enqueue({ input, events: countOf(input), bytes });
  }

  /** The same, for somebody who waits: resolves with the events' places once they are written. */
  submit(input: ChannelInput, bytes: number): Promise<readonly Seq[]> {
    return new Promise((placed) => {
      this.#enqueue({ input, events: countOf(input), bytes, placed });
    });
  }

  /** Writes what has gathered, without waiting for more. */
  flush(): void {
    while (this.#waiting.length > 0) this.#closeGroup();
  }

  /** Writes what has gathered; what happens from now on is nobody's. */
  stop(): void {
    this.flush();
    this.#isStopped = true;
  }

  #enqueue(waiting: Waiting): void {
    if (this.#isStopped) return;
    this.#waiting.push(waiting);
    this.#events += waiting.events;
    this.#bytes += waiting.bytes;
    this.#look(true);
    this.#schedule();
  }

  #look(hasCome: boolean): void {
    const isSending = this.#last.sentAt === null && this.#host.isSending();
    this.#last = looked(this.#last, { isSending, hasCome }, Date.now());
  }

  #schedule(): void {
    while (this.#waiting.length > 0) {
      const now = Date.now();
      const wait = closesIn(
        { events: this.#events, bytes: this.#bytes, quietUntil: this.#last.quietUntil },
        now,
      );
      if (wait > 0) {
        this.#scheduleIn(wait);
        return;
      }
      this.#closeGroup();
    }
  }

  #scheduleIn(wait: number): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    setTimeout(() => {
      this.#isTimed = false;
      if (this.#waiting.length === 0) return;
      this.#look(false);
      this.#schedule();
    }, wait);
  }

  #closeGroup(): void {
    const taken = this.#take();
    if (!this.#remembers) this.#remember();
    try {
      const decision = decide(
        this.#state,
        taken.map((each) => each.input),
      );
      // Whoever is told of the group may look at the channel as it then is.
      this.#state = decision.state;
      for (const effect of decision.effects) this.#perform(effect);
      this.#last = closed(this.#host.sockets(), Date.now());
      let next = 0;
      for (const { events, placed } of taken) {
        placed?.(decision.places.slice(next, next + events));
        next += events;
      }
    } catch (error) {
      this.#host.broken(error);
    }
  }

  /** The first of what waits, as much as makes one group: at least one. */
  #take(): Waiting[] {
    let count = 0;
    let events = 0;
    let bytes = 0;
    for (const each of this.#waiting) {
      if (count > 0 && (events >= GROUP_MAX_EVENTS || bytes >= GROUP_MAX_BYTES)) break;
      count += 1;
      events += each.events;
      bytes += each.bytes;
    }
    this.#events -= events;
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  #perform(effect: ChannelEffect): void {
    switch (effect.type) {
      case "group-store":
        return this.#store(effect);
      case "group-publish":
        return this.#host.publish(effect.group);
    }
  }

  #store(effect: Extract<ChannelEffect, { type: "group-store" }>): void {
    const { storage } = this.#host;
    const { group, recordedAt, connections, erasures } = effect;
    storage.transactionSync(() => {
      // Before the group: what was said in the group itself is erased in it already.
      for (const erasure of erasures) {
        const places = eraseInGroups(storage.sql, erasure);
        putErasure(storage.sql, pendingAfter(erasure, places));
      }
      if (group.events.length > 0) appendGroup(storage.sql, group, recordedAt);
      saveConnections(storage.sql, connections);
    });
  }

  #remember(): void {
    this.#remembers = true;
    const { recent } = this.#state;
    const kept = keysSince(this.#host.storage.sql, Date.now() - RECENT_MS, {
      atLeast: RECENT_AT_LEAST,
      atMost: RECENT_AT_MOST,
    });
    for (const { at, last, keys } of kept) {
      for (const [index, key] of keys.entries()) {
        if (key !== null) recent.add(key, last - keys.length + 1 + index);
      }
      recent.mark(last, at);
    }
  }
}

/** What is left for history to do: messages that were all found in the journal need no search. */
function pendingAfter(erasure: Erasure, places: readonly Seq[]): PendingErasure {
  const { scope, seq } = erasure;
  const isAll = scope.kind === "messages" && places.length >= scope.ids.length;
  return { erasure, places, below: isAll ? 0 : seq };
}

function countOf(input: ChannelInput): number {
  return input.type === "drafts-observed" ? input.drafts.length : 0;
}

function connectionsFrom(rows: readonly unknown[]): ConnectionMap {
  const entries = rows.flatMap((row) => {
    const parsed = ConnectionEntry.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
  return Object.fromEntries(entries.map((entry) => [entry.identifier, entry]));
}
