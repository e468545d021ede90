import type { Chance } from "../kit/chance.ts";
import type { Utterance } from "../kit/utterance.ts";
import { viewcountResult } from "./wire.ts";

/** How many watch on each account. */
export class Viewers {
  readonly #chance: Chance;
  readonly #byAccount = new Map<number, number>();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** The count it is told, or one not far from the last. */
  told(accountId: number, count?: number): Utterance {
    const last = this.#byAccount.get(accountId) ?? this.#chance.integer(40, 160);
    const viewers = count ?? Math.max(0, last + this.#chance.integer(-4, 5));
    this.#byAccount.set(accountId, viewers);
    const rendered = viewcountResult(accountId, viewers);
    const spoken = { kind: "viewcountresult", key: null, target: String(accountId) };
    return { spoken: [{ ...spoken, text: String(viewers) }], framesFor: () => [rendered] };
  }
}
