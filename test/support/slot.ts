import { inject } from "vitest";

import type { Emulable } from "./emulable.ts";

/** What a file of tests has outside the runtime, and shares with no file that runs beside it. */
export interface Slot {
  /** Where the emulated providers are listening, by protocol. */
  readonly emulators: Readonly<Record<Emulable, string>>;
  /** Where the services of emotes are listening, each under its name. */
  readonly emotes: string;
  /** Where Kick is listening. */
  readonly kick: string;
  /** Where a receiver of webhooks is listening. */
  readonly receiver: string;
}

/** The slot of this file: files that run at the same time have different numbers, from 1. */
export function ownSlot(): Slot {
  const number = Number(process.env["VITEST_POOL_ID"]);
  const slot = inject("slots")[number - 1];
  if (slot === undefined) throw new Error(`there is no slot ${number}`);
  return slot;
}
