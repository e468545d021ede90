import { within } from "../deadline.ts";
import { report } from "../report.ts";
import {
  dropErrand,
  dropErrands,
  listErrands,
  putErrand,
  type Errand,
} from "../store/object/errands.ts";

/** The port through which errands reach their object. */
export interface ErrandsHost<Kind extends string> {
  readonly storage: DurableObjectStorage;
  /** Tells it. To be told twice has to be the same as once: an answer may be lost. */
  perform(errand: Errand<Kind>): Promise<unknown>;
  /** Something is, or is not, still to be told: be woken for it. */
  keepAlarm(isNeeded: boolean): void;
}

// Long enough for an object that has to be started, and short enough for somebody who waits.
const CALL_MS = 5_000;

/**
 * The errands: what other objects and stores are still to be told, each until it has answered. It
 * is written down together with what it is about: whatever is lost in between, it is told in the
 * end.
 */
export class Errands<Kind extends string> {
  readonly #host: ErrandsHost<Kind>;
  /** Added since the last round began: the answers to that one are not about them. */
  readonly #fresh = new Set<string>();
  #isAny: boolean;
  #running: Promise<void> | null = null;

  constructor(host: ErrandsHost<Kind>) {
    this.#host = host;
    this.#isAny = listErrands(host.storage.sql).length > 0;
  }

  get isAny(): boolean {
    return this.#isAny;
  }

  /**
   * Writes them down. Belongs into the transaction of what they are about; `added` comes after it.
   */
  put(errands: readonly Errand<Kind>[]): void {
    for (const errand of errands) {
      putErrand(this.#host.storage.sql, errand);
      this.#fresh.add(formatErrandKey(errand));
    }
  }

  /** Drops errands that are no longer true. */
  drop(kind: Kind): void {
    dropErrands(this.#host.storage.sql, kind);
  }

  /** Some have come or gone, and it is on disk: sees to it that they are told. */
  changed(): void {
    this.#isAny = listErrands(this.#host.storage.sql).length > 0;
    this.#host.keepAlarm(this.#isAny);
  }

  /** Some have come, and it is on disk: begins to tell them, and waits for nobody. */
  begin(): void {
    this.changed();
    void this.run();
  }

  /** Tells all there is to tell, once. Never throws: what is not answered is told again later. */
  run(): Promise<void> {
    if (!this.#isAny) return Promise.resolve();
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#fresh.clear();
      const errands = listErrands(this.#host.storage.sql) as Errand<Kind>[];
      await Promise.all(errands.map((errand) => this.#tell(errand)));
    } while (this.#fresh.size > 0);
    this.changed();
  }

  async #tell(errand: Errand<Kind>): Promise<void> {
    const { kind, number } = errand;
    try {
      await within(CALL_MS, this.#host.perform(errand));
      if (!this.#fresh.has(formatErrandKey(errand))) dropErrand(this.#host.storage.sql, errand);
    } catch (error) {
      report("errand failed", error, { kind, channel: number });
    }
  }
}

function formatErrandKey({ kind, name, number }: Errand): string {
  return `${kind} ${name} ${number}`;
}
