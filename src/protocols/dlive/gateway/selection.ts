import { isRecord, type Json, lookUp } from "../../../lib/json.ts";
import type { Condition, Document, Operation, Selection, Value } from "./graphql.ts";

/** A field at the root of an operation, with its arguments filled in. */
export interface Call {
  /** Its key in the answer. */
  readonly alias: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The selected fields of its value; none for all there are. */
  readonly selections: readonly Selection[];
}

/** Fragments can hold one another without end: no more selections than this are looked at. */
const SELECTIONS_MAX = 4096;

type Variables = Readonly<Record<string, unknown>>;

/** One operation of a document, with what was given for its variables. */
export class Request {
  readonly operation: Operation;
  readonly #document: Document;
  readonly #variables: Variables;
  #left = SELECTIONS_MAX;

  /** Under a name that no operation has, the first one is meant. */
  constructor(document: Document, operationName: string | null, variables: Variables) {
    const [first, ...others] = document.operations;
    this.#document = document;
    this.#variables = variables;
    this.operation = [first, ...others].find(({ name }) => name === operationName) ?? first;
  }

  /** Everything that is asked for at the root. */
  calls(): Call[] {
    return this.#collectFields(this.operation.selections, null).map((field) => ({
      alias: field.alias,
      name: field.name,
      args: Object.fromEntries(
        [...field.args].map(([name, value]) => [name, this.#resolve(value)] as const),
      ),
      selections: field.selections,
    }));
  }

  /** As much of a value as was asked for: a field that it does not have is null. */
  select(value: unknown, selections: readonly Selection[]): Json {
    if (Array.isArray(value)) return value.map((each) => this.select(each, selections));
    if (!isRecord(value) || selections.length === 0) return (value ?? null) as Json;
    const answer = new Map<string, Json>();
    for (const field of this.#collectFields(selections, value)) {
      const inner = lookUp(value, field.name) ?? null;
      const told = this.select(inner, field.selections);
      // The same field may be asked for twice, each time for another part of it.
      const before = answer.get(field.alias);
      const isBoth = isRecord(before) && isRecord(told);
      answer.set(field.alias, isBoth ? { ...before, ...(told as object) } : told);
    }
    return Object.fromEntries(answer);
  }

  /** The fields that are asked for, those of fragments in their places. */
  #collectFields(
    selections: readonly Selection[],
    value: Record<string, unknown> | null,
  ): (Selection & { kind: "field" })[] {
    const fields: (Selection & { kind: "field" })[] = [];
    for (const selection of selections) {
      this.#left -= 1;
      if (this.#left < 0) break;
      if (!selection.when.every((each) => this.#holds(each))) continue;
      if (selection.kind === "field") {
        fields.push(selection);
        continue;
      }
      const fragment =
        selection.kind === "inline" ? selection : this.#document.fragments.get(selection.fragment);
      if (fragment === undefined || !isOfType(value, fragment.on)) continue;
      fields.push(...this.#collectFields(fragment.selections, value));
    }
    return fields;
  }

  #holds({ given, wanted }: Condition): boolean {
    return (this.#resolve(given) === true) === wanted;
  }

  #resolve(value: Value): unknown {
    switch (value.kind) {
      case "plain":
        return value.value;
      case "list":
        return value.items.map((each) => this.#resolve(each));
      case "object":
        return Object.fromEntries(
          [...value.fields].map(([name, each]) => [name, this.#resolve(each)] as const),
        );
      case "variable": {
        const { name } = value;
        const given = lookUp(this.#variables, name);
        if (given !== undefined) return given;
        const otherwise = this.operation.defaults.get(name);
        return otherwise?.kind === "variable" || otherwise === undefined
          ? undefined
          : this.#resolve(otherwise);
      }
    }
  }
}

/** Of the types of our answers only the kinds of a chat's items exclude one another. */
function isOfType(value: Record<string, unknown> | null, type: string | null): boolean {
  return type === null || !/^Chat[A-Z]/.test(type) || value?.["__typename"] === type;
}
