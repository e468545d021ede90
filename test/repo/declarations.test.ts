import { describe, it } from "vitest";

import { sourcesOf, withoutComments } from "./support/sources.ts";

interface Declared {
  readonly path: string;
  readonly name: string;
  readonly members: string;
}

// A pair of fields may be the same by chance.
const MEMBERS_MIN = 3;

describe("the sources", () => {
  it("declare an exported type of one name and shape in one place", async ({ expect }) => {
    const all = (await sourcesOf("src")).map(withoutComments).flatMap(findInterfaces);
    expect(all.length).toBeGreaterThan(50);
    const places = Map.groupBy(all, ({ name, members }) => `${name} {${members}}`);
    const repeated = [...places.values()].filter((each) => each.length > 1);
    expect(repeated.map((each) => each.map(({ path, name }) => `${path}: ${name}`))).toEqual([]);
  });
});

function findInterfaces({ path, text }: { path: string; text: string }): Declared[] {
  return [...text.matchAll(/^export interface (\w+)[^{\n]*\{\n([^]*?)^\}/gm)].flatMap(
    ([, name = "", body = ""]) => {
      const members = body.split("\n").map((line) => line.trim());
      const said = members.filter((line) => line !== "");
      return said.length < MEMBERS_MIN ? [] : [{ path, name, members: said.join(" ") }];
    },
  );
}
