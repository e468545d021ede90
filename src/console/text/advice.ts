/*
 * Reasons, as the relay gives them, and what a person does about each. A test collects every reason
 * from the sources and fails for one that has no words here. Pure.
 */
import { own } from "../api/own.ts";
import { calm, say, type Advice } from "./advice-kinds.ts";
import { linkAdvice } from "./link-advice.ts";

const OVER = say("nothing", "It did not come about in time and is not sent any more.");

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
  quota_exceeded: say(
    "nothing",
    "The day's quota is used up. Try it again after midnight, Pacific time.",
  ),
  quota_unknown: say(
    "nothing",
    "It could not be counted against the quota. Try it again in a minute.",
  ),
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
