/** One failure, at a step that is chosen: before it is carried out, or after, when its answer is lost. */
export class Fault {
  steps = 0;
  readonly #at: number;
  readonly #when: "before" | "after";

  constructor(at: number, when: "before" | "after") {
    this.#at = at;
    this.#when = when;
  }

  /** A world in which nothing fails: it counts the steps. */
  static none(): Fault {
    return new Fault(0, "before");
  }

  async step<T>(work: () => Promise<T>): Promise<T> {
    this.steps += 1;
    const isMeant = this.steps === this.#at;
    if (isMeant && this.#when === "before") throw new Error("planned: not carried out");
    const answer = await work();
    if (isMeant) throw new Error("planned: carried out, and the answer lost");
    return answer;
  }
}

/** Something whose methods fail as planned. */
export function failing<T extends object>(whole: T, names: readonly string[], fault: Fault): T {
  return new Proxy(whole, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const method = value.bind(target) as (...given: unknown[]) => Promise<unknown>;
      if (!names.includes(String(name))) return method;
      return (...given: unknown[]) => fault.step(() => method(...given));
    },
  });
}

const statements = new WeakMap<object, D1PreparedStatement>();

/** A database whose statements and batches fail as planned. */
export function failingDatabase(
  db: Pick<D1Database, "prepare" | "batch">,
  fault: Fault,
): Pick<D1Database, "prepare" | "batch"> {
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values));
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        const method = value.bind(target) as (...given: unknown[]) => Promise<unknown>;
        return (...given: unknown[]) => fault.step(() => method(...given));
      },
    });
    statements.set(wrapped, statement);
    return wrapped;
  };
  return {
    prepare: (query) => wrap(db.prepare(query)),
    batch: (list) => fault.step(() => db.batch(list.map((each) => statements.get(each) ?? each))),
  };
}
