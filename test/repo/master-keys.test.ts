import { describe, it } from "vitest";

import { linesWith, sourcesOf, withoutComments } from "./support/sources.ts";

const HOME = "src/lib/master-keys.ts";

/** Everything that is made with a master key is in the lists of one file: none is forgotten there. */
describe("the master key", () => {
  it("is read in one place, which reads the one before it as well", async ({ expect }) => {
    const all = (await sourcesOf("src")).map(withoutComments);
    const reading = linesWith(all, /\.TRIBUTARY_MASTER_KEY|\bTRIBUTARY_MASTER_KEY: /);
    expect(reading.filter((line) => !line.startsWith(HOME))).toEqual([]);
    expect(reading.length).toBeGreaterThan(0);
  });

  it("seals, opens and derives in one place, which knows every kind of it", async ({ expect }) => {
    const all = (await sourcesOf("src")).map(withoutComments);
    const made = linesWith(all, /(?<![#\w])(seal|unseal|deriveKey|subtle\.(encrypt|decrypt))\(/);
    const elsewhere = made.filter(
      (line) => !line.startsWith(HOME) && !line.startsWith("src/lib/secrecy.ts"),
    );
    expect(elsewhere).toEqual([]);
    expect(made.length).toBeGreaterThan(4);
  });
});
