import { beginDial, noteFailed, type DialState, type Fault } from "../../../src/channel/redial.ts";

/** The greatest chance there is. */
export const LATEST = 1 - Number.EPSILON;

export const RETRY: Fault = { remedy: "retry", reason: "socket_closed", detail: "It closed." };
export const SLOW: Fault = { remedy: "slow", reason: "rate_limited", detail: "Too many." };
export const RENEW: Fault = { remedy: "renew", reason: "token_invalid", detail: "Refused." };
export const STOP: Fault = { remedy: "stop", reason: "address_unknown", detail: "Not there." };

/** A dial at a time that fails at once, for the fault that it meets. */
export function dialFails(
  state: DialState,
  fault: Fault,
  at = 0,
  over: { random?: number; renewable?: boolean } = {},
): DialState {
  return noteFailed(beginDial(state, at), fault, { at, random: 0, renewable: false, ...over });
}
