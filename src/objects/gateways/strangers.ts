import type { GatewayClient } from "./client.ts";

/** A socket whose credential comes in a frame has shown one by then, or is closed. */
const GREETING_MS = 15_000;

// Sockets of one object that go by no credential, from one address.
const FROM_ONE_MAX = 256;

/** The sockets that have shown no credential yet, and how many go by none from where. */
export class Strangers {
  readonly #silent = new Set<GatewayClient>();
  readonly #byFrom = new Map<string, Set<GatewayClient>>();

  add(client: GatewayClient): void {
    const there = this.#byFrom.get(client.from) ?? new Set();
    this.#byFrom.set(client.from, there.add(client));
    if (!client.isGreeted) this.#silent.add(client);
  }

  remove(client: GatewayClient): void {
    this.#silent.delete(client);
    const there = this.#byFrom.get(client.from);
    there?.delete(client);
    if (there?.size === 0) this.#byFrom.delete(client.from);
  }

  /** Its session has taken something in: it may have shown a credential. */
  look(client: GatewayClient): void {
    if (this.#silent.has(client) && client.greet()) this.#silent.delete(client);
  }

  /** Are there as many from an address that go by no credential as there may be? */
  isCrowd(from: string): boolean {
    let count = 0;
    for (const client of this.#byFrom.get(from) ?? []) if (client.isStranger) count += 1;
    return count >= FROM_ONE_MAX;
  }

  /** When the first of those that have shown none is to be closed; null for never. */
  get greetBy(): number | null {
    let first: number | null = null;
    for (const { arrivedAt } of this.#silent) first = Math.min(first ?? Infinity, arrivedAt);
    return first === null ? null : first + GREETING_MS;
  }

  /** Those that should have shown a credential by now. */
  lateAt(now: number): GatewayClient[] {
    return [...this.#silent].filter(({ arrivedAt }) => arrivedAt + GREETING_MS <= now);
  }
}
