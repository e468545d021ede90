import type { Json } from "../lib/json.ts";

/** What stands where something secret was. */
export const REDACTED = "[redacted]";

// Names of fields that hold a credential, whatever the provider calls it. The whole name must be
// made of such words, so that `tokenCount` or `secretaryName` pass.
const SECRET_FIELD =
  /^(x[-_]?)?((access|refresh|reconnect|app|bearer|auth|id|session|csrf|api|client|stream|private|signing)[-_]?)*(token|secret|password|passwd|authorization|credentials?|api[-_]?key|stream[-_]?key|private[-_]?key|jwt|cookie)s?$/i;

const EMAIL_FIELD = /^e[-_]?mail([-_]?address)?$/i;

// Enough of RFC 5321 for addresses people have: no quoted local parts, a top-level domain of letters.
const EMAIL =
  /[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,24}\b/gi;

// A credential in the query of an address.
const SECRET_PARAMETER =
  /([?&](?:access_?token|refresh_?token|reconnect_?token|token|api_?key|apikey|key|secret|password|auth|authorization|jwt|code)=)[^&#\s"']+/gi;

/** Text without e-mail addresses, credentials in addresses, and the given secrets. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  if (clean.includes("@")) clean = clean.replace(EMAIL, REDACTED);
  if (clean.includes("=")) clean = clean.replace(SECRET_PARAMETER, `$1${REDACTED}`);
  for (const secret of secrets) {
    if (secret !== "" && clean.includes(secret)) clean = clean.replaceAll(secret, REDACTED);
  }
  return clean;
}

/**
 * The same data without what must not be kept: fields named like credentials or e-mail addresses
 * lose their value, every text is redacted. What has nothing to hide is given back as it is, not
 * copied.
 */
export function redact<T>(value: T, secrets: readonly string[] = []): T {
  return clean(value as Json, secrets) as T;
}

function clean(value: Json | undefined, secrets: readonly string[]): Json | undefined {
  if (typeof value === "string") return redactText(value, secrets);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    let changed = false;
    const cleaned = items.map((item) => {
      const after = clean(item, secrets) ?? null;
      if (after !== item) changed = true;
      return after;
    });
    return changed ? cleaned : value;
  }
  let copy: Record<string, Json | undefined> | null = null;
  for (const [key, item] of Object.entries(value)) {
    const after = cleanField(key, item, secrets);
    if (after === item) continue;
    copy ??= { ...(value as { [key: string]: Json | undefined }) };
    copy[key] = after;
  }
  return copy ?? value;
}

function cleanField(
  key: string,
  item: Json | undefined,
  secrets: readonly string[],
): Json | undefined {
  const isEmpty = item === null || item === undefined || item === "";
  if (!isEmpty && isSecretField(key)) return REDACTED;
  return clean(item, secrets);
}

// A provider says the same few field names in every frame: each is looked at once.
const verdicts = new Map<string, boolean>();

function isSecretField(key: string): boolean {
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = SECRET_FIELD.test(key) || EMAIL_FIELD.test(key);
  // The names come from outside: a bound, so that nobody can fill the memory with them.
  if (verdicts.size < 2000) verdicts.set(key, verdict);
  return verdict;
}
