import { describe, it } from "vitest";

import { linesWith, sourcesOf, withoutComments } from "./support/sources.ts";

describe("an object of another class", () => {
  it("is found in one place, so that its jurisdiction is never left out", async ({ expect }) => {
    const all = (await sourcesOf("src")).map(withoutComments);
    const found = linesWith(all, /\b(getByName|idFromName|idFromString|newUniqueId)\(/);
    expect(found.filter((line) => !line.startsWith("src/calls/object-names.ts"))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });
});
