import type { z } from "zod";

import type { ProtocolId } from "../event/ids.ts";
import type { Principal, Scope } from "../event/principal.ts";
import type { Json } from "../lib/json.ts";
import type { GatewayRequest, GatewayRound } from "./gateway-request.ts";
import type {
  SessionContext,
  GatewayEffect,
  GatewaySession,
  GatewayStep,
  Opening,
} from "./gateway-session.ts";

/** The parts of an upgrade that a gateway reads. Never log one: tokens are in the query. */
export interface UpgradeRequest {
  /** The protocol's own path, always with its slash: what comes before is taken off. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The sub-protocols that the client offers. */
  readonly offered: readonly string[];
}

/** A request whose protocol is still to be found, by what it asks for. */
export interface AskedAddress extends UpgradeRequest {
  readonly method: string;
  readonly isUpgrade: boolean;
}

/** An address, read: the channel, the credential and the sub-protocol that it names. */
export interface Admission {
  /** The channel in the address: its id or its number. Null: the credential's, or none yet. */
  readonly channel: string | null;
  /** Null where the address has none: it comes later, in a frame, or is missing. */
  readonly credential: string | null;
  /** The sub-protocol to be answered with, which was offered; null for none. */
  readonly subprotocol: string | null;
  /** The part of the address that the session needs. Never a credential. */
  readonly about: SessionContext;
  /** The token of an earlier socket's `hand-over-planned`, for this one to go on as it did. */
  readonly bring?: string;
  /** The fault of the address itself. */
  readonly refused?: Refused;
  /** The scope that the credential must have, where it is not the adapter's. */
  readonly needs?: Scope;
}

/** A reason not to let a client in. */
export type Refused =
  | "no_query"
  | "no_credential"
  | "unauthorized"
  | "forbidden"
  | "channel_not_found"
  | "unavailable";

/** The protocol's way to say so: instead of a socket, or on one that is closed at once. */
export type UpgradeRejection =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly type: string;
      readonly body: string;
    }
  | {
      readonly kind: "socket";
      readonly frames: readonly string[];
      readonly code: number;
      readonly reason: string;
    };

/** The end we answer: a client speaks the provider's language to us. Pure throughout. */
export interface GatewayAdapter {
  readonly protocol: ProtocolId;
  /** `channel`: a socket is about one channel and lives with it. `hub`: it names its channels. */
  readonly seat: "channel" | "hub";
  /** May a crowded channel's sockets live elsewhere? Not where they share more than the log. */
  readonly overflows: boolean;
  /** The interval of the keep-alive to all sockets; null where the protocol has none. */
  readonly heartbeatMs: number | null;
  /** Are binary frames read as the text that they are in UTF-8, as the protocol's own server does? */
  readonly readsBinary?: true;
  /** The scope that a credential in the address must have for a socket to be opened. */
  readonly needs: Scope;
  /**
   * Is it an address that nothing but this protocol can mean, whatever the host? Asked of a request
   * that names its protocol neither in its path nor in its host, in the registry's order.
   */
  ownsPath(asked: AskedAddress): boolean;
  /** Reads an address; null if the protocol has no such path. */
  admit(request: UpgradeRequest): Admission | null;
  refuse(reason: Refused, about?: SessionContext): UpgradeRejection;
  /** A POST, where the protocol has an HTTP side; null if it is none of its own. Never throws. */
  readonly request?: (request: GatewayRequest) => GatewayRound | null;
  open(opening: Opening): { session: GatewaySession; effects: readonly GatewayEffect[] };
  /** A session as `snapshot` left it; null if it cannot be told what it was. */
  restore(snapshot: unknown): GatewaySession | null;
  /** The state that a new socket may bring to go on as this one did; null for none. */
  handOver?(snapshot: Json): Json;
  /** The code of a socket that reads too slowly, and of one whose credential no longer holds. */
  readonly closes: { readonly slow: number; readonly credential: number };
}

/** The parts of a gateway: an adapter whose state has a schema and a rule. */
export interface GatewaySpec<State> extends Omit<GatewayAdapter, "open" | "restore"> {
  readonly State: z.ZodType<State>;
  readonly begin: (opening: Opening) => { state: State; effects: readonly GatewayEffect[] };
  readonly step: GatewayStep<State>;
  readonly principalsOf: (state: State) => readonly Principal[];
}

/** Hides a gateway's state type, so that whoever holds its sessions needs no generics. */
export function defineGateway<State>(spec: GatewaySpec<State>): GatewayAdapter {
  const { State, begin, step, principalsOf, ...adapter } = spec;
  const session = (initial: State): GatewaySession => {
    let state = initial;
    return {
      handle(input) {
        const next = step(state, input);
        state = next.state;
        return next.effects;
      },
      snapshot: () => state as Json,
      principals: () => principalsOf(state),
    };
  };
  return {
    ...adapter,
    open(opening) {
      const { state, effects } = begin(opening);
      return { session: session(state), effects };
    },
    restore(snapshot) {
      const kept = State.safeParse(snapshot);
      return kept.success ? session(kept.data) : null;
    },
  };
}
