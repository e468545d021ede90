import type { Messages } from "../support/messages.ts";

/** Every message that a server sends, by the documents and the facts, and the event it becomes. */
/** The connection has ended over an error, and is shown with it. */
const ending = (reason: string): string[] => [
  `connection.closed ${reason}`,
  `connection.updated error ${reason}`,
  `send.failed ${reason}`,
];

export const messages: Messages = {
  "a new socket": {
    connection: {
      ok: "connection.updated connected",
    },
    errors: {
      "no query": "connection.updated error query_missing",
      "no credentials": "connection.updated error credentials_missing",
      "a client on the blacklist": "connection.updated error client_invalid",
      "a blacklist that is not found": "connection.updated error client_invalid",
      "a blacklist that cannot be read": "connection.updated error client_invalid",
      "a token that is refused": "connection.updated error token_invalid",
      "a token that is missing": "connection.updated error token_invalid",
      "a token that nobody can look at": "connection.updated error token_invalid",
      "a token that Twitch fails over": "connection.updated error token_invalid",
      "a token of no user": "connection.updated error token_wrong_kind",
      "a user that nobody can look up": "connection.updated error user_lookup_failed",
      "a user that Twitch fails over": "connection.updated error user_lookup_failed",
      "a user that fails without a word": "connection.updated error user_lookup_failed",
      "a user of another client": "connection.updated error user_lookup_failed",
      "a configuration that is cut off": "connection.updated error configuration_failed",
      "a configuration that is not signed": "connection.updated error configuration_failed",
      "an error nobody knows": "connection.updated error connection_refused",
    },
  },
  "a socket that was greeted": {
    connection: {
      terminated: ["connection.closed terminated", "connection.updated connecting terminated"],
    },
    emits: {
      input: "twitch interaction.input",
      "input with values": "twitch interaction.input",
      "input of nobody in particular": "twitch interaction.input",
      "input as the document has it": "twitch interaction.input",
      mousedown: "twitch interaction.mouse",
      mouseup: "twitch interaction.mouse",
      "mouse as it once was": "twitch interaction.mouse",
      "mouse that does not say which button": "twitch provider.event",
      "mouse whose place is no number": "twitch provider.event",
      "input in a view nobody knows": "twitch provider.event",
      "an emit nobody knows": "twitch provider.event",
    },
    beyond: {
      "a context nobody knows": "twitch provider.event",
      "a word about the connection": "twitch provider.event",
      "an answer that nobody asked for": "twitch provider.event",
      "an answer of a kind nobody knows": "twitch provider.event",
    },
  },
  "a socket on which something was sent": {
    answers: {
      ok: "send.confirmed",
      "too soon": "send.failed rate_limited",
      "too big": "send.failed too_large",
      "no JSON": "send.failed malformed",
      incomplete: "send.failed incomplete",
      invalid: "send.failed invalid",
      "same id": "send.failed duplicate_id",
      "same id where there is none": "send.failed duplicate_id",
      "a warning nobody knows": "send.failed refused",
      transfer: "send.failed upstream",
      "transfer as the document has it": "send.failed upstream",
      "no channel": ending("channel_unknown"),
      spam: ending("spam"),
      "warning limit": ending("warning_limit"),
    },
  },
};
