import {
  decide,
  type ChannelEffect,
  type ChannelInput,
  type ChannelState,
  type Decision,
  type Placed,
} from "../../channel/channel.ts";
import { ConnectionEntry, type ConnectionMap } from "../../channel/connection-map.ts";
import {
  closeGroup,
  closesIn,
  GROUP_MAX_BYTES,
  GROUP_MAX_EVENTS,
  observeSending,
  NO_GROUP,
} from "../../channel/grouping.ts";
import {
  RECENT_AT_LEAST,
  RECENT_AT_MOST,
  RECENT_MS,
  RecentKeys,
  shortKey,
} from "../../channel/recent.ts";
import { refuse, grant } from "../../event/answer.ts";
import type { Group } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import { report } from "../../report.ts";
import { loadConnections, saveConnections } from "../../store/journal/connections.ts";
import { pendingAfter, putErasure } from "../../store/journal/erasures.ts";
import { readKeysSince } from "../../store/journal/group-keys.ts";
import { appendGroup, readJournalBounds } from "../../store/journal/groups.ts";
import { eraseInGroups } from "../../store/journal/tombstones.ts";

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
  readonly ended: ((placed: Placed) => void) | undefined;
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
    const journal = readJournalBounds(sql);
    this.#state = {
      channel: host.channel.id,
      epoch: host.channel.epoch,
      head: journal?.head ?? 0,
      recordedAt: journal?.at ?? 0,
      connections: parseConnections(loadConnections(sql)),
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

  /**
   * Takes on what has happened. `bytes` is about how much the events will take. `ended` is told once
   * it is written, or refused.
   */
  offer(input: ChannelInput, bytes: number, ended?: (placed: Placed) => void): void {
    this.#enqueue({ input, events: countOf(input), bytes, ended });
  }

  /** The same, for somebody who waits. */
  submit(input: ChannelInput, bytes: number): Promise<Placed> {
    return new Promise((ended) => {
      this.offer(input, bytes, ended);
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
    this.#last = observeSending(this.#last, { isSending, hasCome }, Date.now());
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
    const decision = this.#decide(taken);
    // Whoever is told of the group may look at the channel as it then is.
    this.#state = decision.state;
    for (const effect of decision.effects) {
      if (!this.#perform(effect)) return;
    }
    this.#last = closeGroup(this.#host.sockets(), Date.now());
    this.#answer(taken, decision);
  }

  /**
   * Has a group decided. What fails here is the relay's own fault and has changed nothing: those
   * that it came with are refused, and the channel goes on.
   */
  #decide(taken: readonly Waiting[]): Decision {
    try {
      return decide(
        this.#state,
        taken.map((each) => each.input),
      );
    } catch (error) {
      // Reported with each input that is refused for it.
      const refusal = { problem: "this cannot be made an event", error };
      const refusals = new Map(taken.map((_, index) => [index, refusal]));
      return { state: this.#state, effects: [], places: [], refusals };
    }
  }

  /** Tells everyone who waits what came of it. */
  #answer(taken: readonly Waiting[], { places, refusals }: Decision): void {
    let next = 0;
    for (const [index, { input, events, ended }] of taken.entries()) {
      const refusal = refusals?.get(index);
      if (refusal !== undefined) {
        this.#report(input, refusal.error);
        ended?.(refuse("invalid_input", refusal.problem));
        continue;
      }
      ended?.(grant(places.slice(next, next + events)));
      next += events;
    }
  }

  #report(input: ChannelInput, error: unknown): void {
    if (error === null) return;
    report("channel input failed", error, { channel: this.#host.channel.id, input: input.type });
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

  /** Answers whether to go on. */
  #perform(effect: ChannelEffect): boolean {
    switch (effect.type) {
      case "group-store":
        try {
          this.#store(effect);
          return true;
        } catch (error) {
          // Reported by the runtime, which gives this instance up.
          this.#host.broken(error);
          return false;
        }
      case "group-publish":
        this.#host.publish(effect.group);
        return true;
    }
  }

  #store(effect: Extract<ChannelEffect, { type: "group-store" }>): void {
    const { storage } = this.#host;
    const { group, recordedAt, connections, erasures } = effect;
    storage.transactionSync(() => {
      // Before the group: what was said in the group itself is erased in it already.
      const erased = eraseInGroups(storage.sql, erasures);
      for (const pending of pendingAfter(erasures, erased)) putErasure(storage.sql, pending);
      if (group.events.length > 0) appendGroup(storage.sql, group, recordedAt);
      saveConnections(storage.sql, connections);
    });
  }

  #remember(): void {
    this.#remembers = true;
    const { recent } = this.#state;
    const kept = readKeysSince(this.#host.storage.sql, Date.now() - RECENT_MS, {
      atLeast: RECENT_AT_LEAST,
      atMost: RECENT_AT_MOST,
      as: shortKey,
    });
    for (const { at, last, keys } of kept) {
      for (const [index, key] of keys.entries()) {
        if (key !== null) recent.add(key, last - keys.length + 1 + index);
      }
      recent.mark(last, at);
    }
  }
}

function countOf(input: ChannelInput): number {
  return input.type === "drafts-observed" ? input.drafts.length : 0;
}

function parseConnections(rows: readonly unknown[]): ConnectionMap {
  const entries = rows.flatMap((row) => {
    const parsed = ConnectionEntry.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
  return Object.fromEntries(entries.map((entry) => [entry.identifier, entry]));
}
