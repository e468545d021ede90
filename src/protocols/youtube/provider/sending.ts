import { z } from "zod";

import type { Balance } from "../../../event/quota.ts";
import type { Sending } from "../../../event/sending.ts";
import { decodeJson } from "../../../lib/json.ts";
import { confirmSend, failSend, issueSend } from "../../effects.ts";
import { joinLines, makeLineSending } from "../../line-sending.ts";
import type { ProviderEffect, SendRequest } from "../../session.ts";
import { findReset, judge, listReasons } from "./failures.ts";
import { insertMessage } from "./requests.ts";
import type { YouTubeLink, YouTubeState } from "./state.ts";

const TEXT_MAX = 200;

// Nothing is documented. People write no faster, and each message costs as much as ten streams.
const PACE_MS = 2_000;

const TOO_FAST_MS = 5_000;

/** A chat takes one line of up to 200 characters. There is no `/me`: it is said as it is. */
export const sending: Sending = makeLineSending({
  name: "YouTube's chat",
  paceMs: PACE_MS,
  maxChars: TEXT_MAX,
  hasReplies: false,
  write: ({ text }) => joinLines(text),
});

/** A message is to be written. */
export function onSend(
  link: YouTubeLink,
  { broadcast, isReading }: YouTubeState,
  { job, identifier, content }: SendRequest,
): ProviderEffect[] {
  const isOther = content.kind !== "chat" || (content.as ?? identifier) !== link.identifier;
  if (broadcast === null || !isReading || isOther || link.access.token === null) {
    const reason = broadcast === null ? "not_live" : "not_writable";
    return [failSend(job, { reason, retryable: broadcast === null })];
  }
  const exchange = insertMessage(link, broadcast.chatId, joinLines(content.text));
  return [issueSend(job), { type: "request-issue", request: job, exchange }];
}

const Written = z.looseObject({ id: z.string().min(1) });

/** Reads the answer as the outcome of the send. */
export function readOutcome(
  job: string,
  { status, body, at }: { status: number; body: string; at: number },
): ProviderEffect {
  if (status < 300) {
    return decodeJson(Written, body).ok
      ? confirmSend(job)
      : failSend(job, { reason: "outcome_unknown" });
  }
  // It may have been taken before the server fell over.
  if (status >= 500) return failSend(job, { reason: "outcome_unknown" });
  const verdict = judge(status, body, at);
  switch (verdict.type) {
    case "too-fast":
      return failSend(job, { reason: "rate_limited", retryable: true, retryAfterMs: TOO_FAST_MS });
    case "token-refused":
      return failSend(job, { reason: "token_invalid", retryable: true });
    case "over":
      return failSend(job, { reason: "not_live" });
    case "fail":
      return verdict.failure.reason === "quota_exceeded"
        ? failQuota(job, findReset(at), at)
        : failSend(job, { reason: status === 400 ? "refused" : readRefusal(body) });
    default:
      return failSend(job, { reason: "refused" });
  }
}

function readRefusal(body: string): string {
  const reasons = listReasons(body);
  if (reasons.includes("liveChatDisabled")) return "chat_disabled";
  return reasons.includes("forbidden") ? "forbidden" : "refused";
}

/** There is nothing left for it today: of the day's units, or of the messages that are for a day. */
export function failWithheld(job: string, balance: Balance | null, at: number): ProviderEffect {
  return balance === null
    ? failSend(job, { reason: "quota_unknown", retryable: true, retryAfterMs: 60_000 })
    : failQuota(job, balance.resetsAt, at);
}

function failQuota(job: string, resetsAt: number, at: number): ProviderEffect {
  const retryAfterMs = Math.max(1_000, resetsAt - at);
  return failSend(job, { reason: "quota_exceeded", retryable: true, retryAfterMs });
}
