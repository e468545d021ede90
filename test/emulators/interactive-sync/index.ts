import type { Emulation } from "../kit/emulation.ts";
import { InteractiveSyncAction, type InteractiveSyncOwnAction } from "./actions.ts";
import type { InteractiveSyncReport } from "./report.ts";
import { interactiveSyncScripts } from "./scripts.ts";
import { InteractiveSyncService } from "./service.ts";

export type { InteractiveSyncAction } from "./actions.ts";
export type { InteractiveSyncTruth } from "./report.ts";

/** Interactive Sync's socket for games, and the calls that its viewers make over HTTP. */
export const interactiveSync: Emulation<InteractiveSyncOwnAction, InteractiveSyncReport> = {
  protocol: "interactive-sync",
  summary: "Interactive Sync: a game's interface for its viewers, and what they press",
  path: "/",
  // Any other path is taken too, and what is wrong with it is said on the socket.
  takes: () => true,
  subprotocols: [],
  // What the service's own socket library allows unless told otherwise.
  maxFrameBytes: 100 * 1024 * 1024,
  actions: InteractiveSyncAction,
  scripts: interactiveSyncScripts,
  open: (stage) => new InteractiveSyncService(stage),
};
