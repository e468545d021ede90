/** A GraphQL string literal, quotes included; null if it is none. Every form that matters is one in JSON too. */
export function unquote(literal: string): unknown {
  try {
    return JSON.parse(literal);
  } catch {
    return null;
  }
}
