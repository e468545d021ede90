import { mixOne, mixOther, ONE, OTHER, type WordList } from "../lib/bloom.ts";

/*
 * The words of a JSON text, hashed: every one by which `isIdIn` and `People` may find something in it,
 * in small letters. A store that keeps none of what is sought need not be looked through.
 *
 * Every event on its way in is listed, so this reads the text itself, once and letter by letter:
 * taking it apart as JSON, and its strings as words, costs ten times that.
 */

// Ids stand in longer texts as well: in addresses, in lines of a protocol, in JSON within JSON.
const TOKENS = /[\w-]{5,}/g;
const TOKEN_MIN = 5;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ASCII = 0x80;

// What a letter of a token becomes in small; 0 for anything else.
const SMALL = Uint8Array.from({ length: ASCII }, (_, unit) => {
  const letter = String.fromCharCode(unit);
  return /[\w-]/.test(letter) ? letter.toLowerCase().charCodeAt(0) : 0;
});

/**
 * Adds the words of a JSON text to a list: of every string, field name and number. `field`: only of what
 * stands in this field of the outermost object; null for everything.
 */
export function hashWordsIn(json: string, field: string | null, list: WordList): void {
  let depth = 0;
  let isIn = field === null;
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) {
      const end = isIn ? hashString(json, at, list) : findEnd(json, at);
      if (field !== null && depth === 1 && isName(json, end)) {
        isIn = json.slice(at + 1, end - 1) === field;
      }
      at = end - 1;
    } else if (unit === 0x7b || unit === 0x5b) depth += 1;
    else if (unit === 0x7d || unit === 0x5d) depth -= 1;
    else if (isIn && (unit === MINUS || isDigit(unit))) at = hashNumber(json, at, list) - 1;
  }
}

/** Hashes a string that begins here, and the tokens in it. Answers where it ends. */
function hashString(json: string, start: number, list: WordList): number {
  let one = ONE;
  let other = OTHER;
  let tokenOne = ONE;
  let tokenOther = OTHER;
  let token = start + 1;
  for (let at = start + 1; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) {
      list.addMixed(one, other);
      // One that is the whole string has been added.
      if (token > start + 1 && at - token >= TOKEN_MIN) list.addMixed(tokenOne, tokenOther);
      return at + 1;
    }
    if (unit === BACKSLASH || unit >= ASCII) return hashSpelled(json, start, list);
    const small = SMALL[unit] ?? 0;
    if (small === 0) {
      if (at - token >= TOKEN_MIN) list.addMixed(tokenOne, tokenOther);
      tokenOne = ONE;
      tokenOther = OTHER;
      token = at + 1;
    } else {
      tokenOne = mixOne(tokenOne, small);
      tokenOther = mixOther(tokenOther, small);
    }
    one = mixOne(one, small === 0 ? unit : small);
    other = mixOther(other, small === 0 ? unit : small);
  }
  return json.length;
}

/** The same for a string with letters of any kind, or that is not written as it reads. */
function hashSpelled(json: string, start: number, list: WordList): number {
  const end = findEnd(json, start);
  hashText(JSON.parse(json.slice(start, end)) as string, list);
  return end;
}

function hashNumber(json: string, start: number, list: WordList): number {
  let end = start + 1;
  while (end < json.length && isOfNumber(json.charCodeAt(end))) end += 1;
  const digits = json.slice(start, end);
  // One that is written as it would be again, and has no tokens in it beside itself.
  if (/^\d{1,15}$/.test(digits)) list.add(digits);
  else hashText(String(Number(digits)), list);
  return end;
}

function hashText(text: string, list: WordList): void {
  list.add(text.toLowerCase());
  for (const token of text.match(TOKENS) ?? []) list.add(token.toLowerCase());
}

/** Finds where a string that begins here ends: the place after its last quote. */
function findEnd(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    if (unit === BACKSLASH) at += 1;
  }
  return json.length;
}

/** Does the name of a field end here? */
function isName(json: string, end: number): boolean {
  let at = end;
  while (json.charCodeAt(at) <= 0x20) at += 1;
  return json.charCodeAt(at) === 0x3a;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** Digits, signs, a point, an exponent. */
function isOfNumber(unit: number): boolean {
  return (
    isDigit(unit) || unit === MINUS || unit === 0x2b || unit === 0x2e || (unit | 0x20) === 0x65
  );
}
