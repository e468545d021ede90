import { granted, refused, type Answer } from "../../event/answer.ts";
import type { EventDraft } from "../../event/event.ts";
import type { ProtocolId, Seq } from "../../event/ids.ts";
import type { SendAsk, SendRefusal } from "../../event/sending.ts";
import type { ChannelFacts } from "../../protocols/gateway-session.ts";
import type { GatewayHost } from "../gateways/host.ts";

interface ChannelParts {
  readonly facts: () => ChannelFacts;
  readonly send: (ask: SendAsk) => Answer<{ sendId: string }, SendRefusal>;
  /** Writes an event, and resolves with its place once it is on disk. */
  readonly record: (draft: EventDraft, provider: ProtocolId) => Promise<Seq>;
  readonly board: { join(socket: string): void; leave(socket: string): void };
  readonly populationChanged: () => void;
}

/** What gateways' sockets need of a channel's own object: they are of this channel from the start. */
export function channelGateways(
  ctx: DurableObjectState,
  { facts, send, record, board, populationChanged }: ChannelParts,
): GatewayHost {
  return {
    ctx,
    authenticate: () => Promise.resolve(null),
    follow: () => refused("forbidden", "This socket is about one channel."),
    look: facts,
    abandoned() {
      // The object of a channel is there without anybody who listens.
    },
    send: (_channel, ask) => send(ask),
    post: async (_channel, protocol, draft) => granted({ seq: await record(draft, protocol) }),
    joined: (socket) => board.join(socket),
    left: (socket) => board.leave(socket),
    handOver: () => Promise.reject(new Error("nothing here can be handed over")),
    populationChanged,
  };
}
