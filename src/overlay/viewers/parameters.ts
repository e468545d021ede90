import { common } from "../kit/common.ts";
import type { Parameters } from "../kit/parameters.ts";

/** Parameters of `/overlay/viewers`. */
export const parameters = {
  ...common,
  show: {
    kind: "choice",
    of: ["sum", "each"],
    default: "sum",
    group: "Look",
    label: "In sum, or by platform",
  },
} as const satisfies Parameters;
