import type { Json } from "../lib/json.ts";

/** The text that stands where something secret was. */
export const REDACTED = "[redacted]";

/**
 * The text that stands where data goes deeper than any provider's does: nothing below is searched.
 */
export const TOO_DEEP = "[too deep]";

// A stack takes a few thousand levels, JSON.parse any number: a bound, so that nobody can end a
// channel with brackets.
const MAX_DEPTH = 100;

// Names of fields that hold a credential, whatever the provider calls it. The whole name must be
// made of such words, so that `tokenCount` or `secretaryName` pass.
const SECRET_FIELD =
  /^(x[-_]?)?((access|refresh|reconnect|app|bearer|oauth|auth|id|session|csrf|api|client|stream|private|signing|user|bot|webhook|secret)[-_]?)*(token|secret|password|passwd|authorization|credentials?|api[-_]?key|stream[-_]?key|private[-_]?key|access[-_]?key|secret[-_]?key|jwt|cookie)s?$/i;

const EMAIL_FIELD = /^e[-_]?mail([-_]?address)?$/i;

// No name of a credential is longer: a longer one is looked at each time, not remembered.
const FIELD_MAX_CHARS = 64;

// Enough of RFC 5321 and 6531 for addresses people have: no quoted local parts, none that end in a
// full stop or a mark (`.@name.x` is a mention), none with what delimits them in an address of the
// web (`/@name.x`). `%40` is the `@` of a query.
const EMAIL =
  /[\p{L}\p{N}.!#$%'*+^_`{|}~-]{0,63}[\p{L}\p{N}_+-](?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.)+(?:xn--[a-z0-9-]{1,59}|\p{L}{2,24})/giu;

// A credential in the query or the fragment of an address.
const SECRET_PARAMETER =
  /([?&#](?:[\w-]*(?:token|secret|password|passwd|jwt|authorization|api_?key|stream_?key)|(?:[\w-]*[-_])?key|auth|code)=)[^&#\s"'<>]+/gi;

// A credential before the host of an address.
const USER_INFO = /(:\/\/)[^\s/?#@]+@/g;

/** Text without e-mail addresses, credentials in addresses, and the given secrets. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let clean = removeSecrets(text, secrets);
  // Most texts have none of what an address cannot be without, and are done with at once.
  if (clean.includes("@")) clean = clean.replace(USER_INFO, `$1${REDACTED}@`);
  if (clean.includes("@") || clean.includes("%40")) clean = clean.replace(EMAIL, REDACTED);
  return clean.includes("=") ? clean.replace(SECRET_PARAMETER, `$1${REDACTED}`) : clean;
}

/**
 * As they are and as an address has them; the longest first, for one secret may begin with another.
 */
function removeSecrets(text: string, secrets: readonly string[]): string {
  const forms = text.includes("%")
    ? secrets.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
    : secrets;
  if (!forms.some((form) => text.includes(form))) return text;
  return forms
    .filter((form) => !REDACTED.includes(form))
    .toSorted((a, b) => b.length - a.length)
    .reduce((clean, form) => clean.replaceAll(form, REDACTED), text);
}

/**
 * The same data without what must not be kept: fields named like credentials or e-mail addresses
 * lose their value, every text is redacted. What has nothing to hide is given back as it is, not
 * copied.
 */
export function redact<T>(value: T, secrets: readonly string[] = []): T {
  return clean(value as Json, secrets, 0) as T;
}

function clean(
  value: Json | undefined,
  secrets: readonly string[],
  depth: number,
): Json | undefined {
  if (typeof value === "string") return redactText(value, secrets);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    let changed = false;
    const cleaned = items.map((item) => {
      const after = clean(item, secrets, depth + 1) ?? null;
      if (after !== item) changed = true;
      return after;
    });
    return changed ? cleaned : value;
  }
  let copy: Map<string, Json | undefined> | null = null;
  for (const [key, item] of Object.entries(value)) {
    const name = redactText(key, secrets);
    const after = isSecretField(key, item) ? REDACTED : clean(item, secrets, depth + 1);
    if (after === item && name === key) continue;
    copy ??= new Map(Object.entries(value));
    if (name !== key) copy.delete(key);
    copy.set(name, after);
  }
  return copy === null ? value : Object.fromEntries(copy);
}

/** Is it a secret, by its name? Flags are none: that there is a password may be known. */
function isSecretField(key: string, item: Json | undefined): boolean {
  if (item === null || item === undefined || item === "") return false;
  return typeof item !== "boolean" && isSecretName(key);
}

// A provider says the same few field names in every frame: each is looked at once.
const verdicts = new Map<string, boolean>();

function isSecretName(key: string): boolean {
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = SECRET_FIELD.test(key) || EMAIL_FIELD.test(key);
  // The names come from outside: a bound, so that nobody can fill the memory with them.
  if (verdicts.size < 2000 && key.length <= FIELD_MAX_CHARS) verdicts.set(key, verdict);
  return verdict;
}
