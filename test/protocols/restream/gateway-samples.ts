import type { GatewaySamples, SocketSample } from "../support/gateway-samples.ts";

const TOKEN = "t0p-secret-token";

const client: SocketSample = {
  context: null,
  needs: "events:read",
  opened: ["heartbeat"],
  greeting: [],
  greeted: [],
  // The server hears nothing, whatever it is.
  frames: { "a reply": { action: "reply", payload: { text: "hi" } }, "a word": "hello" },
  says: {
    "chat.message": ["connection_info", "event 4"],
    "send.accepted": ["reply_created"],
    "send.confirmed": ["reply_confirmed"],
    "send.failed": ["reply_failed"],
    "channel.tip": ["connection_info", "event 7"],
    "connection.updated": ["connection_info"],
    "connection.closed": ["connection_closed"],
  },
  writesWith: null,
  fills: [],
};

export const gatewaySamples: GatewaySamples = {
  token: TOKEN,
  addresses: {
    "a user's": {
      request: { path: "/ws", query: { accessToken: TOKEN }, offered: [] },
      credential: TOKEN,
      isOwn: true,
    },
    "one without a token": { request: { path: "/ws", query: {}, offered: [] }, isOwn: true },
  },
  sockets: { client },
  refusals: {
    no_query: 1008,
    no_credential: 1008,
    unauthorized: 1008,
    forbidden: 1008,
    channel_not_found: 1008,
    unavailable: 1013,
  },
  closes: [],
  kindOf({ action, payload }) {
    const { eventTypeId } = payload as { eventTypeId?: number };
    return eventTypeId === undefined ? String(action) : `${String(action)} ${eventTypeId}`;
  },
};
