import { decode, decodeJson } from "../../../lib/json.ts";
import { findPacificDay } from "../../../lib/pacific-day.ts";
import type { LinkFailure } from "../../session.ts";
import { Reason, Refusal } from "../wire/frames.ts";

/** The meaning of a refused request for whoever reads a chat or looks for one. */
export type Verdict =
  /** The token of the page is of no use: from the beginning, and something may be missing. */
  | { readonly type: "token-lost" }
  /** There is no chat any more. */
  | { readonly type: "over"; readonly reason: string }
  /** Too fast. */
  | { readonly type: "too-fast" }
  /** Nothing answers at this address. */
  | { readonly type: "gone" }
  /** The access token is of no use. */
  | { readonly type: "token-refused"; readonly failure: LinkFailure }
  /** Once more, soon. */
  | { readonly type: "again"; readonly failure: LinkFailure }
  | { readonly type: "fail"; readonly failure: LinkFailure };

/** The reasons of a refusal, in Google's words, those of its common form first. */
export function listReasons(body: string): string[] {
  const refusal = decodeJson(Refusal, body);
  if (!refusal.ok) return [];
  const { errors, details } = refusal.value.error;
  return [...(details ?? []), ...(errors ?? [])].flatMap((each) => {
    const read = decode(Reason, each);
    return read.ok ? [read.value.reason] : [];
  });
}

/** Judges a refusal: by its reasons, and by its number where they say nothing that is known. */
export function judge(status: number, body: string, at: number): Verdict {
  for (const reason of listReasons(body)) {
    const verdict = judgeReason(reason, at);
    if (verdict !== null) return verdict;
  }
  return judgeStatus(status);
}

function judgeReason(reason: string, at: number): Verdict | null {
  switch (reason) {
    case "pageTokenInvalid":
    case "invalidPageToken":
      return { type: "token-lost" };
    case "liveChatEnded":
    case "liveChatNotFound":
      return { type: "over", reason };
    case "rateLimitExceeded":
    case "userRateLimitExceeded":
      return { type: "too-fast" };
    case "quotaExceeded":
    case "dailyLimitExceeded":
      return { type: "fail", failure: describeQuota(at) };
    case "liveChatDisabled":
      return { type: "fail", failure: CHAT_DISABLED };
    case "accessNotConfigured":
    case "SERVICE_DISABLED":
      return { type: "fail", failure: API_OFF };
    case "API_KEY_INVALID":
    case "API_KEY_EXPIRED":
    case "API_KEY_SERVICE_BLOCKED":
    case "keyInvalid":
    case "keyExpired":
      return { type: "fail", failure: KEY_INVALID };
    case "forbidden":
    case "insufficientPermissions":
      return { type: "fail", failure: FORBIDDEN };
    default:
      return null;
  }
}

function judgeStatus(status: number): Verdict {
  if (status === 401) return { type: "token-refused", failure: TOKEN_INVALID };
  if (status === 403) return { type: "fail", failure: FORBIDDEN };
  if (status === 429) return { type: "too-fast" };
  if ([404, 405, 410, 501].includes(status)) return { type: "gone" };
  if (status >= 500) return { type: "again", failure: describeOutage(status) };
  const detail = `YouTube answered ${status}, which says nothing that helps.`;
  return { type: "fail", failure: { remedy: "slow", reason: "request_refused", detail } };
}

// For so long Google may still refuse what is of the day before.
const LATE_MS = 600_000;

/** When a project has units again that has none left by Google's count. */
export function findReset(at: number): number {
  const { from, to } = findPacificDay(at);
  return at < from + LATE_MS ? from + LATE_MS : to;
}

/** Does a refusal say that nothing is left of today, for whoever asks? */
export function isUsedUp(body: string, at: number): boolean {
  const isQuota = listReasons(body).some((each) => QUOTA.test(each));
  return isQuota && findReset(at) === findPacificDay(at).to;
}

const QUOTA = /^(?:quota|dailyLimit)Exceeded$/;

/** There is nothing left of a day's units, by Google's count or by our own. */
export function describeQuota(at: number, resetsAt = findReset(at)): LinkFailure {
  return {
    remedy: "slow",
    reason: "quota_exceeded",
    detail:
      "The day's quota of the Google project is used up. It goes on after midnight in Pacific time; Google gives more quota to who asks for it.",
    // Not at the very moment: clocks differ.
    retryAfterMs: Math.max(60_000, resetsAt - at + 30_000),
    isError: true,
  };
}

export function describeOutage(status: number | null): LinkFailure {
  const answered = status === null ? "did not answer" : `answered ${status}`;
  return { remedy: "retry", reason: "unavailable", detail: `YouTube ${answered}.` };
}

export const TOKEN_INVALID: LinkFailure = {
  remedy: "renew",
  reason: "token_invalid",
  detail: "Google refused the access token. Where a new one is refused as well: log in again.",
};

const KEY_INVALID: LinkFailure = {
  remedy: "stop",
  reason: "key_invalid",
  detail:
    "Google does not know this API key, or does not allow it YouTube Data API v3: make one in the Google Cloud console.",
};

const API_OFF: LinkFailure = {
  remedy: "stop",
  reason: "api_off",
  detail: "YouTube Data API v3 is not turned on in the Google project: turn it on there.",
};

const FORBIDDEN: LinkFailure = {
  remedy: "stop",
  reason: "forbidden",
  detail: "YouTube does not show this broadcast to these credentials: log in as its streamer.",
};

const CHAT_DISABLED: LinkFailure = {
  remedy: "slow",
  reason: "chat_disabled",
  detail: "The broadcast has no chat: turn it on in YouTube Studio.",
  isError: true,
};

export const SILENT: LinkFailure = {
  remedy: "retry",
  reason: "silent",
  detail: "YouTube has answered nothing for too long.",
};

/** A handle that nobody has. */
export const NO_CHANNEL: LinkFailure = {
  remedy: "slow",
  reason: "channel_unavailable",
  detail: "No channel goes by this handle now. Check the spelling; it may have been changed.",
  isError: true,
};
