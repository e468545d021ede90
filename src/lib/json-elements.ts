import { isLonger } from "./bytes.ts";

/** How far a text has been read whose end may not have come. */
export interface Reading {
  /** The beginning of an element. */
  readonly begun: string;
  /** How many objects and arrays are open in it. */
  readonly depth: number;
  readonly isInString: boolean;
  /** The last character was a backslash, and what follows it is nothing by itself. */
  readonly isEscaped: boolean;
  /** It is too large: only its end is looked for. */
  readonly isSkipped: boolean;
}

export const NOTHING_READ: Reading = {
  begun: "",
  depth: 0,
  isInString: false,
  isEscaped: false,
  isSkipped: false,
};

/** An object of a growing array. Of one that is too large `text` is the beginning. */
export interface Element {
  readonly text: string;
  readonly isTooLarge: boolean;
}

// As much of what is too large as anyone needs to see.
const START_LENGTH = 256;

/**
 * Reads one more piece of a JSON array of objects that grows, or of a single object, and gives the
 * objects that are whole by now. Pieces end anywhere. What stands between objects and is no part of
 * the array is given as it is, for whoever reads elements to refuse. Total: there is no text that it
 * throws for, and it keeps no more than `maxBytes` of one.
 */
export function readPiece(
  before: Reading,
  piece: string,
  maxBytes: number,
): { readonly reading: Reading; readonly elements: readonly Element[] } {
  const elements: Element[] = [];
  let { begun, depth, isInString, isEscaped, isSkipped } = before;
  // Where in this piece begins what belongs to `begun`.
  let from = 0;
  const take = (end: number): void => {
    const text = isSkipped ? begun : begun + piece.slice(from, end);
    const isTooLarge = isSkipped || isLonger(text, maxBytes);
    if (text !== "") elements.push({ text: isTooLarge ? cut(text) : text, isTooLarge });
    begun = "";
    isSkipped = false;
    from = end;
  };
  for (let at = 0; at < piece.length; at++) {
    const sign = piece.charCodeAt(at);
    if (isEscaped) isEscaped = false;
    else if (isInString) {
      if (sign === BACKSLASH) isEscaped = true;
      else if (sign === QUOTE) isInString = false;
    } else if (depth === 0 && isFrame(sign)) {
      // The array's own signs, and white space: what stood before them has ended.
      take(at);
      from = at + 1;
    } else if (sign === QUOTE) isInString = true;
    else if (sign === OPEN_OBJECT || sign === OPEN_ARRAY) {
      if (depth === 0) take(at);
      depth += 1;
    } else if ((sign === CLOSE_OBJECT || sign === CLOSE_ARRAY) && depth > 0) {
      depth -= 1;
      if (depth === 0) take(at + 1);
    }
  }
  if (!isSkipped) begun += piece.slice(from);
  if (begun.length > maxBytes) {
    isSkipped = true;
    begun = cut(begun);
  }
  return { reading: { begun, depth, isInString, isEscaped, isSkipped }, elements };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** Brackets of the array, commas, and white space, where no object is open. */
function isFrame(sign: number): boolean {
  return (
    sign === OPEN_ARRAY ||
    sign === CLOSE_ARRAY ||
    sign === 0x2c ||
    sign === 0x20 ||
    sign === 0x0a ||
    sign === 0x0d ||
    sign === 0x09
  );
}

function cut(text: string): string {
  return text.slice(0, START_LENGTH);
}
