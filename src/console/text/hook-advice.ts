import { calm, say, type Advice } from "./mend.ts";

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
