import { test } from "vitest";

import { type EmulatorOf, startEmulator } from "../../emulators/index.ts";

interface Fixtures {
  readonly interactiveSync: EmulatorOf<"interactive-sync">;
  readonly dlive: EmulatorOf<"dlive">;
  readonly multistreamer: EmulatorOf<"multistreamer">;
  readonly restream: EmulatorOf<"restream">;
  readonly twitch: EmulatorOf<"twitch-irc">;
  readonly eventsub: EmulatorOf<"twitch-eventsub">;
}

/** Each test has its own emulators, on ports of their own, closed when it is over. */
export const it = test.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- the runner reads a fixture's needs from this pattern.
  dlive: async ({}, use) => {
    const emulator = await startEmulator("dlive");
    await use(emulator);
    await emulator.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- the same.
  restream: async ({}, use) => {
    const emulator = await startEmulator("restream");
    await use(emulator);
    await emulator.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- the same.
  interactiveSync: async ({}, use) => {
    const emulator = await startEmulator("interactive-sync");
    await use(emulator);
    await emulator.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- the same.
  multistreamer: async ({}, use) => {
    const emulator = await startEmulator("multistreamer");
    await use(emulator);
    await emulator.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- the same.
  twitch: async ({}, use) => {
    const emulator = await startEmulator("twitch-irc");
    await use(emulator);
    await emulator.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- the same.
  eventsub: async ({}, use) => {
    const emulator = await startEmulator("twitch-eventsub");
    await use(emulator);
    await emulator.close();
  },
});
