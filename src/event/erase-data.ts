import { omitUndefined } from "../lib/given.ts";
import { isEmptyRecord, isRecord, lookUp } from "../lib/json.ts";
import { catalogue, isCatalogueType } from "./catalogue.ts";
import { listPersonalFields, type Author, type PersonalField } from "./personal.ts";

/** The part of an event that an erasure looks at. */
export interface Erasable {
  readonly id?: string | undefined;
  readonly type: string;
  readonly platform: string;
  readonly subject?: string | undefined;
  readonly data: Record<string, unknown>;
}

/** The data of a program's own type holds whatever the program put there. */
const CUSTOM: readonly PersonalField[] = [{ path: [], mark: { kind: "open" }, isOptional: false }];

const fieldsByType = new Map<string, readonly PersonalField[]>();

/** Lists the fields of a type that hold something of people. */
export function listFieldsOf(type: string): readonly PersonalField[] {
  if (!isCatalogueType(type)) return CUSTOM;
  const known = fieldsByType.get(type) ?? listPersonalFields(catalogue[type].data);
  fieldsByType.set(type, known);
  return known;
}

/** How far orders reach into one event. */
export interface Reach {
  /** All that was said in this event, by whomever. */
  readonly isEvent: boolean;
  /** Everything that was said on its platform. */
  readonly isAll: boolean;
  readonly isMessage: (id: unknown) => boolean;
  /** All that they said is erased. */
  isSilenced(person: unknown): boolean;
  /** Not even that it was they is kept. */
  isForgotten(person: unknown): boolean;
  /** Is any of it to be found in data of any shape? */
  isIn(value: unknown): boolean;
}

/** The data of an event without what is reached; the same object where nothing is. */
export function eraseData({ type, data }: Erasable, reach: Reach): Record<string, unknown> {
  let after: unknown = data;
  for (const { path, mark, isOptional } of listFieldsOf(type)) {
    after = edit(after, path, (value) => {
      switch (mark.kind) {
        case "message":
          return isMessageReached(value, data, reach, mark.of) ? buryMessage(value) : value;
        case "words":
          if (!isSaidBy(data, mark.of, reach) || value === "") return value;
          return isOptional ? undefined : "";
        case "person":
          return reach.isForgotten(value) ? makeNobody(value) : value;
        case "open":
          return isOpenReached(type, value, reach) ? makeEmpty(value, isOptional) : value;
        case "members":
          return reach.isEvent ? makeEmpty(value, isOptional) : eraseMembers(value, reach);
      }
    });
  }
  return isRecord(after) ? after : data;
}

/** Lists the people whom an event names. */
export function listPeople(
  type: string,
  data: Record<string, unknown>,
): readonly Record<string, unknown>[] {
  const people: Record<string, unknown>[] = [];
  for (const { path, mark } of listFieldsOf(type)) {
    if (mark.kind !== "person") continue;
    edit(data, path, (value) => {
      if (isRecord(value)) people.push(value);
      return value;
    });
  }
  return people;
}

function isMessageReached(
  message: unknown,
  data: Record<string, unknown>,
  reach: Reach,
  of: Author,
): boolean {
  if (!isRecord(message) || message["deleted"] === true) return false;
  return reach.isEvent || reach.isMessage(message["id"]) || isSaidBy(data, of, reach);
}

/** Are these words among those that go? What a moderator gave as a reason was not said in the chat. */
function isSaidBy(data: Record<string, unknown>, of: Author, reach: Reach): boolean {
  if (reach.isEvent || (reach.isAll && of !== "by")) return true;
  return of !== null && reach.isSilenced(lookUp(data, of));
}

/** Of a chat that was cleared nothing is kept that a provider said and we have no word for. */
function isOpenReached(type: string, value: unknown, reach: Reach): boolean {
  if (value === null || isEmptyRecord(value)) return false;
  return reach.isEvent || (reach.isAll && type === "provider.event") || reach.isIn(value);
}

/** Nothing, in the shape of what was there. */
function makeEmpty(value: unknown, isOptional: boolean): unknown {
  if (isEmptyRecord(value)) return value;
  if (isOptional) return undefined;
  return isRecord(value) ? {} : null;
}

function eraseMembers(value: unknown, reach: Reach): unknown {
  if (!isRecord(value)) return reach.isIn(value) ? null : value;
  const members = Object.entries(value);
  const kept = members.filter(([name, member]) => !reach.isIn({ [name]: member }));
  return kept.length === members.length ? value : Object.fromEntries(kept);
}

/**
 * Makes a message's tombstone. What stays is listed, not what goes: a program may have given it fields
 * of its own.
 */
function buryMessage(message: unknown): unknown {
  if (!isRecord(message)) return message;
  const { id, replyTo, action, highlighted, first, to } = message;
  const about = omitUndefined({ id, replyTo, action, highlighted, first, to });
  return { ...about, text: "", fragments: [], deleted: true };
}

/** Somebody of whom nothing is known, in the shape of somebody of whom something was. */
function makeNobody(person: unknown): unknown {
  if (!isRecord(person)) return person;
  if (!Array.isArray(person["roles"])) return {};
  return { key: "", id: "", name: "", roles: [], badges: [], anonymous: true };
}

/**
 * The value with what `change` makes of each field that a path leads to: `undefined` takes it away.
 * What is not changed is given back as it is, not copied.
 */
function edit(
  value: unknown,
  path: readonly string[],
  change: (value: unknown) => unknown,
): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return change(value);
  if (name === "*") {
    if (!Array.isArray(value)) return value;
    const items = value.map((item: unknown) => edit(item, rest, change));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isRecord(value) || !Object.hasOwn(value, name)) return value;
  const after = edit(value[name], rest, change);
  if (after === value[name]) return value;
  if (after !== undefined) return { ...value, [name]: after };
  const { [name]: _gone, ...left } = value;
  return left;
}
