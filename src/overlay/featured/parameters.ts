import { common } from "../kit/common.ts";
import type { Parameters } from "../kit/parameters.ts";

/** Parameters of `/overlay/featured`. */
export const parameters = {
  ...common,
  avatars: { ...common.avatars, default: true },
  duration: {
    kind: "whole",
    min: 0,
    max: 600,
    default: 0,
    group: "Look",
    label: "Seconds that a message is seen",
    help: "0: until another comes, or it is taken away.",
  },
  source: {
    kind: "list",
    of: ["dock", "highlighted", "tip", "cheer"],
    default: ["dock"],
    group: "What",
    label: "What is featured",
    help: "dock: what somebody features. The others by themselves.",
  },
  lines: { kind: "whole", min: 1, max: 20, default: 4, group: "Look", label: "Lines at most" },
  links: {
    kind: "choice",
    of: ["text", "host", "hide"],
    default: "text",
    group: "Moderation",
    label: "Links",
  },
  mask: { kind: "words", default: [], group: "Moderation", label: "Words that are masked" },
} as const satisfies Parameters;
