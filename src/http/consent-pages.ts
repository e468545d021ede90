/** A page for somebody who comes back from a provider: what came of it, and what to do. */
export interface ConsentPage {
  readonly status: 200 | 400 | 403 | 404 | 409 | 410 | 502 | 503;
  readonly title: string;
  readonly texts: readonly string[];
  /** For whoever is asked for help with it. */
  readonly reason: string | null;
}

// The one script there is: it closes a window that was opened for the log-in.
const SCRIPT = "close()";
const SCRIPT_HASH = "sha256-GFdus4tIg4GNX0lWNkkH/vMcNIl1NG7q7TWRqw2H0bM=";

/** A page as it is sent: it asks nobody for anything, and its address is told to nobody. */
export function makeConsentPage({ status, title, texts, reason }: ConsentPage): {
  html: string;
  headers: Record<string, string>;
} {
  const paragraphs = texts.map((text) => `<p>${escape(text)}</p>`).join("");
  const code = reason === null ? "" : `<p><code>${escape(reason)}</code></p>`;
  const script = status === 200 ? `<script>${SCRIPT}</script>` : "";
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escape(title)}</title><main><h1>${escape(title)}</h1>${paragraphs}${code}</main>${script}</html>`;
  return {
    html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "content-security-policy": `default-src 'none'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  };
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
