/** The word for pages that are files on somebody's own machine, beside origins in the list. */
const LOCAL = "local";

/**
 * The origins that such pages say they are of: browsers have none for a file, and OBS has one of its
 * own. A page can make itself one without an origin, as in a sandboxed frame: whoever lists these
 * lets in any page, as far as its credential goes.
 */
const LOCAL_ORIGINS: readonly string[] = ["null", "file://", "http://absolute"];

/**
 * May a page of this origin use the relay? Its own always may; others are listed, exactly or with
 * `*` for any port (`http://localhost:*`) or any one label (`https://*.example.com`), and `local`
 * stands for all that are files.
 */
export function isAllowedOrigin(origin: string, requestUrl: string, allowed: string): boolean {
  if (origin === new URL(requestUrl).origin) return true;
  return allowed
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .some((entry) =>
      entry === LOCAL
        ? LOCAL_ORIGINS.includes(origin)
        : // A page without an origin is of none that a pattern is meant for.
          entry === origin || (origin !== "null" && toPattern(entry).test(origin)),
    );
}

function toPattern(entry: string): RegExp {
  const literal = entry.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll("*", "[A-Za-z0-9-]+")}$`);
}
