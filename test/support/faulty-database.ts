/** How a call to the database fails: it never comes there, its answer is lost, or it comes late. */
export type Fault = "before" | "after" | "late";

/** A database of which some calls fail, each in its way. */
export class FaultyDatabase {
  readonly #real: D1Database;
  /** The calls until one fails, and how. */
  #next: { calls: number; readonly fault: Fault } | null = null;
  #late: (() => Promise<unknown>)[] = [];

  constructor(real: D1Database) {
    this.#real = real;
  }

  /** The call after so many fails. */
  plan(calls: number, fault: Fault): void {
    this.#next = { calls, fault };
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
        this.#call(() => this.#real.batch(statements.map(({ real }) => real))),
      getBookmark: () => null,
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

  async #call<T>(perform: () => Promise<T>): Promise<T> {
    const next = this.#next;
    if (next === null) return perform();
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
