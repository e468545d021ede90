import { calm, say, type Advice } from "./mend.ts";

/** Reasons that only YouTube gives. */
export const youtubeAdvice: Readonly<Record<string, Advice>> = {
  polling: calm("There is no stream to read from: messages come some seconds late."),
  key_invalid: say(
    "credentials",
    "Google does not know this key, or it may not use YouTube Data API v3. Make another.",
  ),
  api_off: say("look", "Turn on YouTube Data API v3 in the Google project, and connect anew."),
  quota_exceeded: say(
    "wait",
    "The Google project's quota is used up for today. It goes on after midnight in Pacific time.",
  ),
  chat_disabled: say("look", "The broadcast has no chat. Turn it on in YouTube Studio."),
  forbidden: say("credentials", "It is not shown to these credentials. Log in as its streamer."),
  token_expiring: calm("The token is being renewed."),
  page_token_invalid: calm("It could not go on where it was: something may be missing."),
};
