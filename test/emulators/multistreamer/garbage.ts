import { streamId } from "./wire.ts";

/** Frames that are JSON and yet wrong, level by level: the frame, the status, its accounts, a message, its author. */
export const multistreamerGarbage: readonly string[] = [
  { type: 5 },
  { type: null },
  { type: "no such type" },
  { status: {}, accounts: {} },
  { type: "status", status: null },
  { type: "status", status: "live", accounts: "all" },
  { type: "status", status: { data_pushing: "yes" }, accounts: [] },
  { type: "status", accounts: { zero: {}, "12": null } },
  { type: "status", accounts: { "12": { network: "twitch", name: 5, live: "no", ready: [] } } },
  { type: "writerresult" },
  { type: "writerresult", account_id: "x", cur_stream_account_id: {} },
  { type: "viewcountresult" },
  { type: "viewcountresult", viewer_count: "many", stream_id: streamId, account_id: 12 },
  { type: "viewcountresult", viewer_count: -1, stream_id: [], account_id: null },
  { type: "text" },
  { type: "emote", text: null },
  { type: "text", account_id: 12, network: "twitch", text: "garbage" },
  message({ from: null }),
  message({ from: "somebody" }),
  message({ from: {} }),
  message({ from: { id: {}, name: [] } }),
  message({ from: { id: "1", name: "garbage" }, text: 5 }),
  message({ from: { id: "1", name: "garbage" }, account_id: "twelve", network: 4 }),
  message({ from: { id: "1", name: "garbage" }, timestamp: "soon", markdown: [] }),
  message({ from: { id: "1", name: "garbage", picture: 5 }, to: "you", account_id: -1 }),
].map((frame) => JSON.stringify(frame));

function message(fields: object) {
  const around = { type: "text", account_id: 12, stream_id: streamId, network: "twitch" };
  return { ...around, text: "garbage", markdown: "garbage", ...fields };
}
