import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { PROTOCOL } from "./status.ts";

/*
 * In frames accounts and people have numbers, and ours have names. A number is made of the name
 * alone: it is the same on every socket and for good, and no list of numbers has to be kept.
 */

// Numbers that a multistreamer gave are below this, those made here are above, with 15 digits at
// most. Among a hundred connections two get the same number about once in 2^34 channels.
const OWN_FROM = 2 ** 32;
const OWN_SPAN = 2 ** 47;

const GIVEN = /^[1-9]\d{0,8}$/;

/** The account that a connection is told of as. One that has a number already keeps it. */
export function toAccountNumber(identifier: string): number {
  const prefix = `${PROTOCOL}:`;
  const own = identifier.startsWith(prefix) ? identifier.slice(prefix.length) : "";
  return GIVEN.test(own) ? Number(own) : OWN_FROM + (hash(identifier) % OWN_SPAN);
}

/** The account that what came by no connection is told of as: there is one for each platform. */
export function toStrayAccount(platform: string): number {
  return toAccountNumber(`:${platform}`);
}

/** The number of somebody who has come to us with a credential. */
export function derivePersonNumber(name: string): number {
  return 1 + (hash(name) % (2 ** 31 - 1));
}

function hash(text: string): number {
  return parseInt(computeFingerprint(text).split(".")[0] ?? "", 36);
}
