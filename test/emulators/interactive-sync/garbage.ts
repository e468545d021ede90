/** Frames that are JSON and yet wrong, level by level: the frame, its data, the payload. */
export const interactiveSyncGarbage: readonly string[] = [
  { status: 5 },
  { status: "ok" },
  { status: "delighted", context: "message", message: null, data: null },
  { status: "ok", context: "weather", message: null, data: null },
  { status: "ok", context: [], message: {}, data: "text" },
  { status: "warning", context: "message" },
  { status: "warning", context: "message", message: 4, data: [] },
  { status: "error", context: "message", message: null, data: null },
  ...[null, "text", 4, [], {}].map(emit),
  emit({ type: "input" }),
  emit({ type: null, payload: null }),
  ...[null, "text", 4, [], {}].map((payload) => emit({ type: "input", payload })),
  emit({ type: "input", payload: { id: 5, view: [], username: {}, values: "all" } }),
  emit({ type: "input", payload: { id: "garbage", view: "moon", username: 7, values: [] } }),
  emit({ type: "mousedown", payload: "here" }),
  emit({ type: "mouseup", payload: { type: 4, clientWidth: "wide", clientX: null } }),
  emit({ type: "wave", payload: { username: null } }),
].map((frame) => JSON.stringify(frame));

function emit(data: unknown) {
  return { status: "ok", context: "emit", message: null, data };
}
