import { z } from "zod";

import { Principal } from "../../../event/principal.ts";
import { derivePersonNumber } from "../codec/account-number.ts";

/** The memory of a client's socket. The accounts are looked up when they are asked for. */
export const MultistreamerGatewayState = z.object({
  session: z.string(),
  channel: z.string(),
  /** The stream's number: the channel's. */
  stream: z.int(),
  principal: Principal,
  /** The status as the client knows it, or would if it had asked: without its words. */
  told: z.string().nullable(),
  feed: z.object({ incoming: z.boolean().optional(), pulling: z.boolean().optional() }).nullable(),
  strays: z.array(z.string()),
  /** By account: how many watch, as far as this socket has been told. */
  viewers: z.record(z.string(), z.number()),
  /** How many things it has said. */
  said: z.int(),
  /** The private message that last came back to it. */
  heard: z.string().nullable(),
});
export type MultistreamerGatewayState = z.infer<typeof MultistreamerGatewayState>;

/** Somebody as the internal room knows them. */
export interface Person {
  readonly id: number;
  readonly name: string;
}

/**
 * The account that a credential is to the others. A name is one word, so that `/msg` can be said to
 * it; whoever was given none goes by the credential's kind and a number.
 */
export function toPerson({ kind, subject, name, credentialId }: Principal): Person {
  const id = derivePersonNumber(subject ?? credentialId);
  const given = (name ?? subject ?? "").trim().replaceAll(/\s+/g, "-");
  return { id, name: given === "" ? (kind === "admin" ? kind : `${kind}-${id}`) : given };
}

export function mayWrite({ principal }: MultistreamerGatewayState): boolean {
  return principal.scopes.includes("chat:write");
}
