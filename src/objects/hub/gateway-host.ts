import type { AdmitRefusal, ChannelCalls, ChannelNow } from "../../calls/channel.ts";
import { granted, refused, type Answer } from "../../event/answer.ts";
import { ChannelId } from "../../event/ids.ts";
import type { Principal } from "../../event/principal.ts";
import type { ChannelFacts, FollowRefusal } from "../../protocols/gateway-session.ts";
import type { GatewayHost } from "../gateways/host.ts";
import type { HubFeed } from "./feed.ts";
import { sealHandOver } from "./reconnect-token.ts";

interface HubParts {
  readonly ctx: DurableObjectState;
  readonly masterKey: string;
  readonly authenticate: (credential: string | null) => Promise<Principal | null>;
  readonly isRevoked: (credentialId: string) => boolean;
  readonly channel: (id: string) => ChannelCalls;
  /** The feed of a channel, which is there as long as somebody follows it. */
  readonly feed: (channel: string) => HubFeed;
  /** Nobody here follows the channel any more. */
  readonly abandoned: (channel: string) => void;
  readonly populationChanged: () => void;
}

/** What gateways' sockets need of a hub: their channels are elsewhere. */
export function hubGateways(parts: HubParts): GatewayHost {
  const { ctx, channel, abandoned, populationChanged } = parts;
  return {
    ctx,
    async authenticate(credential) {
      const principal = await parts.authenticate(credential);
      return principal === null || parts.isRevoked(principal.credentialId) ? null : principal;
    },
    async follow(id, principal) {
      const answer = await follow(parts, id, principal);
      // What it goes by may have been revoked in the meantime.
      const holds = !answer.ok || !parts.isRevoked(principal.credentialId);
      return holds ? answer : refused("unauthorized", "The credential does not hold.");
    },
    async look(id) {
      const answer = await channel(id).look();
      return answer.ok ? factsOf(answer.value) : null;
    },
    abandoned,
    send: async (id, ask) => channel(id).send(ask),
    async post(id, protocol, draft) {
      const answer = await channel(id).post([draft], JSON.stringify(draft).length, protocol);
      return answer.ok ? granted({ seq: answer.value[0] ?? 0 }) : answer;
    },
    handOver: (protocol, what) => sealHandOver(parts.masterKey, protocol, what, Date.now()),
    populationChanged,
  };
}

async function follow(
  { channel, feed: feedOf }: HubParts,
  id: string,
  principal: Principal,
): Promise<Answer<ChannelFacts, FollowRefusal>> {
  // What cannot be a channel's name is not worth an object of its own.
  if (!ChannelId.safeParse(id).success) return refused("channel_not_found", "No such channel.");
  try {
    const admitted: Answer<ChannelNow, AdmitRefusal> = await channel(id).admit(principal);
    if (!admitted.ok) return admitted;
    const feed = feedOf(id);
    const joined = await feed.join();
    if (!joined.ok) return joined;
    // Where the feed begins after these facts were true, they are too old to go on from.
    if (admitted.value.head >= joined.value.head) return granted(factsOf(admitted.value));
    const now = await channel(id).look();
    return now.ok ? granted(factsOf(now.value)) : now;
  } catch {
    return refused("unavailable", "The channel is away.");
  }
}

/** What a session is to know of a channel. */
export function factsOf({ epoch: _epoch, ...facts }: ChannelNow): ChannelFacts {
  return facts;
}
