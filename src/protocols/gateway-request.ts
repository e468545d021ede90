/*
 * The HTTP side of a protocol that has one: a request is answered by itself, and no socket knows of
 * it.
 */

import type { Answer } from "../event/answer.ts";
import type { Principal } from "../event/principal.ts";
import type { SendContent, SendRefusal, SendTaken } from "../event/sending.ts";
import type { ChannelFacts } from "./gateway-session.ts";

/** A request over HTTP, as far as a gateway has to know it. Never log one: tokens are in it. */
export interface GatewayRequest {
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** Something that a request needs before it can be answered, in this order. */
export type GatewayNeed =
  /** A channel, if whoever asks may read it; null for the one that the credential is bound to. */
  | { readonly type: "channel"; readonly channel: string | null }
  /** A send, if whoever asks may. */
  | { readonly type: "send"; readonly channel: string; readonly content: SendContent };

/** The result of a need. */
export type GatewayFinding =
  | {
      readonly type: "channel";
      readonly channel: Pick<ChannelFacts, "id" | "name" | "stream"> | null;
    }
  | {
      readonly type: "send";
      readonly answer: Answer<SendTaken, SendRefusal>;
    };

/** A request that was understood. */
export interface GatewayRound {
  /** Null is nobody in particular. */
  readonly credential: string | null;
  readonly needs: readonly GatewayNeed[];
  /**
   * `principal` is null, and nothing was looked for, where the credential does not hold. `at` is the
   * time, in milliseconds since 1970.
   */
  answer(
    principal: Principal | null,
    findings: readonly GatewayFinding[],
    at: number,
  ): GatewayReply;
}

export interface GatewayReply {
  readonly status: number;
  readonly body: string;
}
