import { isBetweenCharacters, isOneCharacter } from "../lib/characters.ts";
import type { Fragment } from "./shapes.ts";

/** The unit of a provider's indices: parts of JavaScript's strings, of Unicode, or of UTF-8. */
export type TextUnit = "utf-16" | "code-point" | "byte";

/** A range of a text (`end` excluded) that is something else than text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly fragment: Omit<Fragment, "text">;
  /** The text that must stand there, where the provider says it. */
  readonly name?: string;
}

/** How a provider may have counted. */
export interface Counting {
  /** The units that are possible, the likeliest first. */
  readonly units?: readonly TextUnit[];
  /** How much of a text before this one may have been counted, the likeliest first. */
  readonly shifts?: readonly number[];
}

/** Every unit: for a protocol that does not say which. */
export const ANY_UNIT: readonly TextUnit[] = ["utf-16", "code-point", "byte"];

// The longest message of a platform with emotes has 500 characters.
const SPANS_MAX = 500;

/** The spans as one way to count places them. */
interface Reading {
  readonly spans: readonly Span[];
  /** How many of them are just what such a span is of. */
  readonly apt: number;
}

/**
 * The spans in UTF-16 units and in order. Of the ways in which they may have been counted it is the
 * one under which most of them stand where such a thing stands: the named text, an emoji, or a word
 * by itself. Those that make no sense are left out: none lies beyond the text or over another, and
 * none cuts a character in two.
 */
export function placeSpans(
  text: string,
  spans: readonly Span[],
  { units = ["utf-16"], shifts = [0] }: Counting = {},
): readonly Span[] {
  if (spans.length === 0) return [];
  const some = spans.slice(0, SPANS_MAX);
  // One unit is as good as another where every character is one of each.
  const isPlain = !/[^\0-\x7f]/.test(text);
  let best: Reading = { spans: [], apt: -1 };
  for (const unit of isPlain ? units.slice(0, 1) : units) {
    const places = listPlaces(text, unit);
    for (const shift of shifts) {
      const reading = read(text, some, (index) => findPlace(places, index - shift));
      if (isBetter(reading, best)) best = reading;
    }
  }
  return best.spans;
}

function isBetter(a: Reading, b: Reading): boolean {
  return a.apt > b.apt || (a.apt === b.apt && a.spans.length > b.spans.length);
}

function read(
  text: string,
  spans: readonly Span[],
  placeOf: (index: number) => number | null,
): Reading {
  const placed: Span[] = [];
  let apt = 0;
  let end = 0;
  for (const span of spans
    .flatMap((each) => place(each, placeOf))
    .toSorted((a, b) => a.start - b.start)) {
    if (span.start < end || !isWhole(text, span)) continue;
    placed.push(span);
    if (isApt(text, span)) apt += 1;
    end = span.end;
  }
  return { spans: placed, apt };
}

function place(span: Span, placeOf: (index: number) => number | null): Span[] {
  const [start, end] = [placeOf(span.start), placeOf(span.end)];
  return start === null || end === null || end <= start ? [] : [{ ...span, start, end }];
}

function isWhole(text: string, { start, end }: Span): boolean {
  return isBetweenCharacters(text, start) && isBetweenCharacters(text, end);
}

const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

function isApt(text: string, { start, end, name }: Span): boolean {
  const range = text.slice(start, end);
  if (name !== undefined) return range === name;
  if (EMOJI.test(range)) return isOneCharacter(range);
  return !/\s/.test(range) && isGap(text[start - 1]) && isGap(text[end]);
}

function isGap(unit: string | undefined): boolean {
  return unit === undefined || unit.trim() === "";
}

/** The place of each index in UTF-16 units; null where they are the same. -1: within a character. */
type Places = { readonly at: Int32Array | null; readonly length: number };

function listPlaces(text: string, unit: TextUnit): Places {
  if (unit === "utf-16") return { at: null, length: text.length };
  // No text has more bytes than three times its units.
  const at = new Int32Array(text.length * 3 + 1).fill(-1);
  let index = 0;
  let place = 0;
  for (const character of text) {
    at[index] = place;
    index += unit === "byte" ? countUtf8(character) : 1;
    place += character.length;
  }
  at[index] = place;
  return { at, length: index };
}

function countUtf8(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
}

function findPlace({ at, length }: Places, index: number): number | null {
  if (!Number.isInteger(index) || index < 0 || index > length) return null;
  const place = at === null ? index : (at[index] ?? -1);
  return place === -1 ? null : place;
}
