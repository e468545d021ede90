import { type Check, fail } from "./validation.ts";

interface Length {
  readonly min?: number;
  readonly max?: number;
  readonly maxBytes?: number;
}

export function text({ min = 0, max, maxBytes }: Length = {}): Check {
  return (value, path) => {
    if (typeof value !== "string") {
      fail(path, value, "string.base", "must be a string");
    }
    if (value === "" && min > 0) {
      fail(path, value, "string.empty", "is not allowed to be empty");
    }
    if (value.length < min) {
      const words = `length must be at least ${min} characters long`;
      fail(path, value, "string.min", words, { limit: min });
    }
    if (max !== undefined && value.length > max) {
      const words = `length must be less than or equal to ${max} characters long`;
      fail(path, value, "string.max", words, { limit: max });
    }
    if (maxBytes !== undefined && Buffer.byteLength(value) > maxBytes) {
      const words = `length must be less than or equal to ${maxBytes} characters long`;
      fail(path, value, "string.max", words, { limit: maxBytes, encoding: "utf8" });
    }
    return value;
  };
}

export function alphanumeric(length: Length): Check {
  const check = text(length);
  return (value, path) => {
    const checked = check(value, path);
    if (!/^[a-z\d]+$/i.test(String(checked))) {
      fail(path, value, "string.alphanum", "must only contain alpha-numeric characters");
    }
    return checked;
  };
}

export function matching(pattern: RegExp, length: Length): Check {
  const check = text(length);
  return (value, path) => {
    const checked = String(check(value, path));
    if (!pattern.test(checked)) {
      const words = `with value "${checked}" fails to match the required pattern: ${pattern}`;
      fail(path, value, "string.pattern.base", words, { regex: {} });
    }
    return checked;
  };
}

export function oneOf(valids: readonly string[]): Check {
  return (value, path) =>
    typeof value === "string" && valids.includes(value)
      ? value
      : fail(path, value, "any.only", `must be one of [${valids.join(", ")}]`, { valids });
}

/** A numeric string is converted. */
export function number(min: number, max: number): Check {
  return (value, path) => {
    const isNumeric = typeof value === "string" && value.trim() !== "";
    const converted = isNumeric ? Number(value) : value;
    if (typeof converted !== "number" || !Number.isFinite(converted)) {
      fail(path, value, "number.base", "must be a number");
    }
    if (converted < min) {
      const words = `must be greater than or equal to ${min}`;
      fail(path, converted, "number.min", words, { limit: min });
    }
    if (converted > max) {
      fail(path, converted, "number.max", `must be less than or equal to ${max}`, { limit: max });
    }
    return converted;
  };
}

const truths: readonly unknown[] = [true, 1, "true"];
const untruths: readonly unknown[] = [false, 0, "false"];

export function boolean(): Check {
  return (value, path) => {
    if (truths.includes(value)) {
      return true;
    }
    return untruths.includes(value)
      ? false
      : fail(path, value, "boolean.base", "must be a boolean");
  };
}

export function textOrNumber(asText: Check, asNumber: Check): Check {
  return (value, path) => {
    if (typeof value === "string" || typeof value === "number") {
      return typeof value === "string" ? asText(value, path) : asNumber(value, path);
    }
    const types = ["string", "number"];
    return fail(path, value, "alternatives.types", "must be one of [string, number]", { types });
  };
}
