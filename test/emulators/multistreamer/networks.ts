import { BadInput } from "../kit/bad-input.ts";

/** A network as the wire names it. */
export interface Network {
  readonly name: string;
  readonly displayName: string;
}

interface KnownNetwork extends Network {
  /** Whether the service can write to its chats at all. */
  readonly canWrite: boolean;
  readonly urlOf: (account: string) => string;
}

export const networkNames = ["twitch", "youtube", "facebook", "mixer"] as const;
export type NetworkName = (typeof networkNames)[number];

/** The internal room, where every user has the account 0. */
export const irc: Network = { name: "irc", displayName: "IRC" };

const known: Readonly<Record<NetworkName, KnownNetwork>> = {
  twitch: network("twitch", "Twitch", true),
  youtube: network("youtube", "YouTube", true),
  facebook: network("facebook", "Facebook", false),
  mixer: network("mixer", "Mixer", true),
};

export function networkNamed(name: NetworkName): Network {
  const { displayName } = known[name];
  return { name, displayName };
}

/** A network that nobody knows is taken for one that can be written to. */
export function canWriteTo({ name }: Network): boolean {
  return isKnown(name) ? known[name].canWrite : true;
}

export function urlOf({ name }: Network, account: string): string {
  return isKnown(name) ? known[name].urlOf(account) : `https://${name}.example/${account}`;
}

/** What a page shows beside the messages of a network that it has no picture of. */
export function iconOf({ name }: Network): string | null {
  return isKnown(name) || name === irc.name
    ? null
    : '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>';
}

export function readNetwork(given: NetworkName | Network): Network {
  const network = typeof given === "string" ? networkNamed(given) : given;
  if (network.name === irc.name) {
    throw new BadInput("The internal room is the account 0, which is always there");
  }
  return network;
}

/** How a network numbers who writes in its chats: the same for the same name, always. */
export function idOn({ name: network }: Network, name: string): string {
  const digits = Buffer.from(name.toLowerCase()).reduce(
    (sum, byte) => (sum * 31 + byte) % 1_000_000_007,
    7,
  );
  return network === "youtube"
    ? `UC${String(digits).padStart(22, "0")}`
    : String(40_000_000 + digits);
}

function isKnown(name: string): name is NetworkName {
  return Object.hasOwn(known, name);
}

function network(name: NetworkName, displayName: string, canWrite: boolean): KnownNetwork {
  return { name, displayName, canWrite, urlOf: (account) => `https://${name}.example/${account}` };
}
