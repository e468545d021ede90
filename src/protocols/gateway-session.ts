/* What can happen to a socket that we serve, and what its session may ask for. */

import type { Answer } from "../event/answer.ts";
import type { EventDraft, StreamEvent } from "../event/event.ts";
import type { Seq } from "../event/ids.ts";
import type { Principal } from "../event/principal.ts";
import type { SendAsk, SendRefusal, SendTaken } from "../event/sending.ts";
import type { Connection } from "../event/shapes.ts";
import type { Json } from "../lib/json.ts";

/** The part of its address that a session needs to know: plain data, as it is kept. */
export type SessionContext = string | number | null | { readonly [key: string]: SessionContext };

/** A channel as it is at one place of its log. */
export interface ChannelFacts {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  /** Everything up to here is in the facts; what comes after is told by events. */
  readonly head: Seq;
  readonly connections: readonly Connection[];
  readonly stream: {
    readonly live: boolean | null;
    readonly since: string | null;
    readonly viewers: number | null;
  };
  /** The interface that its viewers see: `{}` once it was taken away, null or absent for none. */
  readonly interface?: Json | null;
}

/** A reason not to follow a channel. */
export type FollowRefusal = "unauthorized" | "forbidden" | "channel_not_found" | "unavailable";

/** A reason not to record what happened. */
export type PostRefusal =
  | "unauthorized"
  | "forbidden"
  | "channel_not_found"
  | "invalid_input"
  | "unavailable";

/** All that a new socket's session begins with. */
export interface Opening {
  readonly at: number;
  /** The socket's own name: random, and never used twice. */
  readonly session: string;
  readonly about: SessionContext;
  /** Null where the credential comes in a frame. */
  readonly principal: Principal | null;
  /** The channel of a socket that lives with it; null for one that names its channels in frames. */
  readonly channel: ChannelFacts | null;
  /**
   * The `handOver` of the socket whose token this one has brought; null for a token that does
   * not hold. Absent where none was brought.
   */
  readonly brought?: Json | null;
}

/**
 * Everything that can happen to a client's socket. `at` is the time, in milliseconds since 1970.
 */
export type GatewayInput =
  /** `null` stands for a binary frame, where the adapter does not read those as text. */
  | { readonly type: "frame-received"; readonly at: number; readonly frame: string | null }
  /** Events of a channel that is followed, in order, each once. */
  | {
      readonly type: "events-observed";
      readonly at: number;
      readonly channel: string;
      readonly events: readonly StreamEvent[];
    }
  /** The answer to a `credential-check`; null: it does not hold. */
  | {
      readonly type: "credential-checked";
      readonly at: number;
      readonly requestId: string;
      readonly principal: Principal | null;
    }
  /** The answer to a `channel-follow`. */
  | {
      readonly type: "follow-answered";
      readonly at: number;
      readonly requestId: string;
      readonly answer: Answer<ChannelFacts, FollowRefusal>;
    }
  /** The answer to a `send-ask`. */
  | {
      readonly type: "send-answered";
      readonly at: number;
      readonly requestId: string;
      readonly answer: Answer<SendTaken, SendRefusal>;
    }
  /**
   * The answer to an `event-post` that wants one: the event's place in the log, where it now is.
   */
  | {
      readonly type: "post-answered";
      readonly at: number;
      readonly requestId: string;
      readonly answer: Answer<{ seq: Seq }, PostRefusal>;
    }
  /**
   * A note of a session of the same protocol to all that follow the channel here: itself included.
   */
  | {
      readonly type: "peer-told";
      readonly at: number;
      readonly channel: string;
      readonly note: Json;
    }
  /** The answer to a `channel-look`: the channel as it is now; null if it is gone. */
  | {
      readonly type: "channel-looked";
      readonly at: number;
      readonly requestId: string;
      readonly channel: ChannelFacts | null;
    }
  /**
   * A channel that was followed is followed no more: it was deleted, or there is another of its
   * name. Only to a session that names its channels: one that is about a channel ends with it.
   */
  | { readonly type: "channel-gone"; readonly at: number; readonly channel: string }
  /** The adapter's `heartbeatMs` has gone by, for all sockets of an object at once. */
  | { readonly type: "heartbeat"; readonly at: number }
  /** A planned end is near. `token` is what a new socket may bring to go on as this one. */
  | { readonly type: "hand-over-planned"; readonly at: number; readonly token: string };

/** The effects of a gateway's session. The object performs them in order. */
export type GatewayEffect =
  | { readonly type: "frame-send"; readonly frame: string }
  /** Asks for a credential's principal; null stands for anybody, who may read public channels. */
  | {
      readonly type: "credential-check";
      readonly requestId: string;
      readonly credential: string | null;
    }
  /** To be answered, and from then on its events come, if the principal may read it. */
  | {
      readonly type: "channel-follow";
      readonly requestId: string;
      readonly channel: string;
      readonly principal: Principal;
    }
  | { readonly type: "channel-unfollow"; readonly channel: string }
  /** Of a channel that is followed. */
  | { readonly type: "channel-look"; readonly requestId: string; readonly channel: string }
  /** For somebody who may: that is looked at when it is taken on. */
  | {
      readonly type: "send-ask";
      readonly requestId: string;
      readonly channel: string;
      readonly principal: Principal;
      readonly send: SendAsk;
    }
  /**
   * Something that happened here, on a channel that is followed: it becomes an event of the channel,
   * told by this protocol, which all that follow the channel observe, whoever posted it too. A request id
   * of null wants no answer. For somebody who may write there: that is looked at when it happens.
   */
  | {
      readonly type: "event-post";
      readonly requestId: string | null;
      readonly channel: string;
      readonly principal: Principal;
      readonly draft: EventDraft;
    }
  /**
   * Tells the sessions of this protocol that follow the channel in the same object, at once and
   * beside the log: what is nobody else's, and is lost with whoever is not there. For a protocol
   * whose sockets do not overflow.
   */
  | { readonly type: "peers-tell"; readonly channel: string; readonly note: Json }
  /** This is one of the sockets with whose end what is shown on the channel is taken away. */
  | { readonly type: "viewer-interface-join" }
  | { readonly type: "socket-close"; readonly code: number; readonly reason: string };

export type GatewayStep<State> = (
  state: State,
  input: GatewayInput,
) => { state: State; effects: readonly GatewayEffect[] };

/** The protocol state of one client's socket, with its rule. */
export interface GatewaySession {
  handle(input: GatewayInput): readonly GatewayEffect[];
  /** All its memory: small and plain, so that a hibernated socket wakes where it slept. */
  snapshot(): Json;
  /** The credentials it goes by: one that is revoked or has run out ends the socket. */
  principals(): readonly Principal[];
}
