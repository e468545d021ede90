import type { ChannelNow } from "../../calls/channel.ts";
import type { AdmitRefusal } from "../../calls/refusals.ts";
import { within } from "../../deadline.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import { ChannelId } from "../../event/ids.ts";
import { isValid, identifyParty, type Principal, type Revoked } from "../../event/principal.ts";
import type { SendAsk } from "../../event/sending.ts";
import { countBytes } from "../../lib/bytes.ts";
import type { Json } from "../../lib/json.ts";
import type { MasterKeys } from "../../lib/master-keys.ts";
import type { ChannelFacts, FollowRefusal } from "../../protocols/gateway-session.ts";
import { report } from "../../report.ts";
import { denyUnknown, type Authority } from "../authority.ts";
import type { GatewayHost } from "../gateways/host.ts";
import type { ChannelHost } from "./channel.ts";
import type { HubFeed } from "./feed.ts";
import { sealHandOver } from "./reconnect-token.ts";

// A channel that has not answered by then is away: what happens meanwhile is kept for who asks.
const ASK_MS = 10_000;

/** A hub, as far as gateways' sockets need it. */
interface HubParts extends Pick<ChannelHost, "ctx" | "reach" | "settle"> {
  readonly masterKeys: MasterKeys;
  readonly revoked: Revoked;
  authenticate(credential: string | null): Promise<Principal | null>;
  /** The authority over a channel that is followed here; null for one that is not. */
  findAuthority(channel: string): Authority | null;
  /** Is it a channel's name? Rejects where that cannot be told now. */
  isChannel(name: string, party: string): Promise<boolean>;
  /** A channel's share of the hub, which is there as long as somebody follows it. */
  channel(id: string): { readonly feed: Pick<HubFeed, "join" | "learn"> };
  populationChanged(): void;
}

/** Makes the host of gateways' sockets in a hub: their channels are elsewhere. */
export function makeGatewayHost(hub: HubParts): GatewayHost {
  return {
    ctx: hub.ctx,
    async authenticate(credential) {
      const principal = await hub.authenticate(credential);
      return principal !== null && isValid(principal, Date.now(), hub.revoked) ? principal : null;
    },
    async follow(id, principal, from) {
      const answer = await follow(hub, id, principal, from);
      if (!answer.ok) return answer;
      // In the meantime a credential may have been revoked, or the channel been closed to strangers.
      const authority = hub.findAuthority(id);
      if (authority === null) return refuse("unavailable", "The channel is away.");
      return authority.denial(principal, "events:read") ?? answer;
    },
    may: (id, principal, scope) => hub.findAuthority(id)?.may(principal, scope) ?? false,
    async look(id) {
      const answer = await hub.reach(id).look();
      return answer.ok ? pickFacts(answer.value) : null;
    },
    abandoned: (id) => hub.settle(id),
    send: async (id, principal, ask) => hub.reach(id).send(principal, nameSend(ask)),
    async post(id, principal, protocol, draft) {
      const bytes = countBytes(JSON.stringify(draft));
      const answer = await hub.reach(id).post(principal, [draft], bytes, protocol);
      return answer.ok ? grant({ seq: answer.value[0] ?? 0 }) : answer;
    },
    handOver: (protocol, what) => sealHandOver(hub.masterKeys, protocol, what, Date.now()),
    populationChanged: () => hub.populationChanged(),
  };
}

async function follow(
  hub: HubParts,
  id: string,
  principal: Principal,
  from: string,
): Promise<Answer<ChannelFacts, FollowRefusal>> {
  // What cannot be a channel's name is not worth an object of its own.
  if (!ChannelId.safeParse(id).success) return refuse("channel_not_found", "No such channel.");
  try {
    if (!(await hub.isChannel(id, identifyParty(principal, from)))) return denyUnknown(principal);
    const asked: Promise<Answer<ChannelNow, AdmitRefusal>> = hub.reach(id).admit(principal);
    const admitted = await within(ASK_MS, asked);
    if (!admitted.ok) return admitted;
    const { feed } = hub.channel(id);
    const joined = await within(ASK_MS, feed.join());
    if (!joined.ok) return joined;
    feed.learn(admitted.value.ground);
    // If the feed starts after the snapshot's head, the snapshot is too old: take a new one.
    if (admitted.value.head >= joined.value.head) return grant(pickFacts(admitted.value));
    const look: Promise<Answer<ChannelNow, "channel_not_found">> = hub.reach(id).look();
    const now = await within(ASK_MS, look);
    return now.ok ? grant(pickFacts(now.value)) : now;
  } catch (error) {
    report("hub could not look at a channel", error, { channel: id });
    return refuse("unavailable", "The channel is away.");
  }
}

/** A send with a name of its own, so that asking for it once more is no second one. */
export function nameSend(ask: SendAsk): SendAsk {
  return { ...ask, sendId: ask.sendId ?? crypto.randomUUID() };
}

/** The part of a channel that a session is to know. */
export function pickFacts({
  epoch: _epoch,
  ground: _ground,
  interface: shown,
  ...facts
}: ChannelNow): ChannelFacts {
  return { ...facts, interface: shown === null ? null : (JSON.parse(shown) as Json) };
}
