/**
 * May a page of this origin use the relay? Its own always may; others are listed, exactly or with
 * `*` for any port (`http://localhost:*`) or any one label (`https://*.example.com`).
 */
export function isAllowedOrigin(origin: string, requestUrl: string, allowed: string): boolean {
  if (origin === new URL(requestUrl).origin) return true;
  return allowed
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .some((entry) => toPattern(entry).test(origin));
}

function toPattern(entry: string): RegExp {
  const literal = entry.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll("*", "[A-Za-z0-9-]+")}$`);
}
