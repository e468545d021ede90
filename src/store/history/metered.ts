/**
 * Is told of so many queries before they are made: they are once it has returned, or its promise has
 * resolved, and are not where it throws.
 */
export type TakeQueries = (count: number) => Promise<void> | void;

/** May so many queries still be made? Asked before a step is begun. */
export type HasQueries = (count: number) => boolean;

/** An allowance of so many queries: what goes beyond it fails before D1 refuses it. */
export function allowQueries(most: number): TakeQueries {
  let left = most;
  return (count) => {
    if (left < count) throw new Error(`more than ${most} queries at once`);
    left -= count;
  };
}

/** The database, by which every query is taken from an allowance first: D1 counts them, and ends. */
export function meterDatabase(db: D1Database, take: TakeQueries): D1Database {
  return new MeteredDatabase(db, take) as Partial<D1Database> as D1Database;
}

class MeteredStatement {
  readonly statement: D1PreparedStatement;
  readonly #take: TakeQueries;

  constructor(statement: D1PreparedStatement, take: TakeQueries) {
    this.statement = statement;
    this.#take = take;
  }

  bind(...values: unknown[]): MeteredStatement {
    return new MeteredStatement(this.statement.bind(...values), this.#take);
  }

  async first(column?: string): Promise<unknown> {
    await this.#take(1);
    return column === undefined ? this.statement.first() : this.statement.first(column);
  }

  async run(): Promise<D1Result> {
    await this.#take(1);
    return this.statement.run();
  }

  async all(): Promise<D1Result> {
    await this.#take(1);
    return this.statement.all();
  }

  async raw(): Promise<unknown[]> {
    await this.#take(1);
    return this.statement.raw();
  }
}

class MeteredQueries<Inner extends Pick<D1Database, "prepare" | "batch">> {
  protected readonly inner: Inner;
  protected readonly take: TakeQueries;

  constructor(inner: Inner, take: TakeQueries) {
    this.inner = inner;
    this.take = take;
  }

  prepare(query: string): D1PreparedStatement {
    const made = new MeteredStatement(this.inner.prepare(query), this.take);
    return made as object as D1PreparedStatement;
  }

  async batch(statements: D1PreparedStatement[]): Promise<D1Result[]> {
    await this.take(statements.length);
    return this.inner.batch(
      statements.map((each) => (each instanceof MeteredStatement ? each.statement : each)),
    );
  }
}

class MeteredSession extends MeteredQueries<D1DatabaseSession> {
  getBookmark(): D1SessionBookmark | null {
    return this.inner.getBookmark();
  }
}

class MeteredDatabase extends MeteredQueries<D1Database> {
  withSession(constraint?: D1SessionBookmark): D1DatabaseSession {
    const session = new MeteredSession(this.inner.withSession(constraint), this.take);
    return session as Partial<D1DatabaseSession> as D1DatabaseSession;
  }
}
