import { AWAY, calm, say, type Advice } from "./advice-shape.ts";

/** Reasons of platforms that are linked by themselves, Kick's and Twitch EventSub's. */
export const platformAdvice: Readonly<Record<string, Advice>> = {
  app_missing: say(
    "look",
    "The relay has no app at Kick. Whoever runs it makes one there, once, and gives the relay KICK_CLIENT_ID and KICK_CLIENT_SECRET.",
  ),
  awaiting_delivery: calm(
    "Subscribed, and nothing has been delivered yet. If something happened there, look at the app: the webhook's address has to be this relay's, with https:// and reachable from the internet, and Enable Webhooks has to be on.",
  ),
  no_delivery: say(
    "look",
    "The channel is live, and for an hour nothing was delivered. Look at the app: the webhook's address has to be this relay's, with https:// and reachable from the internet, and Enable Webhooks has to be on.",
  ),
  subscription_lost: calm("The service had let go of a subscription. It was made again."),
  quota_exceeded: say(
    "look",
    "The relay's app may have no more subscriptions. Have it verified at the service.",
  ),
  upstream_blocked: say(
    "wait",
    "A protection against bots stands before the service. It is tried again by itself; tell the service if it lasts.",
  ),
  route_unwritten: say("wait", "The relay's database is away. It is tried again by itself."),
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
