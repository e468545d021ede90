/** Takes what a page tells of itself. */
interface PageEvents {
  /** It may have slept, or the network is another. */
  readonly woken: () => void;
  /** It may be gone in a moment. */
  readonly leaving: () => void;
}

/** Listens to the page, where there is one; answers how to stop. */
export function watchPage({ woken, leaving }: PageEvents): () => void {
  const { document } = globalThis;
  if (document === undefined) return () => undefined;
  const aborter = new AbortController();
  const { signal } = aborter;
  addEventListener("online", woken, { signal });
  addEventListener("pageshow", woken, { signal });
  addEventListener("pagehide", leaving, { signal });
  document.addEventListener(
    "visibilitychange",
    () => (document.visibilityState === "visible" ? woken() : leaving()),
    { signal },
  );
  return () => aborter.abort();
}
