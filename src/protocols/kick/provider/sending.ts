import { z } from "zod";

import type { SendContent, Sending } from "../../../event/sending.ts";
import { decodeJson } from "../../../lib/json.ts";
import { confirmSend, failSend } from "../../effects.ts";
import { joinLines, makeLineSending } from "../../line-sending.ts";
import type { HttpExchange, ProviderEffect } from "../../session.ts";
import { ask } from "./api.ts";
import { isBlocked } from "./failures.ts";
import type { Account, Place } from "./link.ts";

// Kick publishes no rate: one a second has been taken so far.
const PACE_MS = 1_000;

const TEXT_MAX = 500;

// No answer of 429 was seen to say for how long.
const WAIT_MS = 5_000;

/**
 * A channel's chat takes one line of up to 500 characters, as the token's own user. Kick has no `/me`:
 * the words are said as they are.
 */
export const sending: Sending = makeLineSending({
  name: "Kick's chat",
  paceMs: PACE_MS,
  maxChars: TEXT_MAX,
  hasReplies: true,
  write: ({ text }) => joinLines(text),
});

export type Chat = Extract<SendContent, { kind: "chat" }>;

/** The request that says something in a channel, as the token's user: as the app's bot it fails for many. */
export function toExchange(
  place: Place,
  account: Account,
  broadcaster: string,
  content: Chat,
): HttpExchange {
  return ask(place, account.token, "POST", "chat", {
    broadcaster_user_id: Number(broadcaster),
    content: joinLines(content.text),
    reply_to_message_id: content.replyTo,
    type: "user",
  });
}

const Answer = z.looseObject({ data: z.looseObject({ is_sent: z.boolean() }) });

/** Reads the answer as the outcome of the send: one of 200 may say that it was not sent. */
export function readOutcome(
  job: string,
  status: number,
  body: string,
  isRenewable: boolean,
): ProviderEffect {
  if (status === 401) return failSend(job, { reason: "token_invalid", retryable: isRenewable });
  if (isBlocked(status, body)) {
    return failSend(job, { reason: "upstream_blocked", retryable: true, retryAfterMs: WAIT_MS });
  }
  if (status === 429) {
    return failSend(job, { reason: "rate_limited", retryable: true, retryAfterMs: WAIT_MS });
  }
  // It may have been taken before the server fell over.
  if (status >= 500) return failSend(job, { reason: "outcome_unknown" });
  if (status >= 300) return failSend(job, { reason: "refused" });
  const answer = decodeJson(Answer, body);
  if (!answer.ok) return failSend(job, { reason: "outcome_unknown" });
  return answer.value.data.is_sent ? confirmSend(job) : failSend(job, { reason: "refused" });
}
