/*
 * The rate limit of a relay on one machine. Cloudflare counts in the memory of the machine that a request
 * is on; Miniflare's stand-in asks a Durable Object with a database, which costs more than all of a
 * socket. There is one process here, so counting in its memory is exact.
 */

/**
 * A rate limiter as the platform's binding is one: so many times a key, in each period of the clock.
 */
export class LocalRateLimit {
  #limit;
  #periodMs;
  #now;
  #window = 0;
  #counts = new Map();

  constructor({ limit, period }, now = Date.now) {
    this.#limit = limit;
    this.#periodMs = period * 1_000;
    this.#now = now;
  }

  async limit({ key }) {
    const window = Math.floor(this.#now() / this.#periodMs);
    if (window !== this.#window) this.#counts.clear();
    this.#window = window;
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#limit) return { success: false };
    this.#counts.set(key, count + 1);
    return { success: true };
  }
}
