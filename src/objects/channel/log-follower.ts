import type { SliceLimits } from "../../channel/batching.ts";
import { within } from "../../deadline.ts";
import type { Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { computeFullJitter, OBJECT_CALLS } from "../../lib/backoff.ts";
import { report } from "../../report.ts";
import type { LoggedEvent } from "../../store/logged-event.ts";

/** The events that a follower hears of the log, and how much at once. */
export interface FollowerQuery extends SliceLimits {
  readonly filter: Filter;
  /** Does it hear of what orders erasures, whatever its filter says? */
  readonly hearsErasures: boolean;
  /** With the providers' words? */
  readonly isRaw: boolean;
}

/** Everything after one place of the log up to another that a filter lets through. */
export interface LogSlice {
  readonly from: Seq;
  readonly to: Seq;
  readonly filter: Filter;
  readonly events: readonly LoggedEvent[];
  /** The log does not have it any more: nobody can say what was in it. */
  readonly isLost: boolean;
}

/** The differences between one kind of follower and another. */
export interface FollowerPort {
  /** Names it in the relay's own log. */
  readonly name: string;
  /** Takes anything at present? */
  readonly isListening: boolean;
  readonly query: FollowerQuery;
  /** After a failure: is it asked where it is, with nothing, before it is given anything again? */
  readonly isAskedFirst: boolean;
  /** How long more is left to gather after a call, in milliseconds. */
  readonly gatherMs: number;
  /** Gives it a slice. What its answer means is settled only where it has come in time. */
  give(slice: LogSlice): Promise<Settle>;
}

/** Does what an answer asks for; returns where the follower is, or null where that was not said. */
export type Settle = () => Seq | null;

/** The log, as a follower reads it. */
export interface LogSource {
  /** How far the log goes that may be given on. */
  readonly head: Seq;
  isFollowedBy(follower: LogFollower): boolean;
  read(from: Seq, query: FollowerQuery): Promise<LogSlice>;
}

/** A call that has not been answered by then has failed. */
export const GIVE_MS = 10_000;

/**
 * Gives the log on to one other object, from a cursor: one call at a time, beside the channel's own
 * work. Where the other is, is for the other to say: each answer moves the cursor. What it cannot
 * take waits in the log.
 */
export class LogFollower {
  readonly #source: LogSource;
  readonly #port: FollowerPort;
  #cursor: Seq;
  /** It has to be asked where it is. */
  #isUnsure = false;
  #isRunning = false;
  #failures = 0;
  /** Not before this, in milliseconds since 1970: a call failed, or more is left to gather. */
  #notBefore = 0;
  /** Ends the wait under way. */
  #endWait: (() => void) | null = null;

  constructor(source: LogSource, port: FollowerPort, cursor: Seq) {
    this.#source = source;
    this.#port = port;
    this.#cursor = cursor;
  }

  /** Everything up to here it has. */
  get cursor(): Seq {
    return this.#cursor;
  }

  /** Is there something to be given to it? */
  get isDue(): boolean {
    const isWanted = this.#source.isFollowedBy(this) && this.#port.isListening;
    return isWanted && (this.#isUnsure || this.#cursor < this.#source.head);
  }

  /** Goes on at once from where the other says it is, whatever failed before. */
  moveTo(place: Seq): void {
    this.#cursor = Math.min(place, this.#source.head);
    this.#isUnsure = false;
    this.#failures = 0;
    this.#notBefore = 0;
    this.#endWait?.();
    this.start();
  }

  /** Asks the other where it is. */
  ask(): void {
    this.#isUnsure = true;
    this.start();
  }

  /** Gives on what there is to give on. Cheap where there is nothing. */
  start(): void {
    if (this.#isRunning || !this.isDue) return;
    this.#isRunning = true;
    void this.#run();
  }

  /** Is followed no more: nothing is waited for. */
  end(): void {
    this.#endWait?.();
  }

  async #run(): Promise<void> {
    // Not in the channel's own turn: the group goes to its own sockets first.
    await Promise.resolve();
    while (this.isDue) {
      const wait = this.#notBefore - Date.now();
      if (wait > 0) await this.#wait(wait);
      else await this.#giveNext();
    }
    this.#isRunning = false;
  }

  async #giveNext(): Promise<void> {
    const from = this.#cursor;
    const isAsking = this.#isUnsure;
    try {
      const slice = await this.#readNext(from, isAsking);
      // It may have gone, or have been moved, while the log was read.
      if (!this.isDue || this.#cursor !== from) return;
      this.#isUnsure = false;
      const settle = await within(GIVE_MS, this.#port.give(slice));
      this.#note(from, settle(), isAsking);
    } catch (error) {
      report("log follower failed", error, { follower: this.#port.name });
      this.#notBefore = Date.now() + computeFullJitter(this.#failures, Math.random(), OBJECT_CALLS);
      this.#failures += 1;
      this.#isUnsure = this.#port.isAskedFirst;
    }
  }

  async #readNext(from: Seq, isAsking: boolean): Promise<LogSlice> {
    const { filter } = this.#port.query;
    const { head } = this.#source;
    if (isAsking) return { from: head, to: head, filter, events: [], isLost: false };
    const slice = await this.#source.read(from, this.#port.query);
    if (slice.to <= from) throw new Error("the log was not read any further");
    return slice;
  }

  #note(from: Seq, place: Seq | null, isAsking: boolean): void {
    // An answer to an old question must not take a new place back.
    if (place !== null && this.#cursor === from) {
      this.#cursor = Math.min(place, this.#source.head);
      const hasMoved = isAsking || this.#cursor !== from;
      if (!hasMoved && this.isDue) throw new Error("nothing was taken");
    }
    // One that says where it is has not taken yet what it could not take.
    if (!isAsking || !this.isDue) this.#failures = 0;
    this.#notBefore = Date.now() + this.#port.gatherMs;
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endWait = null;
  }
}
