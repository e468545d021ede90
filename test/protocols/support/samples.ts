import type { Json } from "../../../src/lib/json.ts";
import type { Deployment } from "../../../src/protocols/hook.ts";
import type { ProviderLink } from "../../../src/protocols/provider.ts";
import type { HttpExchange, SendRequest } from "../../../src/protocols/session.ts";

/** Credentials a protocol takes, and what of them may be seen where. */
export interface CredentialsSample {
  readonly credentials: Readonly<Record<string, Json>>;
  /** Those that are no secret. */
  readonly open: readonly string[];
  /** Those that the protocol itself wants in the address. */
  readonly inAddress: readonly string[];
}

/** A frame that tells of something that happened. */
export interface Occurrence {
  readonly frame: object;
  /** The connection that the frame names, or null where it names none. */
  readonly connectionId: string | null;
}

/** What the conformance suite needs to know of a protocol: `test/protocols/<id>/samples.ts`. */
export interface Samples {
  readonly target: Readonly<Record<string, Json>>;
  /** An address of a provider, where the protocol has none of its own. */
  readonly url?: string;
  /** What the protocol itself adds to the path of an address. */
  readonly path?: string;
  /** The connections that a link to `target` claims before it is dialled. */
  readonly claims: readonly string[];
  readonly credentials: readonly [CredentialsSample, ...CredentialsSample[]];
  /** How a frame is written that stands here as a value; left out where it is JSON. */
  readonly write?: (frame: object) => string;
  /** The settings of the deployment, where links share some. */
  readonly deployment?: Deployment;
  /** How the provider answers what a session asks for before events can come. */
  readonly answer?: (exchange: HttpExchange) => { readonly status: number; readonly body: string };
  /** Frames after which events can come. */
  readonly greeting: readonly object[];
  /**
   * The timer that runs out when the provider has been silent for too long; null where it may be silent
   * for as long as it likes.
   */
  readonly watchdog: string | null;
  /** The codes of closes that tell of a fault of our own, which no dial mends. */
  readonly faultCodes?: readonly number[];
  /** What is sent to set it, where a provider that has nothing to tell may be silent for hours. */
  readonly question?: SendRequest;
  readonly occurrences: Readonly<Record<string, Occurrence>>;
  /** The occurrences whose frames hold nothing that could tell one from the next. */
  readonly keyless: readonly string[];
  /** Frames that look alike and tell of two occurrences. */
  readonly twins: Readonly<Record<string, readonly [object, object]>>;
}

/** A link as a channel's object hands it to an adapter. */
export function linkTo(
  { target, credentials, url, deployment }: Samples,
  given: Partial<ProviderLink> = {},
): ProviderLink {
  return {
    dialId: "dial-1",
    handOver: null,
    deployment: deployment ?? {},
    heard: null,
    place: null,
    providerId: "provider-1",
    url: url ?? null,
    target,
    credentials: credentials[0].credentials,
    ...given,
  };
}
