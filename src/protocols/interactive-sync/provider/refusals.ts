import type { Closing } from "../../provider.ts";
import type { LinkFailure, SendFailure } from "../../session.ts";
import type { Frame } from "../wire/frames.ts";

/** The server's answer to what was sent. */
export type ServerAnswer =
  | { readonly type: "shown" }
  /** `counts`: it is one of the warnings that a socket may have. */
  | { readonly type: "refused"; readonly failure: SendFailure; readonly counts: boolean }
  /** It ends the connection. */
  | { readonly type: "fatal"; readonly failure: SendFailure; readonly end: LinkFailure };

// The real server takes a message a second; what comes sooner is not looked at.
const TOO_SOON_MS = 1000;

// How the texts begin, in small letters: some have lost a full stop or a capital on the way.

const REFUSALS: readonly (readonly [string, SendFailure])[] = [
  [
    "the time between your previous message",
    { reason: "rate_limited", retryable: true, retryAfterMs: TOO_SOON_MS },
  ],
  ["size of the json received is too big", { reason: "too_large", retryable: false }],
  ["a parsing error occured", { reason: "malformed", retryable: false }],
  ["context or data is missing", { reason: "incomplete", retryable: false }],
  ["json received is invalid", { reason: "invalid", retryable: false }],
  ["json received has an identical id", { reason: "duplicate_id", retryable: true }],
];

const ENDINGS: readonly (readonly [string, string])[] = [
  ["we have detected spam", "spam"],
  ["you have exceeded the warning limit", "warning_limit"],
  ["for unknown reasons, channelid is undefined", "channel_unknown"],
];

// "An error occurred …: " and a reason, which decides where there are two remedies.
const CONNECTION_ERRORS: readonly (readonly [string, string, Judge])[] = [
  ["query parameters are missing", "query_missing", stays],
  ["clientid or accesstoken is missing", "credentials_missing", stays],
  ["an error occurred on token validation", "token_invalid", staysUnlessPassing],
  ["we cant find user_id with your token", "token_wrong_kind", stays],
  ["an error occurred on clientid verification", "client_invalid", staysUnlessPassing],
  ["an error occurred to set extension configuration", "configuration_failed", passes],
  ["an error occurred to retrieve user details", "user_lookup_failed", passesUnlessOurs],
];

type Judge = (words: string) => LinkFailure["remedy"];

// What Node, its HTTP libraries and Twitch say of a fault of the moment.
const PASSING =
  /econn|enotfound|eai_again|etimedout|epipe|timed? ?out|hang up|network|fetch|getaddrinfo|certificate|json|unavailable|internal|gateway|too many|rate limit|\b(?:429|5\d\d)\b/;

// Twitch's "Client ID and OAuth token do not match", "Invalid OAuth token", "OAuth token is missing".
const OURS = /client.?id|oauth|token|unauthori[sz]ed/;

/** Reads an answer in the context `message`; null where it is none. */
export function readAnswer(frame: Frame): ServerAnswer | null {
  const { status } = frame;
  if (status === "ok") return { type: "shown" };
  if (status !== "warning" && status !== "error") return null;
  const words = readWords(frame);
  const [, ending] = find(ENDINGS, words) ?? [];
  if (ending !== undefined) {
    const detail = `Interactive Sync ended the connection: ${readMessage(frame)}`;
    const end: LinkFailure = { remedy: "slow", reason: ending, detail, isError: true };
    return { type: "fatal", failure: { reason: ending, retryable: true }, end };
  }
  const counts = status === "warning";
  const [, failure] = find(REFUSALS, words) ?? [];
  if (failure !== undefined) return { type: "refused", failure, counts };
  return counts
    ? { type: "refused", failure: { reason: "refused", retryable: false }, counts }
    : { type: "refused", failure: TRANSFER_FAILED, counts };
}

/** Taken in, but not passed on to Twitch: the only answer whose text may be anything. */
export const TRANSFER_FAILED: SendFailure = { reason: "upstream", retryable: true };

/** Reads an error in the context `connection`. */
export function classifyConnectionError(frame: Frame): LinkFailure {
  const words = readWords(frame);
  const detail = `Interactive Sync refused the connection: ${readMessage(frame)}`;
  const [, reason, judge] = find(CONNECTION_ERRORS, words) ?? [];
  return reason === undefined || judge === undefined
    ? { remedy: "slow", reason: "connection_refused", detail, isError: true }
    : { remedy: judge(words), reason, detail, isError: true };
}

/** It says that it has ended the connection, before it does. */
export function isTermination(frame: Frame): boolean {
  return readWords(frame).startsWith("connection is terminated");
}

export const HANDSHAKE_TIMEOUT: LinkFailure = {
  remedy: "retry",
  reason: "handshake_timeout",
  detail: "Interactive Sync did not answer the connection for 30 s.",
};

export const SILENT: LinkFailure = {
  remedy: "retry",
  reason: "silent",
  detail: "Interactive Sync did not answer what was sent for 30 s.",
};

export const TERMINATED: LinkFailure = {
  remedy: "retry",
  reason: "terminated",
  detail: "Interactive Sync said that the connection is terminated.",
};

/**
 * Reads the end of a socket. It is always a fault of the moment: a refusal comes before it, in a
 * frame.
 */
export function classifyClose({ code, reason }: Closing): LinkFailure {
  const words = reason === "" ? "" : `, ${reason}`;
  return {
    remedy: "retry",
    reason: "socket_closed",
    detail: `Interactive Sync closed the socket (${code}${words}).`,
  };
}

function stays(): "stop" {
  return "stop";
}

function passes(): "retry" {
  return "retry";
}

function staysUnlessPassing(words: string): "stop" | "retry" {
  return PASSING.test(words) ? "retry" : "stop";
}

function passesUnlessOurs(words: string): "stop" | "retry" {
  return OURS.test(words) && !PASSING.test(words) ? "stop" : "retry";
}

function find<T extends readonly [string, ...unknown[]]>(
  table: readonly T[],
  words: string,
): T | undefined {
  return table.find(([beginning]) => words.startsWith(beginning));
}

// No beginning of theirs, with its reason, is as long.
const WORDS_MAX_CHARS = 500;

function readWords({ message }: Frame): string {
  return typeof message === "string" ? message.slice(0, WORDS_MAX_CHARS).trim().toLowerCase() : "";
}

function readMessage({ message }: Frame): string {
  const said = typeof message === "string" ? message.trim() : "";
  return said === "" ? "no reason given" : said;
}
