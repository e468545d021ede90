import { isRecord } from "../lib/json.ts";
import type { Seq } from "./ids.ts";
import { isNobody } from "./nobody.ts";

/** Somebody, as an order names them: an id of a platform, and what else they are called there. */
export interface Named {
  readonly platform: string;
  /** Empty where only a login is known. */
  readonly userId: string;
  /** Logins and names, as they were told of. */
  readonly names: readonly string[];
}

// Data is read as deep as anything is taken in, and no deeper.
const MAX_DEPTH = 100;

// A number is somebody's id only where the field says that it is one: it may be anything else.
const DIGITS = /^\d+$/;
const ID_FIELD = /ids?$/i;

// A name is one only in a field that names somebody: people may be called like anything.
const NAME_FIELD = /(name|login|nick|user|author|sender|gifter|recipient|from|by|slug|tipper)$/i;

// Ids stand in longer texts as well: in addresses, in lines of a protocol, in JSON within JSON. What
// is found here is listed in words.ts.
const TOKENS = /[\w-]{5,}/g;

/**
 * People by their ids and names, each up to a place of the log. Looks them up in events, and looks
 * for them in data of any shape.
 */
export class People {
  readonly #keys = new Map<string, Seq>();
  readonly #ids = new Map<string, Map<string, Seq>>();
  readonly #names = new Map<string, Map<string, Seq>>();

  get isNobody(): boolean {
    return this.#ids.size === 0 && this.#names.size === 0;
  }

  add({ platform, userId, names }: Named, seq: Seq): void {
    if (userId !== "") {
      extend(this.#keys, `${platform}:${userId}`, seq);
      extend(findOrMake(this.#ids, platform), userId, seq);
    }
    const known = findOrMake(this.#names, platform);
    for (const name of names) extend(known, name.toLowerCase(), seq);
  }

  /**
   * Is it one of them, as of this place? By the key, which is nobody else's, or the id on the
   * platform; by login or name only where there is no id to go by.
   */
  has(person: unknown, platform: string, seq: Seq): boolean {
    if (!isRecord(person)) return false;
    const { key, id, login, name } = person;
    const isKnown = !isNobody(person);
    if (isKnown && typeof key === "string" && seq <= findPlace(this.#keys, key)) return true;
    if (isKnown && typeof id === "string" && id !== "") {
      if (seq <= findPlace(this.#ids.get(platform), id)) return true;
      // Of whom a provider has no id, it gives the name for one.
      const isNameAll = typeof name === "string" && id.toLowerCase() === name.toLowerCase();
      if (!isNameAll) return false;
    }
    const names = this.#names.get(platform);
    return [login, name].some(
      (each) => typeof each === "string" && seq <= findPlace(names, each.toLowerCase()),
    );
  }

  /** Is one of them to be found in data of any shape? */
  isIn(value: unknown, platform: string, seq: Seq): boolean {
    const ids = this.#ids.get(platform);
    const names = this.#names.get(platform);
    return someText(value, (text, field) => {
      if (seq <= findPlace(this.#keys, text)) return true;
      if (isIdIn(text, field, (id) => seq <= findPlace(ids, id))) return true;
      return NAME_FIELD.test(field) && seq <= findPlace(names, text.toLowerCase());
    });
  }
}

/** Does a text hold an id, by itself or among others? Digits by themselves are one by their field. */
export function isIdIn(text: string, field: string, isOne: (id: string) => boolean): boolean {
  if (isOne(text)) return !DIGITS.test(text) || ID_FIELD.test(field);
  // Shorter than this it cannot hold another thing beside the id.
  if (text.length < 6) return false;
  return text.match(TOKENS)?.some((token) => token !== text && isOne(token)) ?? false;
}

/**
 * Does one of the texts in data of any shape pass? A text comes with the name of the field it stands
 * in; a number is a text as well, and so is a field's name.
 */
export function someText(
  value: unknown,
  passes: (text: string, field: string) => boolean,
  field = "",
  depth = 0,
): boolean {
  if (typeof value === "string") return passes(value, field);
  if (typeof value === "number") return passes(String(value), field);
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.some((item) => someText(item, passes, field, depth + 1));
  return Object.entries(value).some(
    ([name, item]) => passes(name, field) || someText(item, passes, name, depth + 1),
  );
}

function findOrMake(maps: Map<string, Map<string, Seq>>, name: string): Map<string, Seq> {
  const found = maps.get(name) ?? new Map<string, Seq>();
  maps.set(name, found);
  return found;
}

/** Has a name reach up to a place, unless it does further. */
export function extend(places: Map<string, Seq>, name: string, seq: Seq): void {
  places.set(name, Math.max(places.get(name) ?? 0, seq));
}

/** Up to which place a name reaches; 0 for nowhere. */
export function findPlace(places: ReadonlyMap<string, Seq> | undefined, name: unknown): Seq {
  return typeof name === "string" ? (places?.get(name) ?? 0) : 0;
}
