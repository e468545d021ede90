import { parseSync, Visitor } from "rolldown/utils";

/** A text of several lines that is SQL. */
const SQL = /\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|FROM|WHERE|VALUES)\b/;

/**
 * A source without the indentation of its SQL, which is about 1 KiB of the Worker, compressed. Every
 * line stays where it was; what is behind a statement on its last line moves to the left.
 */
export function leaveIndentation(source: string): string {
  const { program, errors } = parseSync("source.ts", source);
  if (errors.length > 0) return source;
  const starts: number[] = [];
  new Visitor({
    TemplateLiteral: ({ quasis }) => {
      if (!SQL.test(quasis.map(({ value }) => value.raw).join(""))) return;
      for (const { value, start } of quasis) {
        // Its own beginning is a sign of the language's.
        const at = source.indexOf(value.raw, start);
        for (const { index } of value.raw.matchAll(/\n[ \t]+/g)) starts.push(at + index + 1);
      }
    },
  }).visit(program);
  let text = source;
  for (const start of starts.toSorted((a, b) => b - a)) {
    text = text.slice(0, start) + text.slice(start).replace(/^[ \t]+/, "");
  }
  return text;
}
