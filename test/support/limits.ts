import { AsyncLocalStorage } from "node:async_hooks";

/*
 * What the platform refuses in production and its local runtime lets pass. Everything is refused
 * where it would be there, and in the platform's own words, so that code which looks at an error
 * meets the one it will meet.
 */
export const LIMITS = {
  /** A value, and a row, of SQLite: texts count as UTF-8. */
  valueBytes: 2_000_000,
  parameters: 100,
  statementBytes: 100_000,
  /** Queries of D1 in one invocation. */
  queries: 1_000,
  /** Arguments or result of a call between objects. */
  messageBytes: 32 * 1024 * 1024,
} as const;

const TOO_BIG = "string or blob too big: SQLITE_TOOBIG";

/** Ends with an error what a statement may not be; `values` is what is bound to it. */
export function checkStatement(query: string, values: readonly unknown[], prefix = ""): void {
  if (bytesOf(query) > LIMITS.statementBytes) {
    throw new Error(`${prefix}statement too long: SQLITE_TOOBIG`);
  }
  if (values.length > LIMITS.parameters) {
    throw new Error(`${prefix}too many SQL variables: SQLITE_ERROR`);
  }
  const sizes = values.map(bytesOf);
  if (sizes.some((size) => size > LIMITS.valueBytes)) throw new Error(prefix + TOO_BIG);
  // What is written is at least near to being one row: nothing of ours writes two rows from values
  // that are half a row each.
  const row = sizes.reduce((sum, size) => sum + size, 0);
  const isWriting = /^\s*(insert|replace|update)\b/i.test(query);
  if (isWriting && row > LIMITS.valueBytes) throw new Error(prefix + TOO_BIG);
}

const encoder = new TextEncoder();

/** The bytes of a value as SQLite keeps it. */
function bytesOf(value: unknown): number {
  // What is short is not worth looking through: a hundred of it are no row that matters.
  if (typeof value === "string") {
    return value.length < 1_000 ? value.length : encoder.encode(value).length;
  }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  return 8;
}

/** Ends with an error what a call between objects cannot carry. */
export function checkMessage(value: unknown): void {
  const size = messageBytes(value);
  if (size <= LIMITS.messageBytes) return;
  throw new Error(
    `Serialized RPC arguments or return values are limited to 32MiB, but the size of this value was: ${size} bytes.`,
  );
}

// What V8 writes in two bytes a unit: a text with anything beyond Latin-1.
const WIDE = /[\u0100-\u{10ffff}]/u;

/** About the bytes that a structured clone of a value takes. */
function messageBytes(value: unknown): number {
  const seen = new Set<unknown>();
  const waiting = [value];
  let size = 0;
  while (waiting.length > 0) {
    const each = waiting.pop();
    size += 2;
    if (typeof each === "string") size += WIDE.test(each) ? each.length * 2 : each.length;
    else if (typeof each === "number" || typeof each === "bigint") size += 8;
    else if (each instanceof ArrayBuffer || ArrayBuffer.isView(each)) size += each.byteLength;
    else if (typeof each === "object" && each !== null && !seen.has(each)) {
      seen.add(each);
      if (each instanceof Map) waiting.push(...[...each.entries()].flat());
      else if (each instanceof Set) waiting.push(...each);
      else if (Array.isArray(each)) for (const item of each) waiting.push(item);
      else for (const [name, item] of Object.entries(each)) waiting.push(name, item);
    }
  }
  return size;
}

/**
 * One invocation: a request or a run of cron; of an object all that it does from one call, socket's
 * frame or alarm to the next. What an object does by itself, by a timer too, is counted with what
 * came in last: only what comes in has the platform count anew.
 */
interface Invocation {
  readonly owner: unknown;
  queries: number;
}

/** By object: the one that goes on. */
const ofObjects = new WeakMap<object, Invocation>();

const invocations = new AsyncLocalStorage<Invocation>();

/** Runs something as an invocation of its own. */
export function invoke<T>(owner: unknown, run: () => T): T {
  const isObject = typeof owner === "object" && owner !== null;
  const invocation = (isObject ? ofObjects.get(owner) : undefined) ?? { owner, queries: 0 };
  if (isObject) ofObjects.set(owner, invocation);
  invocation.queries = 0;
  return invocations.run(invocation, run);
}

/** Is this within an invocation of the same object already? */
export function isWithin(owner: unknown): boolean {
  return invocations.getStore()?.owner === owner;
}

/** Counts queries of D1 in this invocation; what a test asks by itself is not counted. */
export function countQueries(count: number): void {
  const invocation = invocations.getStore();
  if (invocation === undefined) return;
  invocation.queries += count;
  if (invocation.queries > LIMITS.queries) {
    throw new Error("D1_ERROR: Too many API requests by single worker invocation.");
  }
}
