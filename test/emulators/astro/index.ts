import type { Emulation } from "../kit/emulation.ts";
import { AstroAction, type AstroOwnAction } from "./actions.ts";
import type { AstroReport } from "./report.ts";
import { astroScripts } from "./scripts.ts";
import { AstroService } from "./service.ts";

export type { AstroAction } from "./actions.ts";
export type { AstroTruth } from "./report.ts";

/** StreamElements' gateway of topics and rooms, as it is now and as it was in March 2025. */
export const astro: Emulation<AstroOwnAction, AstroReport> = {
  protocol: "astro",
  summary: "StreamElements Astro: topics and rooms over one socket",
  path: "/",
  subprotocols: [],
  maxFrameBytes: 1024 * 1024,
  actions: AstroAction,
  scripts: astroScripts,
  open: (stage) => new AstroService(stage),
};
