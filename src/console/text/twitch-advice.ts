/* Reasons that only Twitch gives, and what a person does about each. Pure. */
import { AWAY, calm, say, type Advice } from "./advice-kinds.ts";

export const twitchAdvice: Readonly<Record<string, Advice>> = {
  subscriptions_refused: calm(
    "It is heard. Some kinds of events are not: what each lacks stands beside it.",
  ),
  subscriptions_pending: calm("It is connected, and what is to be heard is being asked for."),
  subscription_revoked: say("credentials", "Twitch took a subscription back. Log in again."),
  subscription_exists: say(
    "look",
    "Another program holds the same subscription. End it there, and connect again.",
  ),
  authorization_revoked: say("credentials", "The account took its consent back. Log in again."),
  user_removed: say("credentials", "The account is gone from Twitch. Log in with another."),
  version_removed: say("look", "Twitch tells of this in a newer form. Update the relay."),
  moderator_removed: say(
    "nothing",
    "The account is no moderator any more. Make it one, and connect again.",
  ),
  chat_user_banned: say(
    "nothing",
    "The account was banned from the chat. Its moderators can let it in again.",
  ),
  beta_maintenance: AWAY,
  notification_failures_exceeded: AWAY,
  not_moderator: say("nothing", "Make the account a moderator of the channel, and connect again."),
  not_broadcaster: say("credentials", "Only the channel's own account is told of this."),
  cost_limit: say(
    "credentials",
    "The account follows too much with this client id. Use the channel's own account.",
  ),
  too_many_sockets: say(
    "wait",
    "Three programs use this account with the same client id. Close one of them.",
  ),
  session_gone: AWAY,
  subscribed_late: AWAY,
  inbound_refused: say("look", "Twitch minded what the relay sent. Report this."),
};
