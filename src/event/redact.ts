import type { Json } from "../lib/json.ts";
import { REDACTED, redactText } from "./redact-text.ts";

export { REDACTED, redactDetail, redactText } from "./redact-text.ts";

/**
 * The text that stands where data goes deeper than any provider's does: nothing below is searched.
 */
export const TOO_DEEP = "[too deep]";

// A stack takes a few thousand levels, JSON.parse any number: a bound, so that nobody can end a
// channel with brackets.
const MAX_DEPTH = 100;

// The last word of a credential's name, whatever the provider calls it.
const CREDENTIAL =
  "token|secret|password|passwd|passphrase|pwd|authorization|credentials?|(?:api|stream|private|access|secret|signing|master|encryption)[-_]?key|jwt|cookie";

// What may stand before it. The whole name must be made of such words, so that `tokenCount`,
// `nextPageToken` or `secretaryName` pass.
const KINDS =
  "access|refresh|reconnect|app|bearer|oauth2?|auth|authorization|id|session|csrf|xsrf|api|client|stream|private|signing|user|bot|webhook|secret|login|master|personal|device|overlay|channel|chat|socket|connection|twitch|youtube|kick|set";

const SECRET_FIELD = new RegExp(`^(?:x[-_]?)?(?:(?:${KINDS})[-_]?)*(?:${CREDENTIAL})s?$`, "i");

const EMAIL_FIELD = /^e[-_]?mail([-_]?address)?$/i;

// Of several there may be a count, and counts come as text as well.
const SEVERAL = /s$/i;
const FIGURE = /^[+-]?\d+(?:\.\d+)?$/;

// No name of a credential is longer: a longer one is looked at each time, not remembered.
const FIELD_MAX_CHARS = 64;

/**
 * The same data without what must not be kept: fields named like credentials or e-mail addresses
 * lose the text in them, and every other text is redacted. What has nothing to hide is given back as
 * it is, not copied.
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
    const after = isSecretField(key, item, depth) ? REDACTED : clean(item, secrets, depth + 1);
    if (after === item && name === key) continue;
    copy ??= new Map(Object.entries(value));
    if (name !== key) copy.delete(key);
    copy.set(name, after);
  }
  return copy === null ? value : Object.fromEntries(copy);
}

/** Is it a secret? Its name says so, and there is a text in it: a number is no credential. */
function isSecretField(key: string, item: Json | undefined, depth: number): boolean {
  if (item === REDACTED || !isSecretName(key)) return false;
  if (typeof item === "string" && SEVERAL.test(key) && FIGURE.test(item)) return false;
  return holdsText(item, depth);
}

/** Is there a text in it? What goes too deep to be looked through may have one. */
function holdsText(item: Json | undefined, depth: number): boolean {
  if (typeof item === "string") return item !== "";
  if (typeof item !== "object" || item === null) return false;
  return depth > MAX_DEPTH || Object.values(item).some((each) => holdsText(each, depth + 1));
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
