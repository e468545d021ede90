import { it } from "vitest";

import { findPlaceBefore } from "../../src/console/state/places.ts";

it.for([
  ["qyyaqgexl6-57", "qyyaqgexl6-56"],
  ["qyyaqgexl6-57..qyyaqgexl6-90", "qyyaqgexl6-56"],
  ["qyyaqgexl6-1", "qyyaqgexl6-0"],
  ["test_1", null],
  ["", null],
] as const)("the place before %s is %s", ([id, before], { expect }) => {
  expect(findPlaceBefore(id)).toBe(before);
});
