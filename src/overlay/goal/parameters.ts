import { common } from "../kit/common.ts";
import type { Parameters } from "../kit/parameters.ts";

/** Parameters of `/overlay/goal`. */
export const parameters = {
  ...common,
  of: {
    kind: "text",
    max: 80,
    default: "follow",
    group: "What",
    label: "What is counted",
    help: "tip, subscription, follow or cheer; session:<key> for a figure of the session.",
  },
  target: { kind: "number", min: 1, max: 1e9, default: 100, group: "What", label: "Goal" },
  start: {
    kind: "number",
    min: -1e9,
    max: 1e9,
    default: 0,
    group: "What",
    label: "What there was before",
  },
  since: {
    kind: "time",
    default: "stream",
    group: "What",
    label: "Since when",
    help: "stream, or a time as 2026-11-01T18:00Z.",
  },
  currency: {
    kind: "text",
    max: 3,
    default: "",
    group: "What",
    label: "Currency",
    help: "Others are not counted. That of the first tip where it is left out.",
  },
  title: { kind: "text", max: 80, default: "", group: "Look", label: "Title" },
  show: {
    kind: "choice",
    of: ["both", "value", "percent"],
    default: "both",
    group: "Look",
    label: "Figures",
  },
} as const satisfies Parameters;
