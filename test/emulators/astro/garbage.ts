/** Frames that are JSON and yet wrong, level by level: the frame, its topic, its data, what is in it. */
export const astroGarbage: readonly string[] = [
  { type: 5 },
  { type: null, data: {} },
  { type: "no such type" },
  { type: "welcome" },
  { type: "welcome", data: "hello" },
  { type: "response" },
  { type: "response", data: null },
  { type: "response", nonce: 7, error: [], data: [] },
  { type: "response", nonce: "nobody asked", data: { message: "successfully", topic: 5 } },
  { type: "response", error: "err_that_nobody_knows", data: { message: {} } },
  { type: "reconnect" },
  { type: "reconnect", data: { reconnect_token: 5 } },
  { type: "message" },
  { type: "message", topic: 5, data: {} },
  { type: "message", topic: "channel.chat.message" },
  { type: "message", id: {}, ts: "soon", topic: "channel.activities", room: 5, data: {} },
  ...[
    "channel.chat.message",
    "channel.activities",
    "channel.tips",
    "channel.session.update",
  ].flatMap((topic) => [null, "text", 4, [], {}].map((data) => message(topic, data))),
  message("channel.chat.message", { message_id: 5, message: { text: [], fragments: "none" } }),
  message("channel.chat.message", { kind: "youtube#liveChatMessage", snippet: null }),
  message("channel.chat.message", { content: 5, sender: "somebody" }),
  message("channel.activities", { type: [], provider: {}, data: "tip" }),
  message("channel.activities", { type: "no such activity", provider: "nowhere", data: null }),
  message("channel.tips", { donation: { user: [], amount: "a lot" }, approved: 5 }),
  message("channel.stream.status", { isLive: "perhaps" }),
].map((frame) => JSON.stringify(frame));

function message(topic: string, data: unknown) {
  return { id: "garbage", ts: "2026-01-01T00:00:00Z", type: "message", topic, data };
}
