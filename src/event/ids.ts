import { z } from "zod";

/** The wire languages this project speaks or will. A provider's id is its protocol's. */
export const ProtocolId = z.enum([
  "interactive-sync",
  "multistreamer",
  "dlive",
  "astro",
  "restream",
  "twitch-irc",
  "kick",
  "twitch-eventsub",
]);
export type ProtocolId = z.infer<typeof ProtocolId>;

/** The reporter of an event: a protocol, a program over the API, or the relay itself. */
export const ProviderId = z.enum([...ProtocolId.options, "api", "relay"]);
export type ProviderId = z.infer<typeof ProviderId>;

/** The platform of an event: `twitch`, `youtube`, `dlive` … An open list. */
export const Platform = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
export type Platform = z.infer<typeof Platform>;

/** A channel's name in addresses: a slug. */
export const ChannelId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be a slug: [a-z0-9][a-z0-9-]{0,62}");
export type ChannelId = z.infer<typeof ChannelId>;

/** The incarnation of a channel's log: ten random letters and digits, made with the channel. */
export const Epoch = z.string().regex(/^[a-z0-9]{10}$/);
export type Epoch = z.infer<typeof Epoch>;

/** A place in a channel's log. The first event has 1; 0 means "before the first event". */
export type Seq = number;

/** `<protocol>:<the provider's own identifier>`: the key of the connection map. */
export function formatConnectionId(protocol: ProtocolId, identifier: string): string {
  return `${protocol}:${identifier}`;
}

/** The source of a channel's events, as CloudEvents wants one. */
export function formatSource(channel: string): string {
  return `/channels/${channel}`;
}
