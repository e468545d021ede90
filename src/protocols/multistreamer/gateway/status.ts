import type { Connection } from "../../../event/shapes.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { lookUp } from "../../../lib/json.ts";
import type { ChannelFacts } from "../../gateway-session.ts";
import { toAccountNumber, toStrayAccount } from "../codec/account-number.ts";
import { INTERNAL_ACCOUNT } from "../wire/frames.ts";

/** The parts of a status that a session knows and the channel does not. */
export interface Seen {
  /** The client's name in the internal room. */
  readonly name: string;
  readonly mayWrite: boolean;
  /** Platforms of which something came by no connection. */
  readonly strays: readonly string[];
  /** How the stream was last said to be fed. */
  readonly feed: Feed | null;
}

export interface Feed {
  readonly incoming?: boolean | undefined;
  readonly pulling?: boolean | undefined;
}

const LABELS: Readonly<Record<string, string>> = {
  dlive: "DLive",
  irc: "IRC",
  linkedin: "LinkedIn",
  youtube: "YouTube",
};

interface Network {
  readonly name: string;
  readonly displayName: string;
}

interface Listed {
  readonly network: Network;
  readonly name: string;
  readonly ready: boolean;
  readonly live: boolean;
  readonly writable: boolean;
  readonly http_url?: string;
}

/**
 * The channel as multistreamer tells of a stream. Off air nothing but the internal room is listed.
 */
export function formatStatus({ connections, stream }: ChannelFacts, seen: Seen): string {
  const { name, mayWrite, strays, feed } = seen;
  // Where nobody has said that it is off air, what is connected is on.
  const isOnAir = stream.live ?? true;
  const told = connections.map((each) => [toAccountNumber(each.identifier), each] as const);
  const isPushing =
    told.some(([, each]) => isLive(each, isOnAir)) || (isOnAir && strays.length > 0);
  const room = { network: toNetwork("irc"), name, ready: true, live: false, writable: true };
  const listings: [account: string | number, listing: Listed][] = [[INTERNAL_ACCOUNT, room]];
  if (isPushing) {
    for (const platform of strays) {
      listings.push([toStrayAccount(platform), toStray(platform, isOnAir)]);
    }
    for (const [number, each] of told) {
      listings.push([number, listConnection(each, isLive(each, isOnAir), mayWrite)]);
    }
  }
  const accounts = Object.fromEntries(listings);
  const status = {
    data_pulling: isPushing && (feed?.pulling ?? false),
    data_pushing: isPushing,
    data_incoming: isPushing && (feed?.incoming ?? true),
  };
  return JSON.stringify({ type: "status", status, accounts });
}

/** The channel with each connection that is being dialled again as it was when it was there. */
export function steadyFacts(channel: ChannelFacts): ChannelFacts {
  const connections = channel.connections.map((each) =>
    each.status === "connecting"
      ? { ...each, status: "connected" as const, ready: each.live !== false }
      : each,
  );
  return { ...channel, connections };
}

/**
 * The mark of a status, by which another is known to say the same. That an account has a writer by
 * now is not in it: whoever asked for one is told so.
 */
export function markStatus(channel: ChannelFacts, seen: Seen): string {
  const connections = channel.connections.map((each) => ({ ...each, ready: true }));
  return computeFingerprint(formatStatus({ ...channel, connections }, seen));
}

/** Can it be written to just now? */
export function takesWords({ status, writable, takes }: Connection): boolean {
  return status === "connected" && writable && (takes?.includes("chat") ?? true);
}

/** A network as people write it, too. */
function toNetwork(platform: string): Network {
  const label = platform.slice(0, 1).toUpperCase() + platform.slice(1);
  return { name: platform, displayName: lookUp(LABELS, platform) ?? label };
}

function isLive({ status, live }: Connection, isOnAir: boolean): boolean {
  return status === "connected" && (live ?? isOnAir);
}

function listConnection(connection: Connection, live: boolean, mayWrite: boolean): Listed {
  const { identifier, platform, target, ready } = connection;
  return omitUndefined({
    network: toNetwork(platform),
    name: target?.name ?? target?.id ?? identifier.slice(identifier.indexOf(":") + 1),
    ready,
    live,
    writable: mayWrite && takesWords(connection),
    http_url: target?.url,
  });
}

function toStray(platform: string, isOnAir: boolean): Listed {
  const network = toNetwork(platform);
  return { network, name: network.displayName, ready: true, live: isOnAir, writable: false };
}
