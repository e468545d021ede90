type Status = "ok" | "warning" | "error";
type Context = "connection" | "message" | "emit";

/** The texts are the service's own to the letter: the space before the semicolon, the spelling, the full stop. */
export const connectionTexts = {
  queryMissing: "Query parameters are missing ; connection will be terminated.",
  credentialMissing: "ClientID or accessToken is missing ; connection will be terminated.",
  clientIdError: "An error occurred on ClientID verification: ",
  tokenError: "An error occurred on token validation: ",
  noUser:
    "We cant find user_id with your token. It must be an user access token retrieved with implitit code flow or authorization code flow.",
  userError: "An error occurred to retrieve user details: ",
  configurationError: "An error occurred to set extension configuration: ",
  connected: "You are well connected with the channel",
} as const;

/** What Twitch says of a token that it does not know. */
export const unknownTokenReason = "invalid access token";
export const blacklistedReason = "Application is blacklisted.";

export const warningTexts = {
  tooSoon:
    "The time between your previous message and message received is too high ; message is ignored.",
  tooBig: "Size of the JSON received is too big ; message is ignored.",
  unparsable: "A parsing error occured with the JSON received ; message is ignored.",
  incomplete: "Context or data is missing ; message is ignored.",
  invalid: "JSON received is invalid ; message is ignored.",
  identical: "JSON received has an identical ID than the previous ; message is ignored.",
} as const;

export const warningNames = Object.keys(warningTexts) as WarningName[];
export type WarningName = keyof typeof warningTexts;

export const fatalTexts = {
  spam: "We have detected spam ; connection will be terminated.",
  channelLost: "For unknown reasons, channelID is undefined ; connection will be terminated.",
} as const;

export const limitExceededText =
  "You have exceeded the warning limit ; connection will be terminated.";
export const acceptedText = "Message was well received and transfered to Twitch API.";

export function answer(
  status: Status,
  context: Context,
  message: string | null,
  data: unknown = null,
): string {
  return JSON.stringify({ status, context, message, data });
}

export function emitFrame(type: string, payload: unknown): string {
  return answer("ok", "emit", null, { type, payload });
}
