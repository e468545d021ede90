/* Why a delivery is tried when it is, or no more. Pure. */
import { own } from "../api/own.ts";

const whys: Readonly<Record<string, string>> = {
  delivered: "It is done.",
  schedule: "It waits for its next try.",
  retry_after: "It is tried when the endpoint asked for it.",
  relay_fault: "It is tried again soon, and not held against the endpoint.",
  endpoint_changed: "The endpoint was changed meanwhile: it is tried there.",
  permanent: "It is given up on. A recovery can bring it.",
  exhausted: "It is given up on after all its tries. A recovery can bring it.",
  passed_over: "It was passed over, so that the others go on. A recovery can bring it.",
  tried_once: "It was tried this once.",
  expired: "The log lost it before it could be sent.",
};

/** Says why; in the relay's own word where it is one of tomorrow. */
export function sayWhy(why: string): string {
  return own(whys, why) ?? why;
}
