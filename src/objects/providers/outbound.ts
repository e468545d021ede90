import { FairTurns } from "../../lib/fair-turns.ts";
import type { ProviderAdapter } from "../../protocols/provider.ts";

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
  /** By protocol, when it may be dialled next. */
  readonly dialAt: Map<string, number>;
}

export function makeOutboundTurns(): OutboundTurns {
  return {
    dials: new FairTurns(DIALS_AT_ONCE, 1),
    exchanges: new FairTurns(EXCHANGES_AT_ONCE, 1),
    dialAt: new Map(),
  };
}

/**
 * Resolves when a link may dial, with what ends its turn. A protocol that is not to be dialled at any
 * pace is waited for first: nobody else waits for that.
 */
export async function takeDial(
  { dials, dialAt }: OutboundTurns,
  party: string,
  { protocol, dialEveryMs = 0 }: Pick<ProviderAdapter, "protocol" | "dialEveryMs">,
  now: number,
): Promise<() => void> {
  const at = Math.max(now, dialAt.get(protocol) ?? 0);
  if (dialEveryMs > 0) dialAt.set(protocol, at + dialEveryMs);
  if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  return dials.take(party);
}
