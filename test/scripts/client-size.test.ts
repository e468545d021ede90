import { describe, it } from "vitest";

import { weighEntry } from "../../scripts/client/build.ts";

/** Bytes, minified and compressed, of what a page loads at once. */
const BUDGET = { index: 10_200, webhooks: 1_250, react: 450, node: 650 } as const;

describe("the client", () => {
  it.for(["index", "webhooks", "react", "node"] as const)(
    "weighs no more than its budget: %s",
    async (entry, { expect }) => {
      const bytes = await weighEntry(entry);
      expect(bytes).toBeGreaterThan(200);
      expect(bytes).toBeLessThanOrEqual(BUDGET[entry]);
    },
  );
});
