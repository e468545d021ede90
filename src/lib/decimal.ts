const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * A decimal moved `places` to the right of the point (÷ 10^places), exactly, with no needless zeros:
 * `divideByTen("250000", 5)` is "2.5". Null for text that is no decimal.
 */
export function divideByTen(value: string, places: number): string | null {
  const match = DECIMAL.exec(value);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  const digits = whole.padStart(places + 1, "0");
  const cut = digits.length - places;
  return tidy(sign, digits.slice(0, cut), digits.slice(cut) + fraction);
}

/** A decimal times a whole number, exactly. Null for text that is no decimal. */
export function timesWhole(value: string, factor: number): string | null {
  const match = DECIMAL.exec(value);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  const product = (BigInt(whole + fraction) * BigInt(factor)).toString();
  const digits = product.padStart(fraction.length + 1, "0");
  const cut = digits.length - fraction.length;
  return tidy(sign, digits.slice(0, cut), digits.slice(cut));
}

/** A number or its text as a plain decimal (never `1e21`), or null. */
export function toDecimal(value: unknown): string | null {
  if (typeof value === "string") return divideByTen(value.trim().replaceAll(",", ""), 0);
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) >= 1e21) return null;
  const text = String(value);
  return text.includes("e") ? divideByTen(value.toFixed(20), 0) : divideByTen(text, 0);
}

function tidy(sign: string, whole: string, fraction: string): string {
  const left = whole.replace(/^0+(?=\d)/, "");
  const right = fraction.replace(/0+$/, "");
  const number = right === "" ? left : `${left}.${right}`;
  return number === "0" ? "0" : sign + number;
}
