/* What became of a send, and what to do. Pure. */
import { own } from "../api/own.ts";
import { OVER, say, type Advice } from "./advice-words.ts";
import { linkAdvice } from "./advice.ts";

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

/** The words for a send that failed. */
export function adviseSend(reason: string): string {
  return (
    (own(sendAdvice, reason) ?? own(linkAdvice, reason))?.words ?? `It was refused: ${reason}.`
  );
}
