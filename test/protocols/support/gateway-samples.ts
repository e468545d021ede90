import type { CatalogueType } from "../../../src/event/catalogue.ts";
import type { Scope } from "../../../src/event/principal.ts";
import type { SessionContext } from "../../../src/protocols/gateway-session.ts";
import type { Refused, UpgradeRequest } from "../../../src/protocols/gateway.ts";

/** A frame that a client is sent, as JSON has it, or taken apart into something like it. */
export type SentFrame = Readonly<Record<string, unknown>>;

/** An address that a client may come by, and what is read in it. */
export interface AddressSample {
  readonly request: UpgradeRequest;
  readonly channel?: string;
  readonly credential?: string;
  readonly subprotocol?: string;
  /** It means this protocol on any host. */
  readonly isOwn: boolean;
}

/** Frames that are answered, each once. */
export interface Exchange {
  /** The nth request. */
  request(at: number): unknown;
  /** The least time between two. */
  readonly paceMs: number;
  /** The key of the request that a frame answers; null for a frame that is no answer. */
  keyOf(frame: SentFrame): string | null;
  /** The key of the nth request: the same for all where an answer does not say to what it is one. */
  readonly key: (at: number) => string;
}

/** A kind of socket that the protocol has. */
export interface SocketSample {
  readonly context: SessionContext;
  /** The scope that its credential has at least. */
  readonly needs: Scope;
  /** The kinds of frames that it is sent as it opens, on a channel with nothing linked. */
  readonly opened: readonly string[];
  /** Frames after which it is told what happens on the channel `demo`; none where it is at once. */
  readonly greeting: readonly unknown[];
  /** The kinds of frames that the greeting is answered with. */
  readonly greeted: readonly string[];
  /** Every kind of frame that a client may send, by a name. */
  readonly frames: Readonly<Record<string, unknown>>;
  /** The kinds of frames that an event of each type becomes; one that is not here cannot be said. */
  readonly says: Readonly<Partial<Record<CatalogueType, readonly string[]>>>;
  /** The scope without which nothing may be written; null for a socket by which nobody writes. */
  readonly writesWith: Scope | null;
  /** Absent where the protocol answers nothing. */
  readonly exchange?: Exchange;
  /** Frames that give the session something to remember, made of any text and a number. */
  readonly fills: readonly ((text: string, at: number) => unknown)[];
}

/** All that the conformance suite needs to know of a gateway: `test/protocols/<id>/gateway-samples.ts`. */
export interface GatewaySamples {
  /** The token that the addresses and frames of these samples hold. */
  readonly token: string;
  readonly addresses: Readonly<Record<string, AddressSample>>;
  readonly sockets: Readonly<Record<string, SocketSample>>;
  /** By reason: the status of an answer, or the code of a socket that is closed at once. */
  readonly refusals: Readonly<Record<Refused, number>>;
  /** The codes that a session closes its socket with. */
  readonly closes: readonly number[];
  /** Takes a frame apart that is no JSON. */
  readFrame?(text: string): SentFrame;
  /** The kind of a frame, to compare by. */
  kindOf(frame: SentFrame): string;
  /** What a frame is sent for, where a socket may want one event several times. */
  subscriptionOf?(frame: SentFrame): string;
}
