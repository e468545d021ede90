import type { CatalogueType } from "../../../src/event/catalogue.ts";
import type { Scope } from "../../../src/event/principal.ts";
import type { SessionContext } from "../../../src/protocols/gateway-session.ts";
import type { Refused, UpgradeRequest } from "../../../src/protocols/gateway.ts";

/** An address that a client may come by, and what is read in it. */
export interface AddressSample {
  readonly request: UpgradeRequest;
  readonly channel?: string;
  readonly credential?: string;
  readonly subprotocol?: string;
  /** It means this protocol on any host. */
  readonly isOwn: boolean;
}

/** A kind of socket that the protocol has. */
export interface SocketSample {
  readonly context: SessionContext;
  /** The scopes that its credential has at least. */
  readonly needs: readonly Scope[];
  /** The kinds of frames that it is sent as it opens. */
  readonly opened: readonly string[];
  /** Frames after which it is told what happens on the channel `demo`; none where it is at once. */
  readonly greeting: readonly object[];
  /** The kinds of frames that it has been sent by then, those of its opening among them. */
  readonly greeted: readonly string[];
  /** Every kind of frame that a client may send, by a name. */
  readonly frames: Readonly<Record<string, unknown>>;
  /** The kinds of frames that an event of each type becomes. */
  readonly says: Partial<Record<CatalogueType, readonly string[]>>;
  /** The types of events that it has no word for: with those above, the whole catalogue. */
  readonly unsaid: readonly CatalogueType[];
  /** The scope without which nothing may be written; null for a socket by which nobody writes. */
  readonly writesWith: Scope | null;
  /** Frames that are answered, each once; absent where the protocol answers nothing. */
  readonly exchange?: Exchange;
  /** Frames that give the session something to remember, made of a text and a number. */
  readonly fills: readonly ((text: string, at: number) => unknown)[];
}

export interface Exchange {
  /** The nth request. */
  request(at: number): unknown;
  /** How long the protocol wants between two. */
  readonly paceMs: number;
  /** The number of the request that a frame answers, any number where it does not say; null: none. */
  answers(frame: Readonly<Record<string, unknown>>): number | "any" | null;
}

/** What the conformance suite needs to know of a gateway: `test/protocols/<id>/gateway-samples.ts`. */
export interface GatewaySamples {
  /** What a credential's check gives: the token that the frames and addresses of the samples hold. */
  readonly token: string;
  readonly addresses: Readonly<Record<string, AddressSample>>;
  readonly sockets: Readonly<Record<string, SocketSample>>;
  /** By reason: the status of an answer, or the code of a socket that is closed at once. */
  readonly refusals: Readonly<Record<Refused, number>>;
  /** The codes that a session closes its socket with. */
  readonly closes: readonly number[];
  /** The kind of a frame that a client is sent, to compare by. */
  kindOf(frame: Readonly<Record<string, unknown>>): string;
}
