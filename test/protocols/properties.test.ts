import * as fc from "fast-check";
import { describe, it } from "vitest";

import { faultsOf } from "./support/drafts.ts";
import { draftsOf, typesOf } from "./support/drive.ts";
import { pathsOf, replaced } from "./support/hostile.ts";
import { suites } from "./support/suites.ts";

// Values that a codec's own words meet more often than chance would have it.
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary" }),
  fc.constantFrom("toString", "valueOf", "hasOwnProperty", "-", "_", ":", "1e999", "\u0000"),
  fc.dictionary(fc.constantFrom("toString", "valueOf", "length", "then", "type", "id"), fc.nat()),
);

describe.for(suites)("whatever is sent in $id", ({ occurrences, start }) => {
  it("no JSON ends a session or makes an event that is none", ({ expect }) => {
    const session = start();
    fc.assert(
      fc.property(fc.json(), (text) => {
        const effects = session.receives(text);
        expect(typesOf(effects)).not.toContain("session-fail");
        expect(draftsOf(effects).flatMap(faultsOf)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("no frame with three of its values changed makes an event that is none", ({ expect }) => {
    const session = start();
    const frames = occurrences.map(({ frame }) => ({ frame, paths: pathsOf(frame) }));
    const mutants = fc
      .tuple(
        fc.constantFrom(...frames),
        fc.array(fc.tuple(fc.nat(), value), { minLength: 3, maxLength: 3 }),
      )
      .map(([{ frame, paths }, changes]) =>
        changes.reduce<unknown>((mutant, [at, by]) => {
          const path = paths[at % paths.length] ?? [];
          return hasPath(mutant, path) ? replaced(mutant, path, by) : mutant;
        }, frame),
      );
    fc.assert(
      fc.property(mutants, (mutant) => {
        const effects = session.receives(mutant as object);
        expect(draftsOf(effects).flatMap(faultsOf)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

/** An earlier change may have taken away what a later one is about. */
function hasPath(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  if (!Object.keys(value).includes(key)) return false;
  return hasPath((value as Record<string, unknown>)[key], rest);
}
