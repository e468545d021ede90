interface Held<T> {
  readonly value: T;
  readonly bytes: number;
}

/** Values with a weight, up to a weight of all: those that were not asked for the longest go first. */
export class Weighed<T> {
  readonly #mostBytes: number;
  readonly #held = new Map<string, Held<T>>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  names(): Iterable<string> {
    return this.#held.keys();
  }

  get(name: string): T | null {
    const held = this.#held.get(name);
    if (held === undefined) return null;
    this.#held.delete(name);
    this.#held.set(name, held);
    return held.value;
  }

  /** Keeps a value in the place of the one before. One that is heavier than all may be is not kept. */
  set(name: string, value: T, bytes: number): void {
    this.drop(name);
    if (bytes > this.#mostBytes) return;
    this.#held.set(name, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= this.#mostBytes) return;
      this.drop(oldest);
    }
  }

  drop(name: string): void {
    this.#bytes -= this.#held.get(name)?.bytes ?? 0;
    this.#held.delete(name);
  }
}
