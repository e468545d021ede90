import type { Closing } from "../../provider.ts";
import type { LinkFailure } from "../../session.ts";

export const NO_WELCOME: LinkFailure = {
  remedy: "retry",
  reason: "handshake_timeout",
  detail: "Twitch did not welcome us within 15 s.",
};

export const SILENT: LinkFailure = {
  remedy: "retry",
  reason: "silent",
  detail: "Twitch gave no sign of life for half as long again as it had promised.",
};

export const WRONG_CLIENT: LinkFailure = {
  remedy: "stop",
  reason: "token_wrong_client",
  detail: "The token was given to another application than the client id is of.",
};

export const TOKEN_REFUSED: LinkFailure = {
  remedy: "stop",
  reason: "token_invalid",
  detail: "Twitch refuses the token, and it cannot be renewed: log in again.",
};

export const CHANNEL_UNKNOWN: LinkFailure = {
  remedy: "slow",
  reason: "channel_unavailable",
  detail: "No channel goes by this login now. Check the spelling; it may have been renamed.",
  isError: true,
};

const CLOSES: ReadonlyMap<number, LinkFailure> = new Map(
  (
    [
      [4000, "retry", "provider_error", "Twitch has trouble of its own."],
      [4001, "stop", "inbound_refused", "Twitch was sent something on the socket: report this."],
      [4002, "retry", "silent", "Twitch did not hear from us."],
      [4003, "retry", "subscribed_late", "Nothing was subscribed in time."],
      [4004, "retry", "hand_over_failed", "The new socket did not take over in time."],
      [4005, "retry", "connection_lost", "Twitch lost the connection."],
      [4006, "retry", "connection_lost", "Twitch lost the connection."],
      [4007, "retry", "hand_over_failed", "The address to reconnect by was not good any more."],
    ] as const
  ).map(([code, remedy, reason, detail]) => [code, { remedy, reason, detail }]),
);

/** Reads the end of a socket that Twitch closed. */
export function readClosing({ code, reason }: Closing): LinkFailure {
  const words = reason === "" ? "" : `, ${reason.slice(0, 123)}`;
  return (
    CLOSES.get(code) ?? {
      remedy: "retry",
      reason: "socket_closed",
      detail: `Twitch closed the socket (${code}${words}).`,
    }
  );
}

/** The help for a person, by Twitch's word for why a subscription was taken back. */
const REVOCATIONS: ReadonlyMap<string, string> = new Map([
  ["authorization_revoked", "The account took its consent back: log in again."],
  ["user_removed", "The account is gone."],
  ["version_removed", "Twitch no longer tells of this in the form that we know: update the relay."],
  ["moderator_removed", "The account is no moderator any more: make it one."],
  ["chat_user_banned", "The account was banned from the chat: ask a moderator."],
  ["beta_maintenance", "Twitch works on this."],
  ["notification_failures_exceeded", "Twitch could not deliver this."],
]);

export function explainRevocation(status: string | null | undefined): {
  reason: string;
  detail: string;
} {
  const known = REVOCATIONS.get(status ?? "");
  return known === undefined || status == null
    ? { reason: "subscription_revoked", detail: "Twitch took this back." }
    : { reason: status, detail: known };
}
