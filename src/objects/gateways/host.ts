import type { Answer } from "../../event/answer.ts";
import type { EventDraft } from "../../event/event.ts";
import type { ProtocolId, Seq } from "../../event/ids.ts";
import type { Principal, Scope } from "../../event/principal.ts";
import type { SendAsk, SendRefusal, SendTaken } from "../../event/sending.ts";
import type { Json } from "../../lib/json.ts";
import type { ChannelFacts, FollowRefusal, PostRefusal } from "../../protocols/gateway-session.ts";
import type { MaybePromise } from "../clients/host.ts";

/** The port through which gateways' sockets reach the object that they live in. */
export interface GatewayHost {
  readonly ctx: DurableObjectState;
  /** Whom a credential speaks for; null if it does not hold. */
  authenticate(credential: string | null): Promise<Principal | null>;
  /**
   * The channel as it is, if the principal, at an address, may read it. What comes after is
   * published.
   */
  follow(
    channel: string,
    principal: Principal,
    from: string,
  ): MaybePromise<Answer<ChannelFacts, FollowRefusal>>;
  /** The channel as it is; null if it is gone. */
  look(channel: string): MaybePromise<ChannelFacts | null>;
  /** Nobody here follows the channel any more. */
  abandoned(channel: string): void;
  /** May the principal do what the scope names, on a channel that is followed, as it is now? */
  may(channel: string, principal: Principal, scope: Scope): boolean;
  send(
    channel: string,
    principal: Principal,
    ask: SendAsk,
  ): MaybePromise<Answer<SendTaken, SendRefusal>>;
  /** Writes what a client of a protocol did as an event of the channel, which is then published. */
  post(
    channel: string,
    principal: Principal,
    protocol: ProtocolId,
    draft: EventDraft,
  ): MaybePromise<Answer<{ seq: Seq }, PostRefusal>>;
  /** A socket has come with whose end what viewers are shown is taken away: not in a hub. */
  joined?(socket: string): void;
  /** A socket has ended, whichever it was. */
  left?(socket: string): void;
  /** Seals the state that another socket may bring to go on as this one. */
  handOver(protocol: string, what: Json): Promise<string>;
  populationChanged(): void;
}
