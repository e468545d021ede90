import type { Bucket } from "../../src/store/history/bucket.ts";

/** How a call to the database fails: it never comes there, its answer is lost, or it comes late. */
export type Fault = "before" | "after" | "late";

const BUCKET_METHODS: readonly string[] = ["put", "get", "head", "list", "delete"];

/** A database of which some calls fail, and of the bucket beside it, each in its way. */
export class FaultyDatabase {
  readonly #real: D1Database;
  readonly #archive: Bucket | undefined;
  /** The calls until one fails, and how. */
  #next: { calls: number; readonly fault: Fault; readonly isOfBatches: boolean } | null = null;
  #late: (() => Promise<unknown>)[] = [];
  #arrivesAfter = Infinity;

  constructor(real: D1Database, bucket?: Bucket) {
    this.#real = real;
    this.#archive = bucket === undefined ? undefined : this.#wrapBucket(bucket);
  }

  /** The call after so many fails. */
  plan(calls: number, fault: Fault): void {
    this.#next = { calls, fault, isOfBatches: false };
  }

  /** The batch of statements after so many fails. */
  planBatch(calls: number, fault: Fault): void {
    this.#next = { calls, fault, isOfBatches: true };
  }

  /** What was on its way is carried out when so many more calls were. */
  arriveAfter(calls: number): void {
    this.#arrivesAfter = calls;
  }

  /** Is the failure still to come? */
  get isPlanned(): boolean {
    return this.#next !== null;
  }

  /** Is something on its way? */
  get isWaiting(): boolean {
    return this.#late.length > 0;
  }

  heal(): void {
    this.#next = null;
  }

  /** What was on its way is carried out, whatever has happened since; a constraint may refuse it. */
  async arrive(): Promise<void> {
    for (const call of this.#late.splice(0)) await call().catch(() => null);
  }

  get database(): D1Database {
    const open = (): object => this.#open();
    return { ...open(), withSession: open } as Partial<D1Database> as D1Database;
  }

  #open(): object {
    return {
      prepare: (query: string) => this.#wrap(this.#real.prepare(query)),
      batch: (statements: Wrapped[]) =>
        this.#call(() => this.#real.batch(statements.map(({ real }) => real)), true),
      getBookmark: () => null,
      archive: this.#archive,
    };
  }

  #wrap(real: D1PreparedStatement): Wrapped {
    return {
      real,
      bind: (...values: unknown[]) => this.#wrap(real.bind(...values)),
      all: () => this.#call(() => real.all()),
      run: () => this.#call(() => real.run()),
      first: () => this.#call(() => real.first()),
    };
  }

  #wrapBucket(bucket: Bucket): Bucket {
    return new Proxy(bucket, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        const method = value.bind(target) as (...given: unknown[]) => Promise<unknown>;
        if (!BUCKET_METHODS.includes(String(name))) return method;
        return (...given: unknown[]) => this.#call(() => method(...given));
      },
    });
  }

  async #call<T>(perform: () => Promise<T>, isBatch = false): Promise<T> {
    if ((this.#arrivesAfter -= 1) < 0) {
      this.#arrivesAfter = Infinity;
      await this.arrive();
    }
    const next = this.#next;
    if (next === null || (next.isOfBatches && !isBatch)) return perform();
    next.calls -= 1;
    if (next.calls >= 0) return perform();
    this.#next = null;
    if (next.fault === "after") await perform();
    if (next.fault === "late") this.#late.push(perform);
    throw new Error("the database is away");
  }
}

interface Wrapped {
  readonly real: D1PreparedStatement;
  readonly bind: (...values: unknown[]) => Wrapped;
  readonly all: () => Promise<unknown>;
  readonly run: () => Promise<unknown>;
  readonly first: () => Promise<unknown>;
}
