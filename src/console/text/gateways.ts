/* Addresses at which the relay speaks a provider's protocol. Pure. */

export interface GatewayAddress {
  readonly protocol: string;
  readonly address: string;
  readonly credential: string;
}

/** The addresses for one channel, and where the key goes in each. */
export function listGateways(origin: string, channel: string): GatewayAddress[] {
  const base = `${origin.replace(/^http/, "ws")}/gateways`;
  return [
    {
      protocol: "Restream",
      address: `${base}/restream/ws`,
      credential: "accessToken= in the address; of a key that is bound to this channel",
    },
    {
      protocol: "StreamElements",
      address: `${base}/astro`,
      credential: `token of a subscribe; room is ${channel}`,
    },
    {
      protocol: "DLive",
      address: `${base}/dlive/`,
      credential: `authorization of connection_init; streamer is ${channel}`,
    },
    {
      protocol: "multistreamer",
      address: `${base}/multistreamer/ws/${channel}`,
      credential: "token= in the address",
    },
    {
      protocol: "Interactive Sync",
      address: `${base}/interactive-sync/`,
      credential: "access_token= in the address; client_id is any",
    },
    {
      protocol: "Twitch IRC",
      address: `${base}/twitch-irc/`,
      credential: `PASS oauth:<key>; the room is #${channel}`,
    },
  ];
}
