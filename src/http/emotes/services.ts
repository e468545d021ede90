import { within } from "../../deadline.ts";
import { ANSWER_MAX_BYTES, decodeAnswer } from "../../emotes/answer.ts";
import type { Emote } from "../../emotes/emote.ts";
import type { EmoteSource } from "../../emotes/service.ts";
import { readBounded } from "../../lib/read-bounded.ts";
import { parseRetryAfter } from "../../lib/retry-after.ts";
import { report } from "../../report.ts";

/** The time for which a service is waited for, until the end of its answer. */
export const FETCH_MS = 5_000;

/** The end of a request: the list, or for how long the whole service is to be left alone. */
export type Fetched =
  | { readonly ok: true; readonly emotes: readonly Emote[] }
  | {
      readonly ok: false;
      /** Nobody answered: neither will the next request to the same service. */
      readonly isAway: boolean;
      /** The time that the service said; null where it said nothing. */
      readonly retryAfterMs: number | null;
    };

const AWAY: Fetched = { ok: false, isAway: true, retryAfterMs: null };

/** Asks a service for a list. Never throws. Nothing leads to another host than the service's. */
export async function fetchList(source: EmoteSource, root: string): Promise<Fetched> {
  const { service, account } = source;
  const about = { service, platform: account?.platform };
  const deadline = new AbortController();
  try {
    return await within(FETCH_MS, ask(source, root + source.path, deadline.signal));
  } catch (error) {
    report("emote service not reached", error, about);
    return AWAY;
  } finally {
    deadline.abort();
  }
}

async function ask(source: EmoteSource, url: string, signal: AbortSignal): Promise<Fetched> {
  const { service, account } = source;
  const response = await fetch(url, {
    headers: { accept: "application/json", "user-agent": "Tributary/1" },
    redirect: "manual",
    signal,
  });
  const { text, isWhole } = await readBounded(response.body, ANSWER_MAX_BYTES);
  const decoded = decodeAnswer(source, { status: response.status, text, isWhole });
  if (decoded.ok) return { ok: true, emotes: decoded.value };
  const about = { service, platform: account?.platform };
  report("emote list not read", new Error(decoded.problem), about);
  const isBusy = response.status === 429 || response.status === 503;
  const retryAfter = isBusy ? response.headers.get("retry-after") : null;
  return { ok: false, isAway: false, retryAfterMs: parseRetryAfter(retryAfter, Date.now()) };
}
