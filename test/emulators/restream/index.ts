import type { Emulation } from "../kit/emulation.ts";
import { RestreamAction, type RestreamOwnAction } from "./actions.ts";
import type { RestreamReport } from "./report.ts";
import { restreamScripts } from "./scripts.ts";
import { RestreamService } from "./service.ts";

export type { RestreamAction } from "./actions.ts";
export type { RestreamTruth } from "./report.ts";

/** Restream's chat socket, and the endpoint where its tokens are refreshed. */
export const restream: Emulation<RestreamOwnAction, RestreamReport> = {
  protocol: "restream",
  summary: "Restream Chat: the chats of several platforms over one socket",
  path: "/ws",
  subprotocols: [],
  maxFrameBytes: 1024 * 1024,
  actions: RestreamAction,
  scripts: restreamScripts,
  open: (stage) => new RestreamService(stage),
};
