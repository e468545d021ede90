import { redactDetail } from "../../../event/redact.ts";
import type { LinkFailure } from "../../session.ts";

/** Why a topic is not subscribed, and what can be done about it. */
export interface TopicRefusal {
  /** Stable, snake_case. */
  readonly reason: string;
  /** A sentence for a person. */
  readonly detail: string;
  /** The same may be granted later. */
  readonly retryable: boolean;
}

/**
 * The scope that a token needs for a topic; a topic that is not listed needs none, or is unknown.
 */
const SCOPES: ReadonlyMap<string, string> = new Map([
  ["channel.activities", "activities:read"],
  ["channel.announcements", "channel:read"],
  ["channel.tips", "tips:read"],
  ["channel.tips.moderation", "tips:moderation"],
  ["channel.chat.message", "overlays:read"],
  ["channel.session.update", "session:read"],
  ["channel.session.reset", "session:read"],
  ["channel.chatbot.status", "bot:read"],
  ["channel.chatbot.modules", "bot:read"],
  ["channel.chatbot.modules.pyramid", "bot:read"],
  ["channel.chatbot.modules.emotecombo", "bot:read"],
  ["channel.chatbot.commands", "bot:read"],
  ["channel.chatbot.timers", "bot:read"],
  ["channel.chatbot.filters", "bot:read"],
  ["channel.stream.status", "stream-live:read"],
  ["channel.overlay.action", "overlays:read"],
  ["channel.overlay.broadcast", "overlays:broadcast"],
  ["channel.overlay.update", "overlays:read"],
  ["channel.kvstore.update", "kvstore:read"],
  ["channel.songrequest", "overlays:read"],
  ["channel.loyalty.redemptions", "store:read"],
  ["channel.loyalty.items", "store:read"],
]);

export const UNAUTHORIZED = "unauthorized";
export const RATE_LIMITED = "rate_limited";

/** The codes of both generations; one that is not listed is final. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["err_unauthorized", UNAUTHORIZED],
  ["rate_limit_exceeded", RATE_LIMITED],
  ["err_internal_error", "provider_error"],
  ["err_deadline_exceeded", "provider_error"],
  ["err_bad_request", "bad_request"],
  ["invalid_message", "bad_request"],
  ["invalid_message_type", "bad_request"],
]);

const RETRYABLE: readonly string[] = [RATE_LIMITED, "provider_error"];

/** No answer to a command within its time. */
export const NO_ANSWER: TopicRefusal = {
  reason: "no_answer",
  detail: "StreamElements did not answer. It is asked again.",
  retryable: true,
};

/** Reads an error in a response. */
export function readRefusal(
  code: string,
  about: { readonly topic: string; readonly said: string | null; readonly token: string },
): TopicRefusal {
  const reason = REASONS.get(code) ?? "refused";
  const words = redactDetail([code, about.said ?? ""].join(" ").trim(), [about.token]).slice(
    0,
    200,
  );
  return {
    reason,
    detail: `StreamElements answered "${words}". ${advise(reason, about.topic)}`,
    retryable: RETRYABLE.includes(reason),
  };
}

function advise(reason: string, topic: string): string {
  const scope = SCOPES.get(topic);
  switch (reason) {
    case UNAUTHORIZED:
      return scope === undefined
        ? "Set a token that is valid, and of this very channel."
        : `Set a token that is valid, of this very channel, and has the scope ${scope}.`;
    case "bad_request":
      return "There may be no such topic or room, or too many of them: look at the target.";
    case "refused":
      return "Look at the target and the token.";
    default:
      return "It is asked again.";
  }
}

/** The failure of a session all of whose topics are refused for good. */
export function describeRefusals(
  topics: readonly { name: string; reason: string | null }[],
): LinkFailure {
  const names = topics.map(({ name, reason }) => `${name} (${reason})`).join(", ");
  return topics.every(({ reason }) => reason === UNAUTHORIZED)
    ? {
        remedy: "stop",
        reason: "token_invalid",
        detail:
          "StreamElements refuses the token for every topic. Set one that has not run out, is of " +
          "this very channel and has the scopes of its topics, with the right tokenType.",
      }
    : {
        remedy: "stop",
        reason: "topics_refused",
        detail: `StreamElements refuses every topic: ${names.slice(0, 400)}.`,
      };
}
