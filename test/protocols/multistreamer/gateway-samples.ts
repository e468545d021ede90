import type { GatewaySamples, SocketSample } from "../support/gateway-samples.ts";

const TOKEN = "t0p-secret-token";

function text(words: string, account = 0): object {
  return { type: "text", account_id: account, cur_stream_account_id: account, text: words };
}

const client: SocketSample = {
  context: null,
  needs: "events:read",
  opened: [],
  greeting: [],
  greeted: [],
  frames: {
    "a status": { type: "status" },
    "a count": { type: "viewcount" },
    "a writer": { type: "writer", account_id: 31, cur_stream_account_id: 14 },
    "words in the room": text("hello"),
    "words in a chat": text("hello", 14),
    "an action": { ...text("waves"), type: "emote" },
    "a private message": text("/msg Ada psst"),
    "a private message to nobody": text("/msg"),
    "words to the room from a chat": text("/irc hello", 14),
    "a type that nobody knows": { type: "dream" },
  },
  says: {
    "chat.message": ["text", "status"],
    "stream.viewers": ["viewcountresult", "status"],
  },
  writesWith: "chat:write",
  exchange: {
    request: () => ({ type: "status" }),
    paceMs: 0,
    keyOf: ({ type }) => (type === "status" ? "status" : null),
    key: () => "status",
  },
  fills: [(words) => text(words), (words) => text(`/msg Ada ${words}`)],
};

export const gatewaySamples: GatewaySamples = {
  token: TOKEN,
  addresses: {
    "a stream's": {
      request: { path: "/ws/7", query: { token: TOKEN }, offered: [] },
      channel: "7",
      credential: TOKEN,
      isOwn: true,
    },
    "one with a sub-protocol": {
      request: { path: "/ws/demo/", query: { token: TOKEN }, offered: ["chat", "other"] },
      channel: "demo",
      credential: TOKEN,
      subprotocol: "chat",
      isOwn: true,
    },
  },
  sockets: { client },
  refusals: {
    no_query: 403,
    no_credential: 403,
    unauthorized: 403,
    forbidden: 403,
    channel_not_found: 403,
    unavailable: 503,
  },
  closes: [1008, 1009],
  kindOf: ({ type }) => String(type),
};
