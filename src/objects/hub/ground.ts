import type { Ground } from "../../event/principal.ts";
import type { HeldGround } from "../../store/hub/feeds.ts";

/** The facts that decide who may read a channel, as far as a hub has heard of them. */
export class KnownGround {
  readonly #channel: string;
  #newest: (HeldGround & Ground) | null;

  constructor(channel: string, known: HeldGround | null) {
    this.#channel = channel;
    this.#newest = known === null ? null : { id: channel, ...known };
  }

  /** Null before any were heard of. */
  get newest(): (HeldGround & Ground) | null {
    return this.#newest;
  }

  /** Takes facts over. Answers whether they are newer than what was known. */
  learn(ground: HeldGround): boolean {
    if (this.#newest !== null && !isNewer(ground, this.#newest)) return false;
    this.#newest = { id: this.#channel, ...ground };
    return true;
  }
}

/** Is it of a later time, or of a later channel of the name? */
function isNewer(ground: HeldGround, known: HeldGround): boolean {
  return (
    ground.number > known.number ||
    (ground.number === known.number && ground.updatedAt > known.updatedAt)
  );
}
