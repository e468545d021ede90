import type { LinkFailure } from "../../session.ts";
import { readTag } from "../codec/fields.ts";
import type { Line } from "../wire/line.ts";

/** Reads a notice that ends things; null for one that does not. */
export function readNotice(channel: string, line: Line): LinkFailure | null {
  const id = readTag(line, "msg-id") ?? "";
  const words = line.params[1] ?? "";
  if (/^(msg_channel_suspended|tos_ban)$/.test(id)) {
    return {
      remedy: "stop",
      reason: "channel_unavailable",
      detail: `Twitch has closed the channel ${channel}. Link another, or ask for this one anew once it is back.`,
    };
  }
  if (id === "msg_banned") {
    return {
      remedy: "stop",
      reason: "banned",
      detail: `The channel ${channel} lets nobody in from here: ask its owner.`,
    };
  }
  if (id === "msg_room_not_found") return describeSilentRoom(channel);
  if (
    id === "" &&
    /login (authentication failed|unsuccessful)|improperly formatted auth|invalid nick|error logging in/i.test(
      words,
    )
  ) {
    return {
      remedy: "slow",
      reason: "login_refused",
      detail: "Twitch refused a login without an account. Another name is tried in a while.",
    };
  }
  return null;
}

/** Nothing is said of a room that is not there. */
export function describeSilentRoom(channel: string): LinkFailure {
  return {
    remedy: "slow",
    reason: "channel_unavailable",
    detail: `Twitch did not let us into ${channel}: no channel goes by this login now. Check the spelling; it may have been renamed or closed.`,
    isError: true,
  };
}

export const NO_TAGS: LinkFailure = {
  remedy: "stop",
  reason: "capability_refused",
  detail: "The server tells of no tags, without which nobody has an id. Is this Twitch's address?",
};

export const NO_WELCOME: LinkFailure = {
  remedy: "retry",
  reason: "handshake_timeout",
  detail: "Twitch did not greet us within 15 s.",
};

export const SILENT: LinkFailure = {
  remedy: "retry",
  reason: "silent",
  detail: "Twitch said nothing for 60 s, and did not answer when asked.",
};
