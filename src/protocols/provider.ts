import type { z } from "zod";

import type { ProtocolId } from "../event/ids.ts";
import type { Sending } from "../event/sending.ts";
import type { Json } from "../lib/json.ts";
import type { ProofKey } from "../lib/proof-key.ts";
import type { Deployment, HookAdapter } from "./hook.ts";
import type { HttpExchange, LinkFailure, ProviderEffect, Renewed, Session } from "./session.ts";

export type { Renewed };

/** All that is needed to dial one provider, read by its adapter's own schemas. */
export interface ProviderLink {
  /** Names this one dial: the uuid of connections that the provider itself gives none. */
  readonly dialId: string;
  /** The provider's row, for connections of which the provider tells nothing. */
  readonly providerId: string;
  /** The address set by hand, or null for the provider's own. */
  readonly url: string | null;
  readonly target: Json;
  readonly credentials: Json;
  /** The `handOver` of the session that this dial is to replace, or null. A secret. */
  readonly handOver: string | null;
  /** Of the settings that the adapter asks for, those that the deployment has. */
  readonly deployment: Deployment;
  /** The deliveries before this session; null where nothing was claimed. */
  readonly heard: Heard | null;
  /** The last `place` that a session of this link has kept; null for none. */
  readonly place: string | null;
}

/** Deliveries that came for a link, as far as it remembers. Times in milliseconds since 1970. */
export interface Heard {
  /** The last one, or since when the link could hear; null while it never could. */
  readonly at: number | null;
  /** Was there ever one? */
  readonly isAny: boolean;
}

/** Never log one: some protocols carry their token in the address. */
export interface DialRequest {
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly protocols: readonly string[];
}

/** A provider's answer where it gave no socket. */
export interface DialRefusal {
  readonly status: number;
  readonly retryAfterMs?: number;
  /** The beginning of the body. */
  readonly body: string;
}

/** The end of a socket. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** The renewal of credentials, for protocols whose tokens run out. */
export interface Renewal {
  /** The exchange that is due before a dial at `at`, or null while the credentials still serve. */
  due(link: ProviderLink, at: number): HttpExchange | null;
  /** The exchange after a refusal, or null where nothing can be renewed. */
  forced(link: ProviderLink): HttpExchange | null;
  /** Reads its answer. `body` is the beginning of the body. */
  answered(link: ProviderLink, answer: { status: number; body: string }, at: number): Renewed;
}

/** A log-in's own facts: the provider's address set by hand, if any, and where it sends back to. */
interface LogInPlace {
  readonly url: string | null;
  readonly redirectUri: string;
  /** The deployment's settings that the adapter names. */
  readonly deployment: Deployment;
  readonly proof: ProofKey;
}

/** An answer to an exchange. `body` is its beginning. */
interface ExchangeAnswer {
  readonly status: number;
  readonly body: string;
}

/** The log-in with a provider, for protocols whose accounts are linked by consent. */
export type LogIn = CodeLogIn | DeviceLogIn;

/**
 * A log-in by which the owner of the account consents at an address of the provider's, which sends
 * them back with a code.
 */
export interface CodeLogIn {
  readonly kind: "code";
  /** The application that asks for consent, with its secrets. Described as the target is. */
  readonly Client: z.ZodType;
  /** Why there can be no log-in in this deployment, in words that help; null where there can. */
  checkDeployment?(deployment: Deployment): string | null;
  /** Makes the address at which consent is asked for. */
  makeAddress(client: Json, ask: LogInPlace & { readonly state: string }): string;
  exchange(client: Json, ask: LogInPlace & { readonly code: string }): HttpExchange;
  /** Reads its answer as credentials of a link, or says in words that help why there are none. */
  answered(client: Json, answer: ExchangeAnswer, at: number): Renewed;
}

/**
 * A log-in for a device (RFC 8628): the owner of the account types a word on a page of the provider's,
 * and consents there. Nothing is sent back: the provider is asked, again and again.
 */
export interface DeviceLogIn {
  readonly kind: "device";
  readonly Client: z.ZodType;
  /** Asks for the word, and for the code that it stands for. */
  begin(client: Json, url: string | null): HttpExchange;
  begun(answer: ExchangeAnswer): DeviceBegun;
  /** Asks whether somebody has consented. `code` is a secret. */
  ask(client: Json, about: { readonly url: string | null; readonly code: string }): HttpExchange;
  answered(client: Json, answer: ExchangeAnswer): DeviceAnswered;
  /** Asks whose the credentials are. */
  identify(credentials: Json, url: string | null): HttpExchange;
  /** The target that is the account's own, or why there is none; null where it was not said. */
  identified(
    credentials: Json,
    answer: ExchangeAnswer,
  ): { readonly ok: true; readonly target: Json } | { ok: false; failure: LinkFailure } | null;
}

export type DeviceBegun =
  | { readonly ok: true; readonly device: Device }
  /** `isClient`: it is the application that is wrong. */
  | { readonly ok: false; readonly isClient: boolean; readonly detail: string };

export interface Device {
  /** A secret: whoever has it is given the tokens. */
  readonly code: string;
  /** The word that is to be typed at the address. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** Least time between two askings. */
  readonly intervalMs: number;
  readonly lifeMs: number;
}

export type DeviceAnswered =
  | { readonly type: "pending" | "too-fast" | "denied" | "lost" }
  /** The code is good no more, or never was. */
  | { readonly type: "unknown" }
  | { readonly type: "refused"; readonly reason: string; readonly detail: string }
  | { readonly type: "granted"; readonly credentials: Json };

/** The look-up of a target that people know by another name, when it is linked. */
export interface TargetLookUp {
  /** The exchange that finds it, or null for a target that is known as it is. */
  due(target: Json, url: string | null): HttpExchange | null;
  /** Reads its answer. `isUnknown`: there is nobody of the name. */
  answered(
    target: Json,
    answer: { status: number; body: string },
  ):
    | { readonly ok: true; readonly target: Json }
    | { readonly ok: false; readonly isUnknown: boolean };
}

/** The end we dial: an upstream provider is the server, we are its client. Pure throughout. */
export interface ProviderAdapter {
  readonly protocol: ProtocolId;
  /** Its description is what the API's document says of a target of this protocol: its fields. */
  readonly Target: z.ZodType;
  /** Described as the target is. */
  readonly Credentials: z.ZodType;
  /** The provider's own address; null where every provider has its own and one must be given. */
  readonly defaultUrl: string | null;
  /** The connection identifiers that a link to this target will claim, as far as they are known. */
  claims(target: Json): readonly string[];
  /** Every secret in the credentials, so that none can leak through what the provider says. */
  secrets(credentials: Json): readonly string[];
  /**
   * Settings of the deployment that all links of the protocol share, by name. `secret`: those that must
   * not leak.
   */
  readonly deployment?: {
    readonly names: readonly string[];
    readonly secret: readonly string[];
  };
  /** Links have no address of their own: the deployment has it. */
  readonly isPlaceless?: true;
  /** The provider tells what happens by requests to the relay. */
  readonly hook?: HookAdapter;
  /** Least time between two dials of one channel, where the provider counts them. */
  readonly dialEveryMs?: number;
  /**
   * Absent where there is no socket: the session begins without one, and lives of the exchanges that it
   * asks for and of what the provider tells the relay otherwise.
   */
  dial?(link: ProviderLink): DialRequest;
  open(link: ProviderLink): Session<ProviderEffect>;
  /** Reads an answer other than a socket. */
  refused(refusal: DialRefusal): LinkFailure;
  /** Reads the end of a socket that the provider closed. */
  closed(closing: Closing): LinkFailure;
  readonly renewal?: Renewal;
  readonly logIn?: LogIn;
  readonly lookUp?: TargetLookUp;
  /** Absent where nothing can be written to. */
  readonly sending?: Sending;
}

/** A provider that is dialled by socket. */
export interface SocketProviderAdapter extends ProviderAdapter {
  dial(link: ProviderLink): DialRequest;
}

/** The failure for an answer that no protocol gives a meaning of its own. */
export function classifyRefusal({ status, retryAfterMs }: DialRefusal): LinkFailure {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 401 || status === 403) {
    return { remedy: "stop", reason: "token_invalid", detail: describeRefusal(status) };
  }
  if (status === 404 || status === 410) {
    return { remedy: "stop", reason: "address_unknown", detail: describeRefusal(status) };
  }
  if (status === 429 || status === 503) {
    return { remedy: "slow", reason: "rate_limited", detail: describeRefusal(status), ...wait };
  }
  if (status >= 500) {
    return { remedy: "retry", reason: "provider_down", detail: describeRefusal(status), ...wait };
  }
  return { remedy: "slow", reason: "dial_refused", detail: describeRefusal(status), ...wait };
}

function describeRefusal(status: number): string {
  return `The provider answered ${status} instead of opening a socket.`;
}
