import { isRecord, lookUp } from "../../../lib/json.ts";

/*
 * The fields of an event, which differ by its type and its age. One that is missing, null, empty or
 * of another kind is not there: nothing in here throws.
 */

export type Fields = Readonly<Record<string, unknown>>;

/** The first of some fields that holds a text. */
export function readText(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = lookUp(fields, name);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** The first of some fields that holds a whole number, not below 0, or its digits. */
export function readCount(fields: Fields, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = lookUp(fields, name);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    if (typeof value === "string" && /^\d{1,15}$/.test(value)) return Number(value);
  }
  return undefined;
}

export function isSet(fields: Fields, name: string): boolean {
  return readFlag(fields, name) === true;
}

/** A flag that is there, or its word; undefined for one that is not. */
export function readFlag(fields: Fields, name: string): boolean | undefined {
  const value = lookUp(fields, name);
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : undefined;
}

export function readFields(fields: Fields, name: string): Fields | undefined {
  const value = lookUp(fields, name);
  return isRecord(value) ? value : undefined;
}

/** The text of the message in an event, which is in a field of its own or is all there is of it. */
export function readWritten(event: Fields): string | undefined {
  return readText(event, "message") ?? readText(readFields(event, "message") ?? {}, "text");
}

/** The entries of a list that have fields. */
export function readList(fields: Fields, name: string): Fields[] {
  const value = lookUp(fields, name);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
