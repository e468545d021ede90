import { isRecord, parseJson, type Decoded } from "../lib/json.ts";
import { decodeBttvAccount, decodeBttvGlobal } from "./bttv.ts";
import type { Emote } from "./emote.ts";
import { decodeFfzGlobal, decodeFfzRoom } from "./ffz.ts";
import type { EmoteService, EmoteSource } from "./service.ts";
import { decodeSevenTvAccount, decodeSevenTvSet } from "./seven-tv.ts";

/**
 * The bytes of an answer that are read. A set of a thousand emotes has 1.6 MB at 7TV, which tells eight
 * files of each.
 */
export const ANSWER_MAX_BYTES = 4 * 1024 * 1024;

/** An answer of a service, as it came. */
export interface ServiceAnswer {
  readonly status: number;
  readonly text: string;
  /** False where there was more than is read. */
  readonly isWhole: boolean;
}

type Decode = (value: unknown) => Decoded<Emote[]>;

const CODECS: Readonly<Record<EmoteService, { readonly account: Decode; readonly all: Decode }>> = {
  "7tv": { account: decodeSevenTvAccount, all: decodeSevenTvSet },
  bttv: { account: decodeBttvAccount, all: decodeBttvGlobal },
  ffz: { account: decodeFfzRoom, all: decodeFfzGlobal },
};

/**
 * Reads what a service answered to being asked for a list. Never throws. That the service does not
 * know an account is an empty list, where the service itself says so: a page of something in
 * between, or an address that is no more, says nothing of an account.
 */
export function decodeAnswer(
  { service, account }: EmoteSource,
  { status, text, isWhole }: ServiceAnswer,
): Decoded<Emote[]> {
  if (!isWhole) return { ok: false, problem: "too large" };
  const isThere = status === 200;
  if (!isThere && !(status === 404 && account !== null)) {
    return { ok: false, problem: `answered ${status}` };
  }
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  if (!isThere) {
    return isUnknownAccount(parsed.value)
      ? { ok: true, value: [] }
      : { ok: false, problem: `answered ${status}` };
  }
  const codec = CODECS[service];
  return account === null ? codec.all(parsed.value) : codec.account(parsed.value);
}

/**
 * BTTV says `message`, 7TV and FFZ `error` beside it or alone: each an object with a sentence, and
 * that names a user or a room. "Not found" alone is what any server says of an address.
 */
function isUnknownAccount(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { message, error } = value;
  const said = [message, error].filter((each) => typeof each === "string").join(" ");
  return /\b(user|room|channel|connection)\b/i.test(said);
}
