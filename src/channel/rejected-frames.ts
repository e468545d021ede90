import { redactDetail } from "../event/redact.ts";

/** A frame that could not be read. */
export interface RejectedFrame {
  readonly at: number;
  readonly problem: string;
  /** How it began, without secrets. */
  readonly start: string;
}

// Enough to see what it is, and to keep a few of.
const START_CHARS = 200;
const KEPT = 10;

/** Counts what could not be read, and keeps the beginnings of the last few. */
export class RejectedFrames {
  #count = 0;
  readonly #recent: RejectedFrame[] = [];

  add(problem: string, frame: string, secrets: readonly string[], at: number): void {
    this.#count += 1;
    // Redacted whole, then cut: half a secret is not known for one, and may be thousands long.
    const shown = (text: string): string => redactDetail(text, secrets).slice(0, START_CHARS);
    this.#recent.push({ at, problem: shown(problem), start: shown(frame) });
    if (this.#recent.length > KEPT) this.#recent.shift();
  }

  get count(): number {
    return this.#count;
  }

  get recent(): readonly RejectedFrame[] {
    return this.#recent;
  }
}
