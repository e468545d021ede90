/*
 * One line of IRC with message tags (IRCv3), read and written. Nothing in here throws, and reading what
 * was written gives what it was made of.
 */

/** A line, taken apart. The escapes of its tags are resolved; the last parameter may hold spaces. */
export interface Line {
  readonly tags: Readonly<Record<string, string>>;
  /** The sender, without the colon; null where none is named. */
  readonly prefix: string | null;
  /** Capitals, or three digits. */
  readonly command: string;
  readonly params: readonly string[];
}

/** The lines of a frame, and the beginning of one whose end has not come. */
export interface Lines {
  readonly lines: readonly string[];
  readonly rest: string;
}

/** Cuts a frame into its lines. Empty ones are none. */
export function splitLines(text: string): Lines {
  const parts = text.split(/\r\n|\n|\r/);
  const rest = parts.pop() ?? "";
  return { lines: parts.filter((part) => part !== ""), rest };
}

const COMMAND = /^(?:[A-Z]+|\d{3})$/;

/** Reads one line, without its end; null for what is none. */
export function parseLine(text: string): Line | null {
  let at = 0;
  const takeWord = (): string => {
    const space = text.indexOf(" ", at);
    const end = space === -1 ? text.length : space;
    const word = text.slice(at, end);
    for (at = end; text[at] === " "; at++);
    return word;
  };
  const tags = text.startsWith("@") ? parseTags(takeWord().slice(1)) : {};
  const prefix = text[at] === ":" ? takeWord().slice(1) : null;
  const command = takeWord();
  if (!COMMAND.test(command)) return null;
  const params: string[] = [];
  while (at < text.length && text[at] !== ":") params.push(takeWord());
  if (at < text.length) params.push(text.slice(at + 1));
  return { tags, prefix, command, params };
}

/**
 * Writes a line, without its end. The last of several parameters gets its colon whatever it holds, as
 * Twitch does it. What would end the line is a space in it.
 */
export function formatLine({ tags, prefix, command, params }: Line): string {
  const written = Object.entries(tags).map(([key, value]) => `${key}=${escapeTag(value)}`);
  const last = params.length - 1;
  const words = params.map((param, index) => {
    const text = keepOnLine(param);
    const isTrailing = index === last && (last > 0 || /^(?::|$)| /.test(text));
    return isTrailing ? `:${text}` : text;
  });
  return [
    ...(written.length === 0 ? [] : [`@${written.join(";")}`]),
    ...(prefix === null ? [] : [`:${keepOnLine(prefix)}`]),
    command,
    ...words,
  ].join(" ");
}

function keepOnLine(text: string): string {
  return text.replace(/[\r\n\0]/g, " ");
}

function parseTags(text: string): Record<string, string> {
  // As own fields, whatever they are called.
  return Object.fromEntries(
    text
      .split(";")
      .filter((each) => each !== "")
      .map((each): [string, string] => {
        const sign = each.indexOf("=");
        return sign === -1 ? [each, ""] : [each.slice(0, sign), unescapeTag(each.slice(sign + 1))];
      }),
  );
}

const ESCAPES = new Map([
  [";", ":"],
  [" ", "s"],
  ["\\", "\\"],
  ["\r", "r"],
  ["\n", "n"],
]);
const UNESCAPES = new Map([...ESCAPES].map(([plain, escape]) => [escape, plain]));

/** Writes the value of a tag. */
export function escapeTag(value: string): string {
  return value.replace(/[; \\\r\n]/g, (plain) => `\\${ESCAPES.get(plain) ?? plain}`);
}

/**
 * Reads the value of a tag. A character that needs no escape stands for itself, and a backslash at the
 * end for nothing.
 */
export function unescapeTag(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\([\s\S]?)/g, (_, escape: string) => UNESCAPES.get(escape) ?? escape);
}
