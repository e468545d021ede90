import { z } from "zod";

import type { SendContent, Sending } from "../event/sending.ts";
import { decodeJson } from "../lib/json.ts";
import { confirmSend, failSend } from "./effects.ts";
import { joinLines, makeLineSending } from "./line-sending.ts";
import type { HttpExchange, ProviderEffect, SocketInput } from "./session.ts";
import { authorize, HELIX_URL, makeHttpUrl, type Account } from "./twitch-account.ts";

/* Messages to a Twitch channel's chat, which an account writes over HTTP whatever it is read by. */

/** The scope without which nothing is written. */
export const WRITING = "user:write:chat";

// 20 messages each 30 s, for an account without rights in the room; one that writes faster is not heard
// for an hour.
const PACE_MS = 1_500;

// The window of that rate, and of the search for a text that was said before.
const WINDOW_MS = 30_000;

// Twitch's bucket is full again within a minute, whatever is said.
const RATE_MAX_MS = 60_000;

const TEXT_MAX = 500;

/** A room's chat takes one line of up to 500 characters, as the token's own user. */
export const sending: Sending = makeLineSending({
  name: "Twitch's chat",
  paceMs: PACE_MS,
  maxChars: TEXT_MAX,
  hasReplies: true,
  write: writeText,
});

type Chat = Extract<SendContent, { kind: "chat" }>;

/** The text on one line, with Twitch's own word for `/me`. */
function writeText({ text, style }: Chat): string {
  const line = joinLines(text);
  return style === "emote" ? `/me ${line}` : line;
}

/** The request that says something in a room. */
export function requestMessage(
  {
    url,
    account,
    room,
    user,
  }: { url: string | null; account: Account; room: string; user: string },
  content: Chat,
): HttpExchange {
  return {
    url: makeHttpUrl(url, HELIX_URL, "/helix/chat/messages"),
    method: "POST",
    headers: { "content-type": "application/json", ...authorize(account) },
    body: JSON.stringify({
      broadcaster_id: room,
      sender_id: user,
      message: writeText(content),
      reply_parent_message_id: content.replyTo,
    }),
  };
}

const Drop = z.looseObject({ code: z.string() });
const Answer = z.looseObject({
  data: z
    .array(
      z.looseObject({
        is_sent: z.boolean(),
        // Older answers have a list of one.
        drop_reason: z.union([Drop, z.array(Drop)]).nullish(),
      }),
    )
    .min(1),
});

/** An answer to such a request, as a session gets it. */
export type SendAnswer = Pick<
  Extract<SocketInput, { type: "request-answered" }>,
  "status" | "body" | "retryAfterMs"
>;

/**
 * Reads the answer as the outcome of the send. An answer of 200 may say that it was not sent.
 * `isRenewable`: a token that was refused will soon be another.
 */
export function readOutcome(
  job: string,
  { status, body, retryAfterMs = WINDOW_MS }: SendAnswer,
  isRenewable: boolean,
): ProviderEffect {
  if (status === 401) return failSend(job, { reason: "token_invalid", retryable: isRenewable });
  if (status === 403) return failSend(job, { reason: "banned" });
  if (status === 422) return failSend(job, { reason: "too_long" });
  if (status === 429) {
    return failSend(job, { ...RATE_LIMITED, retryAfterMs: Math.min(retryAfterMs, RATE_MAX_MS) });
  }
  // It may have been taken before the server fell over.
  if (status >= 500) return failSend(job, { reason: "outcome_unknown" });
  if (status >= 300) return failSend(job, { reason: "refused" });
  const answer = decodeJson(Answer, body);
  const said = answer.ok ? answer.value.data[0] : undefined;
  if (said === undefined) return failSend(job, { reason: "outcome_unknown" });
  if (said.is_sent) return confirmSend(job);
  const code = [said.drop_reason].flat()[0]?.code ?? "";
  return failSend(job, REFUSALS.find(([words]) => words.test(code))?.[1] ?? { reason: "refused" });
}

type Refusal = Parameters<typeof failSend>[1];

const RATE_LIMITED: Refusal = { reason: "rate_limited", retryable: true };

/** The words for which a message is dropped, the same as in notices. */
const REFUSALS: readonly (readonly [RegExp, Refusal])[] = [
  [/ratelimit|rate_limit/, { ...RATE_LIMITED, retryAfterMs: WINDOW_MS }],
  [/slowmode|slow_mode/, RATE_LIMITED],
  [/duplicate/, { reason: "duplicate", retryable: true, retryAfterMs: WINDOW_MS }],
  [
    /emoteonly|followersonly|subsonly|r9k|emote_only|followers_only|subs_only/,
    { reason: "room_mode" },
  ],
  [/timedout|timed_out/, { reason: "timed_out", retryable: true }],
  [/verified|alias/, { reason: "account_unverified" }],
  [/banned|channel_blocked|suspended/, { reason: "banned" }],
  [/mandatory|bad_characters/, { reason: "refused" }],
  [/rejected|held/, { reason: "held" }],
  [/warned/, { reason: "warned" }],
];
