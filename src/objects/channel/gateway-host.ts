import { grant, refuse } from "../../event/answer.ts";
import type { ChannelFacts } from "../../protocols/gateway-session.ts";
import type { GatewayHost } from "../gateways/host.ts";
import type { ChannelPort, InputPort, WakePort } from "./ports.ts";

/** A channel's own object, as far as gateways' sockets need it. */
interface ChannelParts extends Pick<
  ChannelPort & InputPort & WakePort,
  "ctx" | "authority" | "send" | "record" | "populationChanged"
> {
  readonly views: { facts(): ChannelFacts };
  readonly viewerInterface: { join(socket: string): void; leave(socket: string): void };
}

/**
 * A channel's own object as the host of gateways' sockets: they are of this channel from the start.
 */
export function makeGatewayHost(parts: ChannelParts): GatewayHost {
  const { authority } = parts;
  return {
    ctx: parts.ctx,
    authenticate: () => Promise.resolve(null),
    follow: () => refuse("forbidden", "This socket is about one channel."),
    look: () => parts.views.facts(),
    abandoned() {
      // The object of a channel is there without anybody who listens.
    },
    may: (_channel, principal, scope) => authority.may(principal, scope),
    send: (_channel, principal, ask) => parts.send(principal, ask),
    async post(_channel, principal, protocol, draft) {
      const denial = authority.denial(principal, "chat:write");
      if (denial !== null) return denial;
      const placed = await parts.record([draft], protocol);
      return placed.ok ? grant({ seq: placed.value[0] ?? 0 }) : placed;
    },
    joined: (socket) => parts.viewerInterface.join(socket),
    left: (socket) => parts.viewerInterface.leave(socket),
    handOver: () => Promise.reject(new Error("nothing here can be handed over")),
    populationChanged: () => parts.populationChanged(),
  };
}
