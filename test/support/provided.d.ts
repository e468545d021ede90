import type { Emulable } from "./emulable.ts";

import "vitest";

declare module "vitest" {
  /** What the tests in the Workers runtime are handed from outside it. */
  interface ProvidedContext {
    readonly migrations: { name: string; queries: string[] }[];
    /** Where the emulated providers are listening, by protocol. */
    readonly emulators: Record<Emulable, string>;
    /** Where a receiver of webhooks is listening. */
    readonly receiver: string;
  }
}
