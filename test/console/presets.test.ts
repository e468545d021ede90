import { describe, it } from "vitest";

import { findLine, presets } from "../../src/console/text/presets.ts";
import { catalogue, type CatalogueType } from "../../src/event/catalogue.ts";

let count = 0;
const making = {
  platform: "twitch",
  id: () => `id-${++count}`,
  last: { id: "line", name: "PixelFern" },
  now: "2026-11-29T01:00:00.000Z",
};

describe("a test event", () => {
  it.for(presets.map((preset) => [preset.id, preset] as const))(
    "of %s is an event of the catalogue, and marked as a test",
    ([, preset], { expect }) => {
      const made = preset.make(making);
      expect(made.length).toBeGreaterThan(0);
      for (const { type, data, test } of made) {
        const { data: schema } = catalogue[type as CatalogueType];
        expect(schema.safeParse(data).error?.issues ?? []).toEqual([]);
        expect(test).toBe(true);
      }
    },
  );

  it("made twice is two occurrences", ({ expect }) => {
    for (const preset of presets.filter(({ group }) => group === "Chat")) {
      const [one, other] = [preset.make(making), preset.make(making)];
      expect(one).not.toEqual(other);
    }
  });

  it("that deletes or bans is of the last line, and is none without one", ({ expect }) => {
    const line = presets.find(({ id }) => id === "line")?.make(making) ?? [];
    const last = findLine(line);
    expect(last).not.toBeNull();
    for (const id of ["delete", "ban"]) {
      const preset = presets.find((each) => each.id === id);
      expect(JSON.stringify(preset?.make({ ...making, last }))).toContain(last?.name.toLowerCase());
      expect(preset?.make({ ...making, last: null })).toEqual([]);
    }
  });

  it("of a gift bomb is one purchase and fifty subscriptions of it", ({ expect }) => {
    const bomb = presets.find(({ id }) => id === "bomb")?.make(making) ?? [];
    expect(bomb.map(({ type }) => type)).toEqual([
      "channel.subscription.gift",
      ...Array.from({ length: 50 }, () => "channel.subscription"),
    ]);
    const ids = bomb.map(({ data }) => JSON.stringify(data).match(/"id":"(id-\d+)"/)?.[1]);
    expect(new Set(ids).size).toBe(1);
  });
});
