import type { Decoded } from "../../../lib/json.ts";
import { readTokens, type Token } from "./graphql-tokens.ts";

/*
 * A reader of as much of GraphQL as DLive's clients write: operations, fragments, arguments and the
 * two directives that leave something out. It knows no schema. Types are read over.
 */

/** An argument as it is written. */
export type Value =
  | { readonly kind: "plain"; readonly value: string | number | boolean | null }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, Value> };

/** A directive that leaves its field out where `given` is not `wanted`. */
export interface Condition {
  readonly given: Value;
  readonly wanted: boolean;
}

export type Selection =
  | {
      readonly kind: "field";
      /** Its key in the answer. */
      readonly alias: string;
      readonly name: string;
      readonly args: ReadonlyMap<string, Value>;
      readonly when: readonly Condition[];
      readonly selections: readonly Selection[];
    }
  | { readonly kind: "spread"; readonly fragment: string; readonly when: readonly Condition[] }
  | {
      readonly kind: "inline";
      readonly on: string | null;
      readonly when: readonly Condition[];
      readonly selections: readonly Selection[];
    };

export interface Operation {
  readonly kind: "query" | "mutation" | "subscription";
  readonly name: string | null;
  /** The defaults of its variables. */
  readonly defaults: ReadonlyMap<string, Value>;
  readonly selections: readonly Selection[];
}

export interface Fragment {
  readonly on: string;
  readonly selections: readonly Selection[];
}

export interface Document {
  readonly operations: readonly [Operation, ...Operation[]];
  readonly fragments: ReadonlyMap<string, Fragment>;
}

/** Deeper than any query of a real client. */
const DEPTH_MAX = 24;

const END: Token = { kind: "mark", text: "the end" };

/** Reads a document. Never throws. */
export function readDocument(text: string): Decoded<Document> {
  const tokens = readTokens(text);
  if (tokens === null) return { ok: false, problem: "not a GraphQL document" };
  const reader = new Reader(tokens);
  const operations: Operation[] = [];
  const fragments = new Map<string, Fragment>();
  while (!reader.isOver) {
    if (reader.isAt("fragment")) readFragment(reader, fragments);
    else operations.push(readOperation(reader));
  }
  if (reader.problem !== null) return { ok: false, problem: reader.problem };
  const [first, ...others] = operations;
  return first === undefined
    ? { ok: false, problem: "no operation in the document" }
    : { ok: true, value: { operations: [first, ...others], fragments } };
}

/** Goes over the words. What is wrong ends it: from then on there are no more words. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  problem: string | null = null;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isOver(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Is the next word this one, and not a string that says the same? */
  isAt(text: string): boolean {
    const next = this.#tokens[this.#at];
    return next !== undefined && next.kind !== "string" && next.text === text;
  }

  take(text: string): boolean {
    const isThere = this.isAt(text);
    if (isThere) this.#at += 1;
    return isThere;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected ${text}`);
  }

  name(): string {
    const next = this.next();
    if (next.kind !== "name") this.fail("expected a name");
    return next.text;
  }

  next(): Token {
    const next = this.#tokens[this.#at];
    if (next === undefined) this.fail("the document ends too early");
    this.#at += 1;
    return next ?? END;
  }

  fail(problem: string): void {
    this.problem ??= `Syntax Error: ${problem}`;
    this.#at = this.#tokens.length;
  }

  /** Reads a list between two marks. `read` takes at least one token for each entry. */
  between<T>(open: string, close: string, read: () => T): T[] {
    const all: T[] = [];
    this.expect(open);
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.fail("nested too deep");
    while (!this.isOver && !this.isAt(close)) all.push(read());
    this.#depth -= 1;
    this.expect(close);
    return all;
  }
}

function readFragment(reader: Reader, fragments: Map<string, Fragment>): void {
  reader.expect("fragment");
  const name = reader.name();
  reader.expect("on");
  const on = reader.name();
  readConditions(reader);
  fragments.set(name, { on, selections: readSelections(reader) });
}

function readOperation(reader: Reader): Operation {
  const defaults = new Map<string, Value>();
  if (reader.isAt("{")) {
    return { kind: "query", name: null, defaults, selections: readSelections(reader) };
  }
  const kind = reader.name();
  if (kind !== "query" && kind !== "mutation" && kind !== "subscription") {
    reader.fail("expected an operation");
    return { kind: "query", name: null, defaults, selections: [] };
  }
  const isNamed = !reader.isAt("(") && !reader.isAt("{") && !reader.isAt("@");
  const name = isNamed ? reader.name() : null;
  if (reader.isAt("(")) {
    reader.between("(", ")", () => {
      reader.expect("$");
      const variable = reader.name();
      reader.expect(":");
      readType(reader);
      if (reader.take("=")) defaults.set(variable, readValue(reader));
      readConditions(reader);
    });
  }
  readConditions(reader);
  return { kind, name, defaults, selections: readSelections(reader) };
}

function readType(reader: Reader): void {
  if (reader.isAt("[")) reader.between("[", "]", () => readType(reader));
  else reader.name();
  reader.take("!");
}

function readSelections(reader: Reader): Selection[] {
  return reader.between("{", "}", () => readSelection(reader));
}

function readSelection(reader: Reader): Selection {
  if (!reader.take("...")) return readField(reader);
  const isSpread = !reader.isAt("on") && !reader.isAt("{") && !reader.isAt("@");
  if (isSpread) {
    return { kind: "spread", fragment: reader.name(), when: readConditions(reader) };
  }
  const on = reader.take("on") ? reader.name() : null;
  const when = readConditions(reader);
  return { kind: "inline", on, when, selections: readSelections(reader) };
}

function readField(reader: Reader): Selection {
  const first = reader.name();
  const name = reader.take(":") ? reader.name() : first;
  const args = readArguments(reader);
  const when = readConditions(reader);
  const selections = reader.isAt("{") ? readSelections(reader) : [];
  return { kind: "field", alias: first, name, args, when, selections };
}

function readArguments(reader: Reader): ReadonlyMap<string, Value> {
  const args = reader.isAt("(") ? reader.between("(", ")", () => readNamed(reader)) : [];
  return new Map(args);
}

function readNamed(reader: Reader): [string, Value] {
  const name = reader.name();
  reader.expect(":");
  return [name, readValue(reader)];
}

function readConditions(reader: Reader): Condition[] {
  const conditions: Condition[] = [];
  while (reader.take("@")) {
    const directive = reader.name();
    const given = readArguments(reader).get("if");
    const isKnown = directive === "include" || directive === "skip";
    if (isKnown && given !== undefined) conditions.push({ given, wanted: directive === "include" });
  }
  return conditions;
}

function readValue(reader: Reader): Value {
  if (reader.take("$")) return { kind: "variable", name: reader.name() };
  if (reader.isAt("[")) {
    return { kind: "list", items: reader.between("[", "]", () => readValue(reader)) };
  }
  if (reader.isAt("{")) {
    return { kind: "object", fields: new Map(reader.between("{", "}", () => readNamed(reader))) };
  }
  return { kind: "plain", value: readPlain(reader) };
}

/** An enum's name is read as its text: it is what JSON has for it. */
function readPlain(reader: Reader): string | number | boolean | null {
  const { kind, text } = reader.next();
  if (kind === "mark") reader.fail(`unexpected ${text}`);
  if (kind === "number") return Number(text);
  if (kind === "string") return text;
  if (text === "true" || text === "false") return text === "true";
  return text === "null" ? null : text;
}
