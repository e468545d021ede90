/** Frames that are valid JSON and yet wrong, at each level that there is. */
export const eventSubGarbage: readonly string[] = [
  { metadata: {} },
  { metadata: null, payload: null },
  { metadata: { message_id: "g-1", message_type: 7 }, payload: {} },
  { metadata: { message_id: "g-2", message_type: "session_otter" }, payload: [] },
  { metadata: { message_id: "g-3", message_type: "notification" }, payload: {} },
  { metadata: { message_id: "g-4", message_type: "notification" }, payload: { subscription: {} } },
  {
    metadata: { message_id: "g-5", message_type: "notification" },
    payload: { subscription: { type: "channel.chat.message" }, event: null },
  },
  {
    metadata: { message_id: "g-6", message_type: "notification" },
    payload: { subscription: { type: "channel.chat.message" }, event: { message: [] } },
  },
  { metadata: { message_id: "g-7", message_type: "revocation" }, payload: {} },
  { metadata: { message_id: "g-8", message_type: "session_reconnect" }, payload: { session: 1 } },
].map((frame) => JSON.stringify(frame));
