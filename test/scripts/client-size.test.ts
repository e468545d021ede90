import { describe, it } from "vitest";

import { listFiles, weighEntry } from "../../scripts/client/build.ts";

/** Bytes, minified and compressed, of what a page loads at once. */
const BUDGET = { index: 9_200, webhooks: 1_000, react: 360, node: 570 } as const;

describe("the client", () => {
  it.for(["index", "webhooks", "react", "node"] as const)(
    "weighs no more than its budget: %s",
    async (entry, { expect }) => {
      const bytes = await weighEntry(entry);
      expect(bytes).toBeGreaterThan(200);
      expect(bytes).toBeLessThanOrEqual(BUDGET[entry]);
    },
  );

  it("is one file at once, and one for each part that is loaded when it is needed", async ({
    expect,
  }) => {
    const { index = [], ...parts } = await listFiles("index");
    expect(Object.keys(parts).toSorted()).toEqual([
      "history",
      "origin",
      "readers",
      "sends",
      "stream",
    ]);
    expect(index).toContain("session.ts");
  });

  // Pages that are built without a shared file would have two of each class.
  it.for(["history", "origin", "readers", "sends", "stream"])(
    "has no second copy of anything in a part that is loaded later: %s",
    async (part, { expect }) => {
      const { index = [] } = await listFiles("index");
      const { [part]: sources = [] } = await listFiles(part);
      expect(sources).not.toEqual([]);
      expect(sources.filter((each) => index.includes(each))).toEqual([]);
    },
  );
});
