/* JSON in parts, so that what is the same in two documents can be marked in both. Pure. */

/** A piece of the text; a value of its own has what it is compared by. */
export interface Part {
  readonly text: string;
  readonly same?: string;
}

/** Cuts a value's JSON, with two spaces a level, into its values and what is between them. */
export function cutJson(value: unknown): Part[] {
  const parts: Part[] = [];
  write(value, "", parts);
  return parts;
}

function write(value: unknown, indent: string, parts: Part[]): void {
  if (typeof value !== "object" || value === null) {
    const same = compareBy(value);
    const text = JSON.stringify(value) ?? "null";
    parts.push(same === null ? { text } : { text, same });
    return;
  }
  const isList = Array.isArray(value);
  const entries = isList
    ? value.map((each): [string, unknown] => ["", each])
    : Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.length === 0) {
    parts.push({ text: isList ? "[]" : "{}" });
    return;
  }
  const inner = `${indent}  `;
  for (const [at, [name, each]] of entries.entries()) {
    const opening = at === 0 ? (isList ? "[" : "{") : ",";
    parts.push({ text: `${opening}\n${inner}${isList ? "" : `${JSON.stringify(name)}: `}` });
    write(each, inner, parts);
  }
  parts.push({ text: `\n${indent}${isList ? "]" : "}"}` });
}

const TIME = /^\d{4}-\d\d-\d\dT/;
/** Digits of a time since 1970, and how many milliseconds one of its units is. */
const UNITS: ReadonlyMap<number, number> = new Map([
  [10, 1_000],
  [13, 1],
  [19, 1e-6],
]);

/**
 * The text that a value is compared by; null for what says too little: switches, nothing, a single sign. A
 * number is as its digits, and a time as its milliseconds, in whichever way it was written.
 */
function compareBy(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value).trim();
  if (text.length < 2) return null;
  if (TIME.test(text)) {
    const time = Date.parse(text);
    return Number.isNaN(time) ? text : `time ${time}`;
  }
  const unit = /^[12]\d+$/.test(text) ? UNITS.get(text.length) : undefined;
  return unit === undefined ? text : `time ${Math.floor(Number(text) * unit)}`;
}

/** Finds the values that stand in both. */
export function findSame(one: readonly Part[], other: readonly Part[]): ReadonlySet<string> {
  const known = new Set(one.map(({ same }) => same));
  return new Set(other.flatMap(({ same }) => (same !== undefined && known.has(same) ? same : [])));
}
