interface Found<T> {
  readonly value: T;
  readonly until: number;
}

/** Values that were found a short while ago: so many at most, and none for longer than `keepMs`. */
export class Recent<T> {
  readonly #keepMs: number;
  readonly #most: number;
  /** The oldest first. */
  readonly #found = new Map<string, Found<T>>();

  constructor(limits: { readonly keepMs: number; readonly most: number }) {
    this.#keepMs = limits.keepMs;
    this.#most = limits.most;
  }

  get size(): number {
    return this.#found.size;
  }

  /** The value that was found under this name; null if there is none, or it is too old by now. */
  get(name: string, now: number): T | null {
    const found = this.#found.get(name);
    return found !== undefined && now < found.until ? found.value : null;
  }

  has(name: string): boolean {
    return this.#found.has(name);
  }

  /** Notes what was found; null takes away what was found before. */
  set(name: string, value: T | null, now: number): void {
    this.#found.delete(name);
    if (value === null) return;
    this.#found.set(name, { value, until: now + this.#keepMs });
    if (this.#found.size <= this.#most) return;
    const [oldest] = this.#found.keys();
    if (oldest !== undefined) this.#found.delete(oldest);
  }
}
