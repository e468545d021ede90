import type { Emulation } from "../kit/emulation.ts";
import { MultistreamerAction, type MultistreamerOwnAction } from "./actions.ts";
import type { MultistreamerReport } from "./report.ts";
import { multistreamerScripts } from "./scripts.ts";
import { MultistreamerService } from "./service.ts";
import { isStreamPath, readableBytes, streamId } from "./wire.ts";

export type { MultistreamerAction } from "./actions.ts";
export { keyOfChat } from "./keys.ts";
export type { MultistreamerTruth } from "./report.ts";

/** A multistreamer's socket for one stream: its chats, its accounts, and the room of its users. */
export const multistreamer: Emulation<MultistreamerOwnAction, MultistreamerReport> = {
  protocol: "multistreamer",
  summary: "multistreamer: one stream to several networks, and all their chats both ways",
  path: `/ws/${streamId}`,
  takes: isStreamPath,
  subprotocols: "any",
  // Above what the service reads, which ends the connection by itself: it has no close codes.
  maxFrameBytes: 16 * readableBytes,
  answersPings: false,
  actions: MultistreamerAction,
  scripts: multistreamerScripts,
  open: (stage) => new MultistreamerService(stage),
};
