/** The answers that are being read, by the names of their requests. */
export class OpenAnswers {
  readonly #open = new Map<string, AbortController>();

  /** Begins one, and ends the earlier one of this name. Whoever reads it stops at the signal. */
  begin(request: string): AbortSignal {
    this.end(request);
    const controller = new AbortController();
    this.#open.set(request, controller);
    return controller.signal;
  }

  /** It has ended by itself. */
  forget(request: string, signal: AbortSignal): void {
    if (this.#open.get(request)?.signal === signal) this.#open.delete(request);
  }

  end(request: string): void {
    this.#open.get(request)?.abort();
    this.#open.delete(request);
  }

  endAll(): void {
    for (const controller of this.#open.values()) controller.abort();
    this.#open.clear();
  }
}
