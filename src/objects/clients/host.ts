import type { Answer } from "../../event/answer.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import type { Position } from "../../event/position.ts";
import type { Principal } from "../../event/principal.ts";
import type { SendAsk, SendRefusal, SendTaken } from "../../event/sending.ts";
import type { Authority } from "../authority.ts";
import type { Reader } from "./reader.ts";

/** The object that the sockets live in, as far as they need it. */
export interface ClientHost {
  readonly ctx: DurableObjectState;
  readonly channel: { readonly id: string; readonly epoch: Epoch };
  readonly reader: Reader;
  /** Up to where everything has been published here. */
  head(): Seq;
  /** The authority over the channel, as it is now. */
  readonly authority: Authority;
  status(principal: Principal): MaybePromise<Answer<unknown>>;
  /** Takes a send on, or says why not. */
  send(principal: Principal, ask: SendAsk): MaybePromise<Answer<SendTaken, SendRefusal>>;
  /** The number of clients has changed. */
  populationChanged(): void;
}

/** There at once where the object knows it itself, so that nothing can come in between. */
export type MaybePromise<T> = T | Promise<T>;

/** A client's beginning: after a position, so many events back, or (null) now. */
export type Start = { readonly after: Position } | { readonly rewind: number } | null;
