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
export function multiplyByWhole(value: string, factor: number): string | null {
  const match = DECIMAL.exec(value);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  const product = (BigInt(whole + fraction) * BigInt(Math.abs(factor))).toString();
  const digits = product.padStart(fraction.length + 1, "0");
  const cut = digits.length - fraction.length;
  const isNegative = (sign === "-") !== factor < 0;
  return tidy(isNegative ? "-" : "", digits.slice(0, cut), digits.slice(cut));
}

// Commas only where they group digits ("1,234.50", "1,00,000"): taken out of "4,20" they would make a
// hundred times as much of it.
const GROUPED = /^-?\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$/;

/** A number or its text as a plain decimal (never `1e21`), or null. */
export function toDecimal(value: unknown): string | null {
  if (typeof value === "string") {
    const text = value.trim();
    return divideByTen(GROUPED.test(text) ? text.replaceAll(",", "") : text, 0);
  }
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) >= 1e21) return null;
  const [digits = "", exponent = "0"] = String(value).split("e");
  return divideByTen(digits, -Number(exponent));
}

function tidy(sign: string, whole: string, fraction: string): string {
  const left = whole.replace(/^0+(?=\d)/, "");
  const right = fraction.replace(/0+$/, "");
  const number = right === "" ? left : `${left}.${right}`;
  return number === "0" ? "0" : sign + number;
}
