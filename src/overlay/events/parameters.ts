import { common } from "../kit/common.ts";
import { kinds } from "../kit/kind-names.ts";
import type { Parameters } from "../kit/parameters.ts";

/** Parameters of `/overlay/events`. */
export const parameters = {
  ...common,
  types: {
    kind: "list",
    of: kinds,
    default: ["follow", "subscription", "gift", "tip", "cheer", "raid"],
    group: "What",
    label: "Kinds of events",
  },
  limit: { kind: "whole", min: 1, max: 50, default: 6, group: "Look", label: "Events at most" },
  layout: {
    kind: "choice",
    of: ["list", "ticker", "rotator"],
    default: "list",
    group: "Look",
    label: "Layout",
  },
  speed: {
    kind: "number",
    min: 0.25,
    max: 4,
    default: 1,
    group: "Look",
    label: "Speed of ticker and rotator",
  },
  age: {
    kind: "whole",
    min: 0,
    max: 168,
    default: 0,
    group: "What",
    label: "Hours back at most",
    help: "0: as many as there are.",
  },
} as const satisfies Parameters;
