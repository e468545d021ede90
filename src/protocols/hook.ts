import type { Json } from "../lib/json.ts";
import type { HttpExchange, ProviderEffect } from "./session.ts";

/*
 * The port of providers that tell what happens by requests to the relay, at `/hooks/<protocol>`. Whoever
 * takes such a request verifies it, finds the links that it is for by what they have claimed
 * (`route-claim`), and gives each its frame. Pure throughout.
 */

/** The settings of the deployment that an adapter has asked for, by name: those that are there. */
export type Deployment = Readonly<Record<string, string>>;

/** Reads one header of a request, whatever the case of its name; null where there is none. */
export type ReadHeader = (name: string) => string | null;

/** The signature that a delivery carries, and over what it is. */
export interface DeliverySignature {
  /** In base 64: RSA, PKCS #1 v1.5, with SHA-256. */
  readonly signature: string;
  /** The text before the body's own bytes in what is signed. */
  readonly prefix: string;
}

/** A verified delivery: whom it is for, and what a session is given of it. */
export interface HeardDelivery {
  /** As links claim it. */
  readonly key: string;
  readonly frame: string;
}

/** The answer to one of a row of exchanges; null where nobody answered. */
export type ExchangeAnswer = { readonly status: number; readonly body: string } | null;

/** The next exchange of a row, or how it has ended: `later` where the same may work another time. */
export type NextExchange =
  | { readonly type: "ask"; readonly exchange: HttpExchange }
  | { readonly type: "done" }
  | { readonly type: "later" };

/** How a provider's requests to the relay are verified, and read. */
export interface HookAdapter {
  /** The signature of a delivery, or null for a request that carries none. */
  readSignature(header: ReadHeader): DeliverySignature | null;
  /** The exchange that answers with the public key. */
  askKey(deployment: Deployment): HttpExchange;
  /** The key of its answer, as SPKI in base 64; null for none. */
  readKey(answer: { readonly status: number; readonly body: string }): string | null;
  /** Reads a delivery that was verified; null for one that can be for nobody. */
  read(header: ReadHeader, body: string): HeardDelivery | null;
  /** Reads such a frame for a link that has no session up. */
  hear(target: Json, frame: string): readonly ProviderEffect[];
  /**
   * The exchanges by which the provider is told that nobody wants to hear of `key` any more, one after
   * the other: `answers` are those to the ones before.
   */
  leave(deployment: Deployment, key: string, answers: readonly ExchangeAnswer[]): NextExchange;
}

/** Picks the settings of these names that a deployment has. What is empty is not there. */
export function pickDeployment(env: object, names: readonly string[]): Deployment {
  const settings = env as Readonly<Record<string, unknown>>;
  const given = names.flatMap((name) => {
    const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
    return typeof value === "string" && value.trim() !== "" ? [[name, value.trim()] as const] : [];
  });
  return Object.fromEntries(given);
}
