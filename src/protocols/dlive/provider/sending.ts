import { z } from "zod";

import type { SendContent, SendFlaw, Sending } from "../../../event/sending.ts";
import { decodeJson } from "../../../lib/json.ts";
import { confirmSend, failSend } from "../../effects.ts";
import type { HttpExchange, ProviderEffect } from "../../session.ts";
import { DEFAULT_HTTP_URL } from "../wire/frames.ts";

// The socket takes no messages: they go by a mutation over HTTP. What it selects is what is read.
const MUTATION =
  "mutation SendStreamchatMessage($input: SendStreamchatMessageInput!) {" +
  " sendStreamchatMessage(input: $input) { err { code message } message { ... on ChatText { id } } } }";

// No rate is published. A channel's slowest chat interval is a matter of seconds, and its owner and
// moderators are free of it: one a second is what a fast writer does.
const PACE_MS = 1_000;

// A refusal for rate says nothing of how long.
const RATE_RETRY_MS = 5_000;

/** The content that DLive's chat takes: one line, as the token's own user. */
export const sending: Sending = {
  kinds: ["chat"],
  paceMs: PACE_MS,
  latestOnly: false,
  check: findFlaw,
};

function findFlaw(content: SendContent): SendFlaw | null {
  if (content.kind !== "chat") return makeFlaw("kind_unsupported", "DLive shows no interfaces");
  if (content.text.trim() === "") return makeFlaw("empty", "must say something", "/text");
  if (content.style === "emote") return makeFlaw("emote_unsupported", "DLive has no /me", "/kind");
  if (content.replyTo !== undefined) {
    return makeFlaw("reply_unsupported", "DLive has no replies", "/replyTo");
  }
  return null;
}

function makeFlaw(reason: string, detail: string, pointer?: string): SendFlaw {
  return { reason, detail, ...(pointer !== undefined && { pointer }) };
}

/** The mutation that says `text` in a streamer's chat. */
export function toExchange(
  { url, streamer, appToken }: { url: string | null; streamer: string; appToken: string },
  text: string,
): HttpExchange {
  // As a plain member: DLive knows by the token what its user is.
  const input = { streamer, message: text, roomRole: "Member", subscribing: false };
  const operationName = "SendStreamchatMessage";
  return {
    url: toHttpUrl(url),
    method: "POST",
    // The token as it is, without a "Bearer".
    headers: { "content-type": "application/json", authorization: appToken },
    body: JSON.stringify({ operationName, query: MUTATION, variables: { input } }),
  };
}

/** With an address of its own, mutations go to `/` on the same host and port. */
export function toHttpUrl(url: string | null): string {
  if (url === null) return DEFAULT_HTTP_URL;
  const http = new URL("/", url);
  http.protocol = http.protocol === "ws:" ? "http:" : "https:";
  return http.toString();
}

const Answer = z.looseObject({
  data: z
    .looseObject({
      sendStreamchatMessage: z
        .looseObject({
          err: z.looseObject({ code: z.unknown(), message: z.string().nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  errors: z.array(z.looseObject({ message: z.string().nullish() })).nullish(),
});

/** Reads the answer to the mutation as the outcome of the send. */
export function readOutcome(job: string, status: number, body: string): ProviderEffect {
  if (status === 401 || status === 403) return failSend(job, { reason: "token_invalid" });
  if (status === 429) {
    return failSend(job, { reason: "rate_limited", retryable: true, retryAfterMs: RATE_RETRY_MS });
  }
  // It may have been taken before the server fell over.
  if (status >= 500) return failSend(job, { reason: "outcome_unknown" });
  const answer = decodeJson(Answer, body);
  if (!answer.ok || status >= 400) return failSend(job, { reason: "refused" });
  const { data, errors } = answer.value;
  const said = data?.sendStreamchatMessage;
  const words = said?.err?.message ?? errors?.[0]?.message ?? "";
  if (said != null && said.err == null) return confirmSend(job);
  const isRate = /rate|frequen|too (fast|many)|interval|slow/i.test(words);
  return isRate
    ? failSend(job, { reason: "rate_limited", retryable: true, retryAfterMs: RATE_RETRY_MS })
    : failSend(job, { reason: "refused" });
}
