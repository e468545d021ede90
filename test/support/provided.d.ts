import type { Slot } from "./slot.ts";

import "vitest";

declare module "vitest" {
  /** What the tests in the Workers runtime are handed from outside it. */
  interface ProvidedContext {
    readonly migrations: { name: string; queries: string[] }[];
    /** One for each file that may run at the same time. */
    readonly slots: readonly Slot[];
  }
}
