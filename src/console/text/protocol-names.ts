/* The protocols as people call them: for pages that need no form of theirs. Pure. */
import { own } from "../api/own.ts";

export const PROTOCOL_NAMES = {
  "twitch-irc": "Twitch",
  "twitch-eventsub": "Twitch, all events",
  kick: "Kick",
  youtube: "YouTube",
  restream: "Restream",
  astro: "StreamElements",
  dlive: "DLive",
  multistreamer: "multistreamer",
  "interactive-sync": "Interactive Sync",
} as const;

/** Names a protocol as people call it. */
export function nameProtocol(protocol: string): string {
  return own<string>(PROTOCOL_NAMES, protocol) ?? protocol;
}
