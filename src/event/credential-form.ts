import { computeChecksum62 } from "../lib/base62.ts";
import { isRecord, parseJson } from "../lib/json.ts";

/*
 * The forms of the relay's own credentials, by which they are known before anything is looked up:
 * keys by their check digits, tokens by who issued them, the others by their prefix.
 */

/** The issuer that the relay's tokens name. */
export const TOKEN_ISSUER = "tributary";

const KEY = /(trbo?)_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})/;
// A key in small letters, as some programs write their password: its check digits are lost.
const FOLDED_KEY = /trb_[0-9a-z]{12}_[0-9a-z]{38}/;
const WHOLE_FOLDED_KEY = new RegExp(`^${FOLDED_KEY.source}$`);

const WHOLE_KEY = new RegExp(`^${KEY.source}$`);
const KEYS = new RegExp(KEY, "g");

// A token begins a word, so that a text is looked through once. HS256 makes 43 characters.
const JWTS = /(?<![\w-])(eyJ[\w-]{10,500})\.(eyJ[\w-]{10,8000})\.[\w-]{43}(?![\w-])/g;

// What has no check digits: a ticket as a socket brings it, a webhook's secret, a sealed token of a
// planned hand-over.
const PREFIXED = [
  ["trb_", new RegExp(`(?<![\\w-])${FOLDED_KEY.source}(?![\\w-])`, "g")],
  ["ticket.", /(?<![\w.-])ticket\.[0-9A-Za-z]{32}(?![\w-])/g],
  ["whsec_", /(?<![\w-])whsec_[0-9A-Za-z+/]{32,88}={0,2}/g],
  ["v1.", /(?<![\w.-])v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22,}/g],
] as const;

/** A key, read by its form alone. */
export interface KeyForm {
  readonly prefix: "trb" | "trbo";
  readonly id: string;
}

/** Reads a key by its form alone; null for a text that cannot be one of the relay's. */
export function readKey(text: string): KeyForm | null {
  const match = WHOLE_KEY.exec(text);
  if (match === null) return null;
  const [, prefix, id, secret, checksum] = match;
  if (checksum !== computeChecksum62(`${prefix}_${id}_${secret}`)) return null;
  return { prefix: prefix === "trbo" ? "trbo" : "trb", id: id ?? "" };
}

/** Can a text be one of the relay's API keys in small letters? */
export function isFoldedKey(text: string): boolean {
  return WHOLE_FOLDED_KEY.test(text);
}

/**
 * Replaces every credential of the relay in a text. What only looks like one stays, and a text with
 * none of the prefixes is done with at once: nearly all are.
 */
export function replaceCredentials(text: string, mark: string): string {
  let clean = text;
  if (clean.includes("trb")) {
    clean = clean.replace(KEYS, (key) => (readKey(key) === null ? key : mark));
  }
  if (clean.includes("eyJ")) {
    clean = clean.replace(JWTS, (token: string, header: string, claims: string) =>
      isOwnToken(header, claims) ? mark : token,
    );
  }
  for (const [prefix, form] of PREFIXED) {
    if (clean.includes(prefix)) clean = clean.replace(form, mark);
  }
  return clean;
}

function isOwnToken(header: string, claims: string): boolean {
  return readPart(header)["alg"] === "HS256" && readPart(claims)["iss"] === TOKEN_ISSUER;
}

function readPart(part: string): Readonly<Record<string, unknown>> {
  const base64 = part.replaceAll("-", "+").replaceAll("_", "/");
  // Of four characters one alone says nothing: it is no base64, and atob would throw.
  if (base64.length % 4 === 1) return {};
  const parsed = parseJson(atob(base64));
  return parsed.ok && isRecord(parsed.value) ? parsed.value : {};
}
