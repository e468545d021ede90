import type { LinkFailure } from "../../session.ts";

/** Nothing can be asked of Kick without an app. Looked at again: the setting may come. */
export const NO_APP: LinkFailure = {
  remedy: "slow",
  reason: "app_missing",
  detail:
    "The relay has no app at Kick: whoever runs it makes one and sets KICK_CLIENT_ID and KICK_CLIENT_SECRET.",
  isError: true,
};

export const APP_REFUSED: LinkFailure = {
  remedy: "slow",
  reason: "token_invalid",
  detail: "Kick refused the relay's app: set KICK_CLIENT_ID and KICK_CLIENT_SECRET anew.",
  isError: true,
};

export const NO_ANSWER: LinkFailure = {
  remedy: "retry",
  reason: "unreachable",
  detail: "Kick could not be reached.",
};

export const UNREADABLE: LinkFailure = {
  remedy: "retry",
  reason: "answer_unreadable",
  detail: "Kick's answer could not be read.",
};

/** The relay's own database could not note where deliveries go. */
export const NO_ROUTE: LinkFailure = {
  remedy: "retry",
  reason: "route_unwritten",
  detail: "The relay could not note yet where Kick's deliveries for this channel go.",
};

export function describeUnknown(channel: string): LinkFailure {
  return {
    remedy: "slow",
    reason: "channel_unknown",
    detail: `Kick knows no channel ${channel}. The name is the end of its page's address.`,
    isError: true,
  };
}

/** Not one event can be subscribed to. */
export function describeRefused(isFull: boolean): LinkFailure {
  return isFull
    ? {
        remedy: "slow",
        reason: "quota_exceeded",
        detail: "Kick takes no more subscriptions of the relay's app: have the app verified there.",
        isError: true,
      }
    : {
        remedy: "slow",
        reason: "subscription_refused",
        detail: "Kick refused all subscriptions to this channel: look at the app's settings there.",
        isError: true,
      };
}

/** The failure for an answer that says nothing of what was asked. */
export function judgeAnswer(status: number, body: string): LinkFailure {
  if (status === 401) return APP_REFUSED;
  if (isBlocked(status, body)) {
    return {
      remedy: "slow",
      reason: "upstream_blocked",
      detail:
        "The bot protection before Kick's API let the relay not through. Tell Kick if it lasts.",
    };
  }
  if (status === 403) {
    return {
      remedy: "slow",
      reason: "refused",
      detail: "Kick refused the request of the relay's app.",
      isError: true,
    };
  }
  if (status === 429) {
    return { remedy: "slow", reason: "rate_limited", detail: "Kick was asked too often." };
  }
  if (status >= 500) {
    return { remedy: "retry", reason: "provider_down", detail: `Kick answered ${status}.` };
  }
  return { remedy: "slow", reason: "dial_refused", detail: `Kick answered ${status}.` };
}

/** Is it a page of the bot protection's, and no answer of the API? */
export function isBlocked(status: number, body: string): boolean {
  return status === 403 && body.trimStart().startsWith("<");
}
