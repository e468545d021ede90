/*
 * Reasons, as the relay gives them, and what a person does about each. A test collects every reason
 * from the sources and fails for one that has no words here. Pure.
 */
import { own } from "../api/own.ts";
import { AWAY, calm, say, type Advice } from "./advice-kinds.ts";
import { twitchAdvice } from "./twitch-advice.ts";

export type { Advice, Mend } from "./advice-kinds.ts";

const TOKEN = say("credentials", "The token was refused. Get a new one and paste it.");
const NEEDED = say("credentials", "This needs a token, and none that fits was given.");
const NOT_FOUND = say(
  "address",
  "There is no such stream at this address. Look at the name and the address.",
);
const MANY = say("wait", "Too much at once for the service. It is tried again by itself.");
const QUIET = calm("Nothing to hear: it is not live. It comes back by itself.");
const MINDED = say("look", "The service minded what was sent. Look at the unreadable frames.");
const OVER = say("nothing", "It did not come about in time and is not sent any more.");

/** Reasons of providers' links and of their connections. */
export const linkAdvice: Readonly<Record<string, Advice>> = {
  token_invalid: TOKEN,
  not_authorized: TOKEN,
  writer_not_granted: say(
    "credentials",
    "It is heard, but the token may not write. Use one with leave to write.",
  ),
  credentials_expired: say("credentials", "The service wants you to connect again."),
  credentials_unreadable: say(
    "credentials",
    "What was kept cannot be read: the relay's master key was changed. Paste the credentials again.",
  ),
  renewal_failed: say("wait", "The token could not be renewed yet. It is tried again by itself."),
  token_missing: NEEDED,
  token_wrong_kind: say("credentials", "This is not a user's token. Make one for a user."),
  credentials_missing: say(
    "address",
    "The service found no credentials. Leave the path out of the address.",
  ),
  query_missing: say(
    "address",
    "The service found no credentials. Leave the path out of the address.",
  ),
  unauthorized: TOKEN,
  token_wrong_client: say(
    "credentials",
    "The token was given to another application. Give the client id that it belongs to.",
  ),
  scope_missing: say(
    "credentials",
    "The token lacks a right. Make one with the scope that is named beside this.",
  ),
  account_unverified: say(
    "nothing",
    "The account has to be verified at the platform before it may write here.",
  ),
  banned: say("nothing", "The account is banned there. Its moderators can let it in again."),
  channel_unavailable: NOT_FOUND,
  login_refused: AWAY,
  capability_refused: AWAY,
  consent_denied: say("nothing", "You said no there. Begin again when you want to connect."),
  consent_expired: say("nothing", "Nobody consented in time. Begin again."),
  answer_lost: say("look", "The service's answer was lost on its way. Begin again."),
  consent_failed: say("look", "The service could not ask for your consent. Begin again."),
  relay_restarted: say("wait", "The relay was restarted in the middle. Begin again."),
  code_refused: say(
    "look",
    "The service took back its word: it was too late, or the redirect address is another.",
  ),
  answer_unreadable: AWAY,
  client_invalid: say("credentials", "The client id was refused. Look at it, and paste it again."),
  wrong_target: NOT_FOUND,
  address_unknown: NOT_FOUND,
  not_listed: NOT_FOUND,
  channel_unknown: NOT_FOUND,
  user_lookup_failed: say(
    "wait",
    "The service could not look the user up. It is tried again by itself.",
  ),
  address_refused: say("address", "Only public wss:// addresses are dialled."),
  redirected: say("address", "The address leads elsewhere. Use the one that it leads to."),
  not_live: QUIET,
  youtube_livechat_ended: QUIET,
  youtube_broadcast_completed: QUIET,
  facebook_event_not_live: QUIET,
  event_not_started: QUIET,
  subscription_ended: QUIET,
  requested: calm("Hung up because somebody asked for it."),
  replaced: calm("A newer connection has taken its place."),
  superseded: calm("A newer connection has taken its place."),
  removed: calm("The account was taken off at the service."),
  expired: calm("The connection ran out and is made anew."),
  disabled: calm("It is paused."),
  terminated: AWAY,
  provider_error: AWAY,
  provider_restarting: calm("The service restarts. It is dialled anew by itself."),
  configuration_failed: AWAY,
  spam: say("wait", "The service took it for spam. It is tried again, with longer pauses."),
  rate_limited: MANY,
  connection_refused: say(
    "wait",
    "Too many connections with this token. It is tried again by itself.",
  ),
  throttled: MANY,
  silent: AWAY,
  socket_closed: AWAY,
  provider_down: AWAY,
  handshake_timeout: AWAY,
  unreachable: AWAY,
  no_answer: AWAY,
  upstream: AWAY,
  dial_refused: AWAY,
  connection_lost: AWAY,
  hand_over_failed: AWAY,
  connection_without_successor: AWAY,
  malformed: MINDED,
  too_large: MINDED,
  refused: say("look", "The service refused. What it said is beside this."),
  invalid: MINDED,
  bad_request: MINDED,
  warning_limit: MINDED,
  warnings_exhausted: MINDED,
  topics_refused: say(
    "credentials",
    "Some topics were refused. The token is of another platform, or lacks a scope.",
  ),
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
  ...twitchAdvice,
  topics_pending: calm("Some topics are still being asked for."),
  subscription_refused: say(
    "credentials",
    "The service refused a subscription. Look at the token, or at the relay's app there.",
  ),
  chest_unavailable: calm("The treasure chest is not heard; the chat is."),
};

/** Reasons that a message or an interface did not arrive. */
export const sendAdvice: Readonly<Record<string, Advice>> = {
  duplicate: say("nothing", "The platform takes no line twice in a row. Change it a little."),
  room_mode: say("nothing", "The chat is in a mode that does not let this account write."),
  timed_out: say("nothing", "The account is timed out there. Try it again later."),
  held: say("nothing", "A moderator has to let it through first."),
  warned: say("nothing", "The account was warned, and has to take note of it at the platform."),
  outcome_unknown: say("nothing", "It may have arrived: look before you send it again."),
  unconfirmed: say("nothing", "It was sent, and the platform has not confirmed it."),
  not_sent_in_time: OVER,
  not_writable: say("nothing", "This account cannot be written to."),
  reply_unsupported: say("nothing", "This platform takes no replies this way."),
  kind_unsupported: say("nothing", "This platform does not take this kind of message."),
  unsupported: say("nothing", "This platform does not take this."),
  too_long: say("nothing", "It is too long for this platform."),
  line_break: say("nothing", "This platform takes no line breaks."),
  empty: say("nothing", "There was nothing to send."),
  duplicate_id: say("nothing", "A message of this name was sent before."),
  command_incomplete: say("nothing", "A command without what belongs to it."),
  incomplete: say("nothing", "Something that the platform needs was missing."),
  connection_unknown: say("nothing", "There is no such connection any more."),
  gone: say("nothing", "The connection has gone."),
  rate_limited: say("nothing", "Too fast for the platform. Try it again in a moment."),
  reply_failed: say("nothing", "The platform refused the reply."),
  internal: say("nothing", "The platform failed by itself."),
  unknown: say("nothing", "The platform gave no reason."),
  relay_failed: say("nothing", "The platform refused the message."),
};

/** Reasons of a webhook's attempts, and of its being disabled. */
export const hookAdvice: Readonly<Record<string, Advice>> = {
  accepted: calm("It was taken."),
  gone: say("look", "It answered 410: it is gone for good, and nothing more is sent."),
  redirected: say("address", "It redirects. Give the address that it leads to."),
  throttled: say("wait", "It answered 429: too fast for it. It is tried again as it asks."),
  refused: say("look", "It refused the event. What it said is beside this."),
  server_error: say("wait", "It failed by itself (5xx). It is tried again."),
  timeout: say("wait", "It did not answer in time. It is tried again."),
  connection: say("wait", "It could not be reached. It is tried again."),
  too_large: say("look", "The event is larger than what is sent. It is not sent again."),
  internal: say("wait", "A fault of the relay's own. It is tried again."),
  address_refused: say("address", "Its address is not one that may be asked."),
  failing: say("look", "It failed for days. Mend it, and switch it on again."),
  requested: calm("It was switched off by somebody."),
  cancelled: calm("It was called off."),
};

const UNKNOWN = say("look", "The service gave a reason of its own, which is beside this.");

/** The advice for a link's reason; for one that nobody knows, to look at what was said. */
export function adviseLink(reason: string | null): Advice | null {
  if (reason === null) return null;
  return own(linkAdvice, reason) ?? UNKNOWN;
}

/** The words for a send that failed. */
export function adviseSend(reason: string): string {
  return (
    (own(sendAdvice, reason) ?? own(linkAdvice, reason))?.words ?? `It was refused: ${reason}.`
  );
}
