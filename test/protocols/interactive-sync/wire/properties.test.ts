import * as fc from "fast-check";
import { describe, it } from "vitest";

import { readInterface } from "../../../../src/protocols/interactive-sync/wire/interface.ts";
import { pathsOf, replaced } from "../../support/hostile.ts";

const flag = fc.constantFrom(true, false, 1, 0, "true", "false", "TRUE");
const numeric = (min: number, max: number) =>
  fc.integer({ min, max }).chain((n) => fc.constantFrom<number | string>(n, String(n), ` ${n}.0`));
const style = fc.record(
  {
    color: fc.string({ maxLength: 30 }),
    width: fc.integer({ min: -10_000, max: 10_000 }),
    cursor: fc.constantFrom("", "grab", "10"),
  },
  { requiredKeys: [] },
);
const label = fc.string({ unit: "grapheme", maxLength: 12 });
const type = fc.constantFrom("title", "button", "image", "text");

const components = fc
  .array(
    fc.record(
      {
        type,
        label,
        style,
        cooldown: fc.record({ duration: numeric(3000, 60_000), broadcast: flag }),
      },
      { requiredKeys: ["type"] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map((each, i) => ({
      ...each,
      name: `name.${i}`,
      src: "https://a.example/b",
      text: "words",
    })),
  );

const zone = fc.record({ components }, { requiredKeys: [] });
const ui = fc.record(
  {
    id: fc.stringMatching(/^[A-Za-z0-9]{1,64}$/),
    config: fc.record({ transparent: flag, ripple: flag }, { requiredKeys: [] }),
    mobile: fc.record(
      { title: fc.record({ label: fc.constant("Lock"), style }), style, components },
      { requiredKeys: [] },
    ),
    panel: fc.record({ style, components }, { requiredKeys: [] }),
    video_overlay: fc.record({ left: zone, top: zone }, { requiredKeys: [] }),
  },
  { requiredKeys: ["id"] },
);

describe("whatever interface is read", () => {
  it("its normalised form is one that reads as itself", ({ expect }) => {
    fc.assert(
      fc.property(ui, (given) => {
        const once = readInterface(given);
        if (!once.ok) throw new Error(JSON.stringify(once.problems));
        expect(readInterface(once.value)).toEqual(once);
        expect(readInterface(JSON.parse(JSON.stringify(once.value)))).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it("what is wrong with it is told, with where it is, and nothing throws", ({ expect }) => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant("constructor"));
    fc.assert(
      fc.property(ui, fc.nat(), value, (given, at, by) => {
        const paths = pathsOf(given);
        const mutant = replaced(given, paths[at % paths.length] ?? [], by);
        const told = readInterface(mutant);
        if (told.ok) return;
        expect(told.problems.length).toBeGreaterThan(0);
        for (const { pointer, detail } of told.problems) {
          expect(pointer).toMatch(/^(\/|$)/);
          expect(detail).not.toBe("");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("no key that is not listed is taken, at any level", ({ expect }) => {
    fc.assert(
      fc.property(ui, fc.nat(), (given, at) => {
        const objects = [[], ...pathsOf(given)].filter((path) => {
          const inner = path.reduce<unknown>(
            (value, key) => (value as Record<string, unknown>)[key],
            given,
          );
          return typeof inner === "object" && inner !== null && !Array.isArray(inner);
        });
        const path = objects[at % objects.length] ?? [];
        expect(readInterface(replaced(given, [...path, "surprise"], 1)).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
