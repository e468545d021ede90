/* Amounts, as people write them. Pure. */
import type { Amount } from "./events.ts";
import { cleanText } from "./text.ts";

/** A decimal as a number that is only compared and added up: of money four places count. */
export function readDecimal(text: unknown): number {
  const value = Number(text);
  return Number.isFinite(value) ? Math.round(value * 1e4) / 1e4 : 0;
}

/** Writes an amount as people of a language write it. */
export function formatAmount(
  { value, currency, kind, display }: Amount,
  lang: string | undefined,
): string {
  if (kind === "fiat" && Number.isFinite(Number(value))) {
    try {
      const whole = /^-?\d+(\.0*)?$/.test(value) ? { maximumFractionDigits: 0 } : {};
      // A decimal as text is formatted exactly.
      return new Intl.NumberFormat(lang, { style: "currency", currency, ...whole }).format(
        value as unknown as number,
      );
    } catch {
      // No currency that the browser knows: as it was said.
    }
  }
  if (display) return cleanText(display, 40);
  return `${new Intl.NumberFormat(lang).format(readDecimal(value))} ${cleanText(currency, 16)}`;
}
