import { FairTurns } from "../../lib/fair-turns.ts";

/*
 * The platform lets six connections of an object wait for their headers, the database's among them: a
 * seventh waits until one of them has been answered. So those to providers, which may hang, are fewer.
 */

// Of each the others wait: a provider that hangs holds a turn for as long as it has.
const DIALS_AT_ONCE = 3;
const EXCHANGES_AT_ONCE = 2;

/** The turns of an object's links, shared fairly among them. */
export interface OutboundTurns {
  readonly dials: FairTurns;
  readonly exchanges: FairTurns;
}

export function makeOutboundTurns(): OutboundTurns {
  return {
    dials: new FairTurns(DIALS_AT_ONCE, 1),
    exchanges: new FairTurns(EXCHANGES_AT_ONCE, 1),
  };
}
