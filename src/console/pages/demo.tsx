import { useEffect, useState } from "preact/hooks";

/** The way to the demo, where this relay has one. */
export function Demo({ href }: { href: string }) {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    const aborter = new AbortController();
    fetch("/v1/channels/demo/status", { signal: aborter.signal }).then(
      ({ ok }) => setThere(ok),
      () => {
        // The page is left, or the relay is away: there is no demo to look at.
      },
    );
    return () => aborter.abort();
  }, []);
  if (!isThere) return null;
  return (
    <p class="or">
      or <a href={href}>look at the demo</a> without a key
    </p>
  );
}
