import type { Amount } from "../../../event/shapes.ts";
import { divideByTen, multiplyByWhole } from "../../../lib/decimal.ts";

/** Each gift's worth in lemons, as a power of ten (https://docs.dlive.tv). */
const LEMONS: ReadonlyMap<string, number> = new Map([
  ["LEMON", 0],
  ["ICE_CREAM", 1],
  ["DIAMOND", 2],
  ["NINJAGHINI", 3],
  ["NINJET", 4],
]);

/** Coins whose amount comes in millionths. */
const COINS: ReadonlyMap<string, string> = new Map([
  ["BTT", "dlive:btt"],
  ["TRX", "dlive:trx"],
]);

const LEMON = "dlive:lemon";
const MILLION = 1_000_000;

/** Chest values are hundred-thousandths of a lemon. */
const CHEST_PLACES = 5;

/** Does it come by the piece, not as an amount of a coin? */
export function isPiece(gift: string): boolean {
  return LEMONS.has(gift);
}

/** Computes the worth of so many of a gift; null for an unknown gift or count. */
export function toWorth(gift: string, count: string): Amount | null {
  const coin = COINS.get(gift);
  if (coin !== undefined) return toAmount(divideByTen(count, 6), coin);
  const places = LEMONS.get(gift);
  return places === undefined ? null : toAmount(multiplyByWhole(count, 10 ** places), LEMON);
}

/**
 * The gift that an amount is, as DLive has it; of what is not DLive's own, its unit is the name.
 */
export function chooseGift(
  { value, currency }: Amount,
  piece: string | undefined,
): { readonly gift: string; readonly amount: string } {
  if (currency === LEMON) {
    const gift = piece !== undefined && isPiece(piece) ? piece : "LEMON";
    return { gift, amount: divideByTen(value, LEMONS.get(gift) ?? 0) ?? value };
  }
  for (const [gift, coin] of COINS) {
    if (coin === currency) return { gift, amount: multiplyByWhole(value, MILLION) ?? value };
  }
  const [unit = ""] = currency.split(":").slice(-1);
  return { gift: unit.toUpperCase(), amount: value };
}

/** A chest's value in lemons, of what DLive says. */
export function readChestValue(chestValue: string): Amount | null {
  return toAmount(divideByTen(chestValue, CHEST_PLACES), LEMON);
}

/** A chest's value as DLive says it; null for what is no lemons. */
export function toChestValue({ value, currency }: Amount): string | null {
  return currency === LEMON ? multiplyByWhole(value, 10 ** CHEST_PLACES) : null;
}

function toAmount(value: string | null, currency: string): Amount | null {
  return value === null ? null : { value, currency, kind: "virtual" };
}
