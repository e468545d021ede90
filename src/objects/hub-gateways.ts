import type { AdmitRefusal, ChannelCalls, ChannelNow } from "../calls.ts";
import { granted, refused, type Answer } from "../event/answer.ts";
import { ChannelId } from "../event/ids.ts";
import { partyOf, type Principal } from "../event/principal.ts";
import type { ChannelFacts, FollowRefusal } from "../protocols/gateway-session.ts";
import { admit } from "./admission.ts";
import { within } from "./deadline.ts";
import type { GatewayHost } from "./gateway-host.ts";
import { sealHandOver } from "./hand-over.ts";
import type { HubFeed } from "./hub-feed.ts";

// A channel that has not answered by then is away: what happens meanwhile is kept for who asks.
const ASK_MS = 10_000;

interface HubParts {
  readonly ctx: DurableObjectState;
  readonly masterKey: string;
  readonly authenticate: (credential: string | null) => Promise<Principal | null>;
  readonly isRevoked: (credentialId: string) => boolean;
  readonly channel: (id: string) => ChannelCalls;
  /** Is it a channel's name? Rejects where that cannot be told now. */
  readonly isChannel: (name: string, party: string) => Promise<boolean>;
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
    async follow(id, principal, from) {
      const answer = await follow(parts, id, principal, from);
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
  { channel, feed: feedOf, isChannel }: HubParts,
  id: string,
  principal: Principal,
  from: string,
): Promise<Answer<ChannelFacts, FollowRefusal>> {
  // What cannot be a channel's name is not worth an object of its own.
  if (!ChannelId.safeParse(id).success) return refused("channel_not_found", "No such channel.");
  try {
    if (!(await isChannel(id, partyOf(principal, from)))) return refusalOf(principal, id);
    const asked: Promise<Answer<ChannelNow, AdmitRefusal>> = channel(id).admit(principal);
    const admitted = await within(ASK_MS, asked);
    if (!admitted.ok) return admitted;
    const feed = feedOf(id);
    const joined = await within(ASK_MS, feed.join());
    if (!joined.ok) return joined;
    // Where the feed begins after these facts were true, they are too old to go on from.
    if (admitted.value.head >= joined.value.head) return granted(factsOf(admitted.value));
    const look: Promise<Answer<ChannelNow, "channel_not_found">> = channel(id).look();
    const now = await within(ASK_MS, look);
    return now.ok ? granted(factsOf(now.value)) : now;
  } catch {
    return refused("unavailable", "The channel is away.");
  }
}

/** What whoever asks for a channel that is not there is told: what one that is private would say. */
function refusalOf(principal: Principal, id: string): Answer<never, AdmitRefusal> {
  const answer = admit(principal, id, null);
  return answer.ok ? refused("channel_not_found", "No such channel.") : answer;
}

/** What a session is to know of a channel. */
export function factsOf({ epoch: _epoch, ...facts }: ChannelNow): ChannelFacts {
  return facts;
}
