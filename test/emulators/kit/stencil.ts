/**
 * A text with holes, cut once, so that thousands of like frames cost a concatenation each. Holes are
 * written `@@name@@` inside JSON strings; what fills one must be escaped for JSON already.
 */
export function stencil(text: string): (fills: Readonly<Record<string, string>>) => string {
  const parts = text.split(/@@([a-z]+)@@/);
  return (fills) => {
    let filled = parts[0] ?? "";
    for (let at = 1; at < parts.length; at += 2) {
      filled += (fills[parts[at] ?? ""] ?? "") + (parts[at + 1] ?? "");
    }
    return filled;
  };
}

/** A hole as a value: put it where the real value will be, then make the JSON a stencil. */
export function hole(name: string): string {
  return `@@${name}@@`;
}

/** A string as it stands between the quotes in JSON. */
export function escapeForJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
