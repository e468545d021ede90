/** The providers that are emulated, each by a process of its own. */
export const EMULABLE = [
  "dlive",
  "restream",
  "astro",
  "multistreamer",
  "interactive-sync",
] as const;
export type Emulable = (typeof EMULABLE)[number];
