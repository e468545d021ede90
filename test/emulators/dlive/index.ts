import type { Emulation } from "../kit/emulation.ts";
import { DliveAction, type DliveOwnAction } from "./actions.ts";
import type { DliveReport } from "./report.ts";
import { dliveScripts } from "./scripts.ts";
import { DliveService } from "./service.ts";

export type { DliveAction } from "./actions.ts";
export type { DliveTruth } from "./report.ts";

/** DLive's subscription socket, and the mutations that its clients send over HTTP. */
export const dlive: Emulation<DliveOwnAction, DliveReport> = {
  protocol: "dlive",
  summary: "DLive: GraphQL subscriptions over a socket",
  path: "/",
  subprotocols: ["graphql-ws"],
  maxFrameBytes: 1024 * 1024,
  actions: DliveAction,
  scripts: dliveScripts,
  open: (stage) => new DliveService(stage),
};
