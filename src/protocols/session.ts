import type { EventDraft } from "../event/event.ts";
import type { LinkFailure } from "../event/link-failure.ts";
import type { Balance, Cost } from "../event/quota.ts";
import type { SendContent, SendFailure } from "../event/sending.ts";
import type { Connection } from "../event/shapes.ts";
import type { Json } from "../lib/json.ts";

export type { LinkFailure, SendContent, SendFailure };

/** Everything that can happen to one socket, or to a session without one. `at` is the time, in milliseconds since 1970. */
export type SocketInput =
  /** Also where there is no socket to open: the beginning. */
  | { readonly type: "socket-opened"; readonly at: number }
  /** Something that the provider said, on the socket or wherever it says things. */
  | { readonly type: "frame-received"; readonly at: number; readonly frame: string }
  | { readonly type: "timer-fired"; readonly at: number; readonly timer: string }
  /**
   * Only to a session that is ready, of an adapter with `sending`, and no faster than that says.
   */
  | { readonly type: "send-requested"; readonly at: number; readonly send: SendRequest }
  /** The answer to a `request-issue`; `body` is what was read of it. */
  | {
      readonly type: "request-answered";
      readonly at: number;
      readonly request: string;
      readonly status: number;
      readonly body: string;
      /** Of a 429 that says so: how long nothing more is to be asked. Bound it: it may be for years. */
      readonly retryAfterMs?: number;
    }
  /** Nobody answered a `request-issue`: whether it arrived is not known. */
  | { readonly type: "request-lost"; readonly at: number; readonly request: string }
  /** The answer to a `stream-open` has begun; what it holds comes as `frame-received`. */
  | { readonly type: "stream-opened"; readonly at: number; readonly request: string }
  /**
   * It has ended. `status`: null where nobody answered; other than 2xx there were no frames, and `body`
   * is the beginning of the refusal. An answer may end in the middle of what it says.
   */
  | {
      readonly type: "stream-ended";
      readonly at: number;
      readonly request: string;
      readonly status: number | null;
      readonly body: string;
    }
  /** How much is left of what an exchange was about to cost: told before it is performed or withheld. */
  | { readonly type: "balance-told"; readonly at: number; readonly balances: readonly Balance[] }
  /**
   * An exchange or a stream was not performed, since there is not enough left of what it costs.
   * `balance`: of what there is too little; null where that could not be counted for too long.
   */
  | {
      readonly type: "request-withheld";
      readonly at: number;
      readonly request: string;
      readonly balance: Balance | null;
    }
  /** The end of a `credentials-renew`. The new credentials are on disk by now. */
  | { readonly type: "credentials-renewed"; readonly at: number; readonly renewed: Renewed };

/** Fresh credentials for a link, or why there are none. */
export type Renewed =
  | { readonly ok: true; readonly credentials: Json }
  | { readonly ok: false; readonly failure: LinkFailure };

/** Something to write to one connection of a provider. */
export interface SendRequest {
  /** Names this one try: what the session says of it later carries it. */
  readonly job: string;
  /** The connection to write to: `<protocol>:<the provider's own identifier>`, as in the map. */
  readonly identifier: string;
  readonly content: SendContent;
}

/** One of a provider's connections, as it tells of it. */
export interface ObservedConnection extends Omit<Connection, "identifier"> {
  /** `<protocol>:<the provider's own identifier>`. */
  readonly identifier: string;
  /** There is nothing to connect to (no broadcast): while it lasts nothing can be missed. */
  readonly idle?: boolean;
  /** The provider goes on where it was last heard: whatever outage there was, nothing was missed. */
  readonly resumed?: boolean;
}

/** The effects of a provider's session. The object performs them in order; a session never does. */
export type ProviderEffect =
  | { readonly type: "frame-send"; readonly frame: string }
  /** The frame could not be read: to be counted, and its beginning kept. */
  | { readonly type: "frame-reject"; readonly problem: string }
  | { readonly type: "events-observe"; readonly drafts: readonly EventDraft[] }
  | { readonly type: "connection-observe"; readonly connection: ObservedConnection }
  /**
   * The provider closed the connection with this uuid, which may be one that nobody knows. `final`:
   * by somebody's will, so that nothing is missed from now on.
   */
  | {
      readonly type: "connection-drop";
      readonly uuid: string;
      readonly reason: string;
      readonly final: boolean;
    }
  /** The handshake is done and events can come. */
  | { readonly type: "session-ready" }
  /** Every connection there is has been told of by now: others of this provider are gone. */
  | { readonly type: "session-settled" }
  /**
   * This socket is useless or soon will be: dial a new one, and then hang this one up. `handOver`
   * goes to the new dial's link. With the reason `token_invalid` the credentials are renewed first.
   */
  | { readonly type: "session-replace"; readonly reason: string; readonly handOver?: string }
  /** This socket is of no use: hang up. */
  | { readonly type: "session-fail"; readonly failure: LinkFailure }
  /** Fires once after `afterMs`. The same name again replaces the earlier one. */
  | { readonly type: "timer-set"; readonly timer: string; readonly afterMs: number }
  | { readonly type: "timer-clear"; readonly timer: string }
  /**
   * From here on a send may have arrived, whatever happens: it is noted for good before the effects
   * that follow are performed, and never tried again.
   */
  | { readonly type: "send-issue"; readonly job: string }
  /** It has arrived: the end of it. */
  | { readonly type: "send-confirm"; readonly job: string }
  /** It has not and will not: the end of it. */
  | { readonly type: "send-fail"; readonly job: string; readonly failure: SendFailure }
  /** An HTTP exchange, answered by `request-answered` or `request-lost` with the same `request`. */
  | {
      readonly type: "request-issue";
      readonly request: string;
      readonly exchange: HttpExchange;
    }
  /**
   * Claims what the provider says of `key` over its hook, in place of what was claimed before. Answered as
   * an exchange is: 200 once deliveries will find this link.
   */
  | { readonly type: "route-claim"; readonly request: string; readonly key: string }
  /**
   * An HTTP exchange whose answer is read as it comes: a JSON object, or an array of objects that grows.
   * Each whole object is a `frame-received`. The same `request` again ends the earlier one unheard.
   */
  | {
      readonly type: "stream-open";
      readonly request: string;
      readonly exchange: HttpExchange;
      /**
       * The answer may have nothing to say, and not even begin: what has not been refused after a while
       * counts as opened. Others are waited for as any exchange is.
       */
      readonly mayBeQuiet?: true;
    }
  /** Ends one; nothing more is told of it. */
  | { readonly type: "stream-close"; readonly request: string }
  /**
   * How far it has got, for a later session of this link, also in another life of the object: its
   * `place`. No secret. Null: there is nothing to go on with.
   */
  | { readonly type: "place-keep"; readonly place: string | null }
  /** The provider says that nothing is left of this today, whatever was counted: nobody is to ask for it. */
  | { readonly type: "quota-empty"; readonly of: Omit<Cost, "units"> }
  /** The credentials were refused: to be renewed while the socket lives, by the adapter's `renewal`. */
  | { readonly type: "credentials-renew" };

/** An HTTP request to a provider. Never log one: it may carry a credential. */
export interface HttpExchange {
  readonly url: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  /** Only of a POST. */
  readonly body?: string;
  /** As much of the answer as is read, in bytes; 16 KiB where nothing else is said. */
  readonly answerMaxBytes?: number;
  /** Its costs, counted before it is performed. */
  readonly costs?: readonly Cost[];
}

/** A session's rule: its state and what happened, to its next state and what to do. Pure. */
export type SessionStep<State, Effect> = (
  state: State,
  input: SocketInput,
) => { state: State; effects: readonly Effect[] };

/** The protocol state of one socket, with its rule. */
export interface Session<Effect> {
  handle(input: SocketInput): readonly Effect[];
}

/** Hides a session's state type, so that whoever holds the session needs no generics. */
export function startSession<State, Effect>(
  step: SessionStep<State, Effect>,
  initial: State,
): Session<Effect> {
  let state = initial;
  return {
    handle(input) {
      const next = step(state, input);
      state = next.state;
      return next.effects;
    },
  };
}
