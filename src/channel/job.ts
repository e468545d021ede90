import { z } from "zod";

import { ProtocolId } from "../event/ids.ts";
import { SendContent, type SendFailure } from "../event/sending.ts";

/** One send to one connection: it leaves at most once, and ends exactly once. */
export const Job = z.object({
  id: z.string(),
  sendId: z.string(),
  identifier: z.string(),
  platform: z.string(),
  providerId: z.string(),
  provider: ProtocolId,
  content: SendContent,
  /** The sender, by its credential: those who send little do not wait for those who send much. */
  sender: z.string(),
  /**
   * `queued`: it has not left. `offered`: the provider's session has it, and nothing has left.
   * `issued`: it may have arrived. `asked`: so it may, and its answer comes by an exchange of its
   * own, whatever becomes of the session. Kept as `queued` or `issued`: neither session nor exchange
   * is kept.
   */
  phase: z.enum(["queued", "offered", "issued", "asked"]),
  /** When it was asked for, in milliseconds since 1970. */
  at: z.number(),
});
export type Job = z.infer<typeof Job>;

/** A message that nobody could be given by then is not sent any more: chat is of the moment. */
export const WAIT_MAX_MS = 60_000;

/** A provider that has said nothing of a send by then will not. */
export const OUTCOME_MAX_MS = 120_000;

/** It may have arrived. */
export function hasLeft({ phase }: Job): boolean {
  return phase === "issued" || phase === "asked";
}

/** When it ends by the clock alone, should nothing more be heard of it. */
export function computeDeadline({ phase, at }: Job): number {
  return phase === "queued" ? at + WAIT_MAX_MS : at + WAIT_MAX_MS + OUTCOME_MAX_MS;
}

/** How a send to one connection ended. */
export type SendOutcome =
  | { readonly confirmed: true }
  | ({ readonly confirmed: false } & SendFailure);

/** It may or may not have arrived, and nobody can tell: sending it again could double it. */
export const UNKNOWN: SendOutcome = {
  confirmed: false,
  reason: "outcome_unknown",
  retryable: false,
};
export const NOT_SENT: SendOutcome = {
  confirmed: false,
  reason: "not_sent_in_time",
  retryable: true,
};
export const SUPERSEDED: SendOutcome = { confirmed: false, reason: "superseded", retryable: false };
