/** The providers that are emulated for tests in the runtime. */
export const EMULABLE = [
  "dlive",
  "restream",
  "astro",
  "multistreamer",
  "interactive-sync",
  "twitch-irc",
  "twitch-eventsub",
] as const;
export type Emulable = (typeof EMULABLE)[number];
