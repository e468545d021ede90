/** Frames that are JSON and yet wrong, level by level: the frame, its payload, the event, its author. */
export const restreamGarbage: readonly string[] = [
  { action: 7 },
  { action: null, payload: {}, timestamp: 1 },
  { payload: {}, timestamp: 1 },
  { action: "heartbeat" },
  { action: "heartbeat", payload: [], timestamp: "now" },
  ...["connection_info", "connection_closed", "event", "reply_created", "relay_failed"].flatMap(
    (action) => [
      { action },
      ...[null, "text", 4, [], {}].map((payload) => ({ action, payload, timestamp: 1 })),
    ],
  ),
  info({ connectionIdentifier: 5 }),
  info({ connectionIdentifier: "garbage", connectionUuid: [], status: 4, target: "nobody" }),
  info({ connectionIdentifier: "no-hyphens", connectionUuid: "u", status: "asleep", target: null }),
  { action: "connection_closed", payload: { connectionUuid: {}, reason: [] }, timestamp: 1 },
  event({ eventTypeId: "4", eventPayload: "hello" }),
  event({ eventTypeId: 4, eventPayload: null }),
  event({ eventTypeId: 4, eventPayload: { author: "somebody", text: 5 } }),
  event({ eventTypeId: 4, eventPayload: { author: { badges: "gold" }, replaces: 4, text: [] } }),
  event({ eventTypeId: 7, eventPayload: { author: {}, donation: "a lot", text: "hello" } }),
].map((garbage) => JSON.stringify(garbage));

function info(payload: object) {
  return { action: "connection_info", payload: { eventSourceId: 2, ...payload }, timestamp: 1 };
}

function event(payload: object) {
  const around = { connectionIdentifier: "garbage", eventIdentifier: 5, eventSourceId: "2" };
  return { action: "event", payload: { ...around, ...payload }, timestamp: 1 };
}
