import { beginDial, noteFailed, type DialState } from "../../../src/channel/redial.ts";
import type { LinkFailure } from "../../../src/event/link-failure.ts";

/** The greatest chance there is. */
export const LATEST = 1 - Number.EPSILON;

export const RETRY: LinkFailure = {
  remedy: "retry",
  reason: "socket_closed",
  detail: "It closed.",
};
export const SLOW: LinkFailure = { remedy: "slow", reason: "rate_limited", detail: "Too many." };
export const RENEW: LinkFailure = { remedy: "renew", reason: "token_invalid", detail: "Refused." };
export const STOP: LinkFailure = {
  remedy: "stop",
  reason: "address_unknown",
  detail: "Not there.",
};

/** A dial at a time that fails at once, for the fault that it meets. */
export function dialFails(
  state: DialState,
  fault: LinkFailure,
  at = 0,
  over: { random?: number; renewable?: boolean } = {},
): DialState {
  return noteFailed(beginDial(state, at), fault, { at, random: 0, renewable: false, ...over });
}
