type Kind = "user" | "action" | "user-action" | "user-mouse";

/** What viewers of one channel may not do again yet. Times are milliseconds since the epoch. */
export class Cooldowns {
  readonly #until = new Map<string, number>();
  readonly #taken = new Map<string, number[]>();

  isBlocked(kind: Kind, name: string): boolean {
    return (this.#until.get(`${kind} ${name}`) ?? 0) > Date.now();
  }

  block(kind: Kind, name: string, forMs: number): void {
    this.#until.set(`${kind} ${name}`, Date.now() + forMs);
  }

  /** False when so many have been taken already within that time. */
  take(name: string, limit: number, withinMs: number): boolean {
    const recent = this.#recent(name);
    if (recent.length >= limit) {
      return false;
    }
    this.#taken.set(name, [...recent, Date.now() + withinMs]);
    return true;
  }

  /** Until when each is blocked for everybody, and the several times of each mouse type. */
  report(): Record<string, number | number[]> {
    const prefix = "action ";
    const actions = [...this.#until].filter(
      ([name, until]) => name.startsWith(prefix) && until > Date.now(),
    );
    return Object.fromEntries([
      ...actions.map(([name, until]) => [name.slice(prefix.length), until] as const),
      ...[...this.#taken.keys()].map((name) => [name, this.#recent(name)] as const),
    ]);
  }

  #recent(name: string): number[] {
    return (this.#taken.get(name) ?? []).filter((until) => until > Date.now());
  }
}
