import { replaceCredentials } from "./credential-form.ts";

/** The text that stands where something secret was. */
export const REDACTED = "[redacted]";

// A shorter secret is a word that people say: a token `test` is no reason to black out every test.
const SECRET_MIN_CHARS = 8;

// Enough of RFC 5321 and 6531 for addresses people have: no quoted local parts, none that end in a
// full stop or a mark (`.@name.x` is a mention), none with what delimits them in an address of the
// web (`/@name.x`). `%40` is the `@` of a query.
const EMAIL =
  /[\p{L}\p{N}.!#$%'*+^_`{|}~-]{0,63}[\p{L}\p{N}_+-](?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.)+(?:xn--[a-z0-9-]{1,59}|\p{L}{2,24})/giu;

// A handle on another server: `@ada@mastodon.example`, at the beginning of a word.
const HANDLE_BEFORE = /(?:^|[^\p{L}\p{N}_])(?:@|%40)$/u;
const HANDLE_START = /^%40/;

// Somebody's mask on IRC, as Twitch writes it: ada!ada@ada.tmi.twitch.tv.
const IRC_MASK = /(?:^|[^\p{L}\p{N}_])([\p{L}\p{N}_]+)!\1@\1\.tmi\.twitch\.tv$/iu;

// A remote of git, by its usual user or by its ending: git@host:path, ssh://git@host/path.
const GIT_USER = /(?:^|[^\p{L}\p{N}._+-])git(?:@|%40)/iu;
const PATH_AFTER = /^[:/][^\s:/]/;
const GIT_PATH = /^:[^\s:]{1,200}\.git(?![\p{L}\p{N}_])/u;

// A credential in the query or the fragment of an address.
const SECRET_PARAMETER =
  /([?&#](?:[\w-]*(?:token|secret|password|passwd|jwt|authorization|api_?key|stream_?key)|(?:[\w-]*[-_])?key|auth|code)=)[^&#\s"'<>]+/gi;

// A credential before the host of an address.
const USER_INFO = /(:\/\/)[^\s/?#@]+@/g;

// What there is in every e-mail address and in every credential of the relay.
const SIGNS = /@|%40|trb|eyJ|ticket\.|whsec_|v1\./;

const WORD_START = /^[\p{L}\p{N}_]/u;
const WORD_END = /[\p{L}\p{N}_]$/u;

// An escaped character before a secret ends in a letter or a digit that is no part of a word.
const ESCAPE_END = /(?:%[0-9a-f]{2}|\\[bfnrt]|\\u[0-9a-f]{4})$/i;

/**
 * People's words without what is nobody's business: e-mail addresses, credentials of the relay, and
 * the given secrets, where they are long enough for one and stand as words. All else stays: what
 * only looks like a secret, such as `?code=` in a link, is what somebody said.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  const found = listForms(text, secrets);
  const forms = found === NONE ? NONE : found.filter((form) => form.length >= SECRET_MIN_CHARS);
  // Most texts have none of what an address or a credential cannot be without: done with at once.
  if (!SIGNS.test(text)) return forms.length === 0 ? text : replaceWords(text, forms);
  const bare = replaceCredentials(replaceWords(text, forms), REDACTED);
  const clean = replaceEmails(bare);
  // What stood beside an address is a word by itself now.
  return clean === bare ? clean : replaceWords(clean, forms);
}

/**
 * A machine's words (a refusal, the reason of a close, an error, the beginning of a frame) without
 * anything that may be secret: the given secrets wherever they stand and however short they are, and
 * credentials in addresses as well.
 */
export function redactDetail(text: string, secrets: readonly string[] = []): string {
  let clean = replaceCredentials(replaceAnywhere(text, listForms(text, secrets)), REDACTED);
  // Most texts have none of what an address cannot be without, and are done with at once.
  if (clean.includes("@")) clean = clean.replace(USER_INFO, `$1${REDACTED}@`);
  clean = replaceEmails(clean);
  return clean.includes("=") ? clean.replace(SECRET_PARAMETER, `$1${REDACTED}`) : clean;
}

/**
 * The secrets that may be in a text, as they are and as an address has them, the longest first: one
 * may begin with another.
 */
function listForms(text: string, secrets: readonly string[]): readonly string[] {
  const isEscaped = text.includes("%");
  if (!isEscaped && !secrets.some((secret) => text.includes(secret))) return NONE;
  const forms = isEscaped
    ? secrets.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
    : secrets;
  const found = forms.filter((form) => text.includes(form) && !REDACTED.includes(form));
  return found.length < 2 ? found : found.toSorted((a, b) => b.length - a.length);
}

const NONE: readonly string[] = [];

function replaceAnywhere(text: string, forms: readonly string[]): string {
  return forms.reduce((clean, form) => clean.replaceAll(form, REDACTED), text);
}

function replaceWords(text: string, forms: readonly string[]): string {
  return forms.reduce(replaceWord, text);
}

function replaceWord(text: string, word: string): string {
  let clean = "";
  let from = 0;
  for (let at = text.indexOf(word); at !== -1;) {
    const end = at + word.length;
    const isWord = standsAsWord(text, at, end);
    if (isWord) {
      clean += text.slice(from, at) + REDACTED;
      from = end;
    }
    at = text.indexOf(word, isWord ? end : at + 1);
  }
  return clean + text.slice(from);
}

/** Does the range go on neither before nor behind it? */
function standsAsWord(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 6), start);
  const range = text.slice(start, end);
  const isOpenBefore = WORD_START.test(range) && WORD_END.test(before) && !ESCAPE_END.test(before);
  return !isOpenBefore && !(WORD_END.test(range) && WORD_START.test(text.slice(end, end + 2)));
}

function replaceEmails(text: string): string {
  if (!text.includes("@") && !text.includes("%40")) return text;
  return text.replace(EMAIL, (found: string, at: number) =>
    isHandle(text, found, at) || isGitRemote(text, found, at) || IRC_MASK.test(found)
      ? found
      : REDACTED,
  );
}

function isHandle(text: string, found: string, at: number): boolean {
  return HANDLE_START.test(found) || HANDLE_BEFORE.test(text.slice(Math.max(0, at - 5), at));
}

function isGitRemote(text: string, found: string, at: number): boolean {
  const end = at + found.length;
  const after = text.slice(end, end + 210);
  if (GIT_PATH.test(after)) return true;
  return GIT_USER.test(found) && (PATH_AFTER.test(after) || text.slice(at - 3, at) === "://");
}
