/*
 * Characters as people see them: a flag, a family or a letter with its accent is one, whatever it is
 * made of. The rules are those of UAX 29 (extended grapheme clusters) by Unicode's own properties,
 * without the few of single scripts that no property tells.
 */

// What goes on the character before it: marks, what joins, shades of skin, tags of flags.
const EXTENDS = /^[\p{M}\u200c\u200d\p{Emoji_Modifier}\u{E0020}-\u{E007F}]/u;
const CONTROL_END = /\p{Cc}$/u;

const JOINER_END = /\u200d$/;
const PICTURE_START = /^\p{Extended_Pictographic}/u;

// Two make a flag: how many stand before says whether one is the second half. No text that means
// something has as many in a row as are looked at.
const FLAG_HALF_START = /^\p{Regional_Indicator}/u;
const FLAG_HALVES_END = /\p{Regional_Indicator}+$/u;
const FLAG_HALF_UNITS = 2;
const LOOK_BACK = 256;

// A syllable of Hangul may be written in parts: leading ones, vowels, trailing ones.
const LEADING_END = /[\u1100-\u115f\ua960-\ua97c]$/;
const AFTER_LEADING = /^[\u1100-\u11a7\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7c6]/;
const SYLLABLE_END = /[\u1160-\u11ff\uac00-\ud7a3\ud7b0-\ud7fb]$/;
const AFTER_SYLLABLE = /^[\u1160-\u11ff\ud7b0-\ud7fb]/;

// No character that anybody means is longer.
const LONGEST = 64;

/** Is no character cut in two at this place of a text, counted in UTF-16 units? */
export function isBetweenCharacters(text: string, at: number): boolean {
  if (at === 0 || at === text.length) return true;
  if (!Number.isInteger(at) || at < 0 || at > text.length) return false;
  const [last, next] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  if (last < 0x80 && next < 0x80) return last !== 0x0d || next !== 0x0a;
  if (isHigh(last) && isLow(next)) return false;
  return !joins(text.slice(Math.max(0, at - LOOK_BACK), at), text.slice(at, at + 2));
}

/** Is it one character and no more? */
export function isOneCharacter(text: string): boolean {
  if (text === "" || text.length > LONGEST) return false;
  for (let at = 1; at < text.length; at++) if (isBetweenCharacters(text, at)) return false;
  return true;
}

function joins(before: string, after: string): boolean {
  if (EXTENDS.test(after)) return !CONTROL_END.test(before);
  if (PICTURE_START.test(after)) return JOINER_END.test(before);
  if (FLAG_HALF_START.test(after)) {
    const halves = FLAG_HALVES_END.exec(before)?.[0].length ?? 0;
    return (halves / FLAG_HALF_UNITS) % 2 === 1;
  }
  if (LEADING_END.test(before)) return AFTER_LEADING.test(after);
  return SYLLABLE_END.test(before) && AFTER_SYLLABLE.test(after);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
