/*
 * The reason why a request of a page's had no answer. Loaded when there was none.
 */

/** Finds out whether the relay lets the page in: a browser does not tell that from no network. */
export async function explain(
  relay: URL,
  fetch: typeof globalThis.fetch,
  origin: string,
): Promise<string> {
  await fetch(new URL("/livez", relay), { mode: "no-cors" });
  return `The relay does not let pages of ${origin} in: see its ALLOWED_ORIGINS.`;
}
