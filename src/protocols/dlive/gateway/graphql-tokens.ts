import { parseJson } from "../../../lib/json.ts";

/** A word of a GraphQL document. `text` is the value where it is a string, without its quotes. */
export interface Token {
  readonly kind: "name" | "string" | "number" | "mark";
  readonly text: string;
}

/** Longer than any query of a real client, and short enough to be read at once. */
const TEXT_MAX = 32_768;

const NEXT =
  /[\s,\uFEFF]+|#[^\n\r]*|"""((?:\\"""|[^])*?)"""|("[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\.\.\.|[!$&()[\]{}:=@|])|([A-Za-z_]\w*)/y;

/** The words of a document, without what means nothing; null where it is none. */
export function readTokens(text: string): readonly Token[] | null {
  if (text.length > TEXT_MAX) return null;
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    NEXT.lastIndex = at;
    const match = NEXT.exec(text);
    if (match === null) return null;
    at = NEXT.lastIndex;
    const token = readToken(match);
    if (token === "unreadable") return null;
    if (token !== null) tokens.push(token);
  }
  return tokens;
}

function readToken(match: RegExpExecArray): Token | "unreadable" | null {
  const [, block, quoted, number, mark, name] = match;
  if (name !== undefined) return { kind: "name", text: name };
  if (mark !== undefined) return { kind: "mark", text: mark };
  if (number !== undefined) return { kind: "number", text: number };
  if (block !== undefined) {
    return { kind: "string", text: block.replaceAll(String.raw`\"""`, '"""').trim() };
  }
  if (quoted === undefined) return null;
  // A string of GraphQL is one of JSON, but for a tab that stands in it as it is.
  const value = parseJson(quoted.replaceAll("\t", String.raw`\t`));
  return value.ok && typeof value.value === "string"
    ? { kind: "string", text: value.value }
    : "unreadable";
}
