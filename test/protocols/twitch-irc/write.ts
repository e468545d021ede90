/** Writes a line that stands in a sample as its parts, whatever is in them. */
export function writeLine(frame: object): string {
  const { tags, prefix, command, params } = frame as Record<string, unknown>;
  const words = Array.isArray(params) ? params.map(toText) : [toText(params)];
  const last = words.pop();
  const isAlone = words.length === 0 && command !== "PING";
  return [
    ...writeTags(tags),
    ...(prefix === null || prefix === undefined ? [] : [`:${toText(prefix)}`]),
    toText(command),
    ...words,
    ...(last === undefined ? [] : [isAlone ? last : `:${last}`]),
  ]
    .join(" ")
    .concat("\r\n");
}

function writeTags(tags: unknown): string[] {
  if (typeof tags !== "object" || tags === null) return [`@${toText(tags)}`];
  const entries = Object.entries(tags);
  if (entries.length === 0) return [];
  return [`@${entries.map(([key, value]) => `${key}=${escape(toText(value))}`).join(";")}`];
}

/** The escapes of tags, one after the other: the backslash first. */
function escape(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll(";", "\\:")
    .replaceAll(" ", "\\s")
    .replaceAll("\r", "\\r")
    .replaceAll("\n", "\\n");
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
