import {
  decide,
  type ChannelEffect,
  type ChannelInput,
  type ChannelState,
  type Decision,
  type Placed,
} from "../../channel/channel.ts";
import type { ConnectionMap } from "../../channel/connection-map.ts";
import {
  closeGroup,
  closesIn,
  measureGroup,
  NO_GROUP,
  observeSending,
} from "../../channel/grouping.ts";
import { countEvents, listOutcomes, refuseAll } from "../../channel/outcomes.ts";
import type { Group } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import type { Merge } from "../../event/merge.ts";
import { report } from "../../report.ts";
import { loadChannelState, loadRecentKeys, loadTellings, storeGroup } from "./log-store.ts";

/** The rest of the object, as far as the log needs it. */
export interface LogHost {
  readonly storage: DurableObjectStorage;
  readonly channel: { readonly id: string; readonly epoch: string };
  /** The sockets that a group goes to, and whether the last group is still on its way to them. */
  readonly clients: { readonly count: number; readonly isSending: boolean };
  readonly hubs: { readonly count: number };
  readonly config: { readonly merge: Merge };
  /** Is told once of each group that is on disk, in order. */
  readonly publication: { publish(group: Group): void };
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
    this.#state = loadChannelState(host.storage.sql, host.channel);
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

  get merged(): Readonly<Record<string, number>> {
    return this.#state.merged;
  }

  get repeats(): number {
    return this.#state.repeats;
  }

  /**
   * Takes on what has happened. `bytes` is about how much the events will take. `ended` is told once
   * it is written, or refused.
   */
  offer(input: ChannelInput, bytes: number, ended?: (placed: Placed) => void): void {
    this.#enqueue({ input, events: countEvents(input), bytes, ended });
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

  /** Writes what has gathered; what is offered from now on is dropped. */
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
    const isSending = this.#last.sentAt === null && this.#host.clients.isSending;
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
    const { clients, hubs } = this.#host;
    this.#last = closeGroup(clients.count + hubs.count, Date.now());
    this.#answer(taken, decision);
  }

  /**
   * Has a group decided. What fails here is the relay's own fault and has changed nothing: the
   * inputs of the group are refused, and the channel goes on.
   */
  #decide(taken: readonly Waiting[]): Decision {
    try {
      return decide(
        { ...this.#state, merge: this.#host.config.merge },
        taken.map((each) => each.input),
      );
    } catch (error) {
      // Reported with each input that is refused for it.
      return refuseAll(this.#state, taken.length, error);
    }
  }

  /** Tells everyone who waits what came of it. */
  #answer(taken: readonly Waiting[], decision: Decision): void {
    const outcomes = listOutcomes(
      taken.map((each) => each.input),
      decision,
    );
    for (const [index, { placed, error }] of outcomes.entries()) {
      const waiting = taken[index];
      if (waiting === undefined) continue;
      if (error !== null) this.#report(waiting.input, error);
      waiting.ended?.(placed);
    }
  }

  #report(input: ChannelInput, error: unknown): void {
    if (error === null) return;
    report("channel input failed", error, { channel: this.#host.channel.id, input: input.type });
  }

  /** The first of what waits, as much as makes one group: at least one. */
  #take(): Waiting[] {
    const { count, events, bytes } = measureGroup(this.#waiting);
    this.#events -= events;
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  /** Answers whether to go on. */
  #perform(effect: ChannelEffect): boolean {
    switch (effect.type) {
      case "group-store":
        try {
          storeGroup(this.#host.storage, effect);
          return true;
        } catch (error) {
          // Reported by the runtime, which gives this instance up.
          this.#host.broken(error);
          return false;
        }
      case "group-publish":
        this.#host.publication.publish(effect.group);
        return true;
    }
  }

  #remember(): void {
    this.#remembers = true;
    const { storage, config } = this.#host;
    const named = loadRecentKeys(storage.sql, this.#state.recent, Date.now());
    if (config.merge !== "natural") return;
    const tellings = loadTellings(storage.sql, named, Date.now());
    this.#state = { ...this.#state, tellings };
  }
}
