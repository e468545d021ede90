import type { Placed } from "../../channel/channel.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type { EventDraft } from "../../event/event.ts";
import type { ProtocolId } from "../../event/ids.ts";
import type { Principal } from "../../event/principal.ts";
import type { SendAsk, SendRefusal } from "../../event/sending.ts";
import type { ChannelFacts } from "../../protocols/gateway-session.ts";
import type { Authority } from "../authority.ts";
import type { GatewayHost } from "../gateways/host.ts";

interface ChannelParts {
  readonly authority: Authority;
  readonly facts: () => ChannelFacts;
  readonly send: (principal: Principal, ask: SendAsk) => Answer<{ sendId: string }, SendRefusal>;
  /** Writes an event, and resolves with its place once it is on disk. */
  readonly record: (draft: EventDraft, provider: ProtocolId) => Promise<Placed>;
  readonly board: { join(socket: string): void; leave(socket: string): void };
  readonly populationChanged: () => void;
}

/** What gateways' sockets need of a channel's own object: they are of this channel from the start. */
export function makeGatewayHost(
  ctx: DurableObjectState,
  { authority, facts, send, record, board, populationChanged }: ChannelParts,
): GatewayHost {
  return {
    ctx,
    authenticate: () => Promise.resolve(null),
    follow: () => refuse("forbidden", "This socket is about one channel."),
    look: facts,
    abandoned() {
      // The object of a channel is there without anybody who listens.
    },
    may: (_channel, principal, scope) => authority.may(principal, scope),
    send: (_channel, principal, ask) => send(principal, ask),
    async post(_channel, principal, protocol, draft) {
      const denial = authority.denial(principal, "chat:write");
      if (denial !== null) return denial;
      const placed = await record(draft, protocol);
      return placed.ok ? grant({ seq: placed.value[0] ?? 0 }) : placed;
    },
    joined: (socket) => board.join(socket),
    left: (socket) => board.leave(socket),
    handOver: () => Promise.reject(new Error("nothing here can be handed over")),
    populationChanged,
  };
}
