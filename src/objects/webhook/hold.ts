import { computeInternalRetryMs } from "../../delivery/schedule.ts";
import { report } from "../../report.ts";

interface HoldHost {
  now(): number;
  random(): number;
}

/**
 * A pause of the whole endpoint, in memory, while its object cannot write down what it does: what
 * cannot be recorded would be done again at once, and as fast as the receiver answers.
 */
export class WebhookHold {
  readonly #host: HoldHost;
  #failures = 0;
  #until = 0;

  constructor(host: HoldHost) {
    this.#host = host;
  }

  /** When something may be done again; null for now. */
  get until(): number | null {
    return this.#until > this.#host.now() ? this.#until : null;
  }

  /** Something could not be written down. */
  begin(error: unknown): void {
    // Several that were under way at once fail for the same reason.
    if (this.until !== null) return;
    report("webhook not written", error);
    this.#until = this.#host.now() + computeInternalRetryMs(this.#failures, this.#host.random());
    this.#failures += 1;
  }

  /** Something was written down. */
  end(): void {
    this.#failures = 0;
    this.#until = 0;
  }
}
