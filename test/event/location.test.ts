import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  findObject,
  nameChannel,
  nameHub,
  nameWebhook,
  pickBareName,
  readLocation,
  readName,
} from "../../src/calls/object-names.ts";
import { Jurisdiction, LocationHint, type Location } from "../../src/event/location.ts";

const LOCATION = fc.record({
  jurisdiction: fc.constantFrom(null, ...Jurisdiction.options),
  locationHint: fc.constantFrom(null, ...LocationHint.options),
}) satisfies fc.Arbitrary<Location>;
const SLUG = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);

/** A namespace that says what it was asked for. */
const namespace = {
  getByName: (name: string, options?: object) => ({ in: null as string | null, name, options }),
  jurisdiction: (jurisdiction: string) => ({
    getByName: (name: string, options?: object) => ({ in: jurisdiction, name, options }),
    jurisdiction: (): never => {
      throw new Error("within a jurisdiction already");
    },
  }),
};

describe("an object", () => {
  it("is found in its jurisdiction, by the name it has there, wherever its name was kept", ({
    expect,
  }) => {
    fc.assert(
      fc.property(LOCATION, SLUG, fc.nat(), (location, id, number) => {
        const named = { ...location, id };
        for (const [name, bare] of [
          [nameChannel(named), id],
          [nameWebhook(location, number, id), `${number}/${id}`],
        ] as const) {
          const kept = readName(JSON.parse(JSON.stringify(name)) as string);
          const { locationHint: hint } = location;
          expect(findObject(namespace, kept)).toEqual({
            in: location.jurisdiction,
            name: bare,
            options: hint === null ? undefined : { locationHint: hint },
          });
          expect(pickBareName(kept)).toBe(bare);
        }
        expect(findObject(namespace, nameHub(location, "hub-1"))).toEqual({
          in: location.jurisdiction,
          name: "hub-1",
          options: undefined,
        });
      }),
    );
  });

  it("has the name that it always had where it is in no jurisdiction and has no hint", ({
    expect,
  }) => {
    const nowhere = { jurisdiction: null, locationHint: null };
    expect(nameChannel({ ...nowhere, id: "demo" })).toBe("demo");
    expect(nameWebhook(nowhere, 4, "wh_1")).toBe("4/wh_1");
    expect(nameHub(nowhere, "hub-0")).toBe("hub-0");
  });

  it("is in the jurisdiction that its own id says", ({ expect }) => {
    expect(readLocation({ jurisdiction: "eu" }).jurisdiction).toBe("eu");
    expect(readLocation({}).jurisdiction).toBeNull();
  });
});
