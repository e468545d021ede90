import type { GatewaySamples, SocketSample } from "../support/gateway-samples.ts";

const TOKEN = "t0p-secret-token";

function subscribe(topic: string, nonce: unknown = "n-1", more: object = {}): object {
  const data = { topic, room: "demo", token: TOKEN, token_type: "jwt", ...more };
  return { type: "subscribe", nonce, data };
}

function unsubscribe(topic: string, more: object = {}): object {
  return { type: "unsubscribe", nonce: "n-2", data: { topic, ...more } };
}

const TOPICS = [
  "channel.chat.message",
  "channel.activities",
  "channel.tips",
  "channel.tips.moderation",
  "channel.stream.status",
  "channel.overlay.action",
  "channel.overlay.broadcast",
  "channel.session.update",
  "channel.session.reset",
] as const;

const client: SocketSample = {
  context: null,
  needs: "events:read",
  opened: ["welcome"],
  greeting: TOPICS.map((topic) => subscribe(topic, topic)),
  greeted: TOPICS.map(() => "response"),
  frames: {
    "a subscription": subscribe("channel.chat.message"),
    "one to another room": subscribe("channel.activities", 7, { room: "constructor" }),
    "one without a room": subscribe("channel.tips", null, { room: undefined }),
    "one to no room that there is": subscribe("channel.tips", "n", { room: "nowhere" }),
    "one in an old client's words": subscribe("channel.tips", "n", { token_type: "oauth" }),
    "one with another's token": subscribe("channel.tips", "n", { token: "other" }),
    "one without a token": subscribe("channel.tips", "n", { token: undefined }),
    "one to no topic that there is": subscribe("channel.dreams"),
    "the end of one": unsubscribe("channel.chat.message", { room: "demo" }),
    "the end of one in all rooms": unsubscribe("channel.activities"),
  },
  says: {
    "chat.message": ["channel.chat.message"],
    "channel.follow": ["channel.activities"],
    "channel.subscription": ["channel.activities"],
    "channel.subscription.gift": ["channel.activities"],
    "channel.tip": ["channel.activities"],
    "channel.tip.moderated": ["channel.tips.moderation"],
    "channel.cheer": ["channel.activities"],
    "channel.raid": ["channel.activities"],
    "channel.redemption": ["channel.activities"],
    "stream.online": ["channel.stream.status"],
    "stream.offline": ["channel.stream.status"],
    "overlay.action": ["channel.overlay.action"],
    "overlay.broadcast": ["channel.overlay.broadcast"],
    "session.updated": ["channel.session.update"],
    "session.reset": ["channel.session.reset"],
  },
  writesWith: null,
  exchange: {
    request: (at) => subscribe(TOPICS[at % TOPICS.length] ?? "", `n-${at}`),
    paceMs: 100,
    keyOf: ({ type, nonce }) => (type === "response" ? String(nonce) : null),
    key: (at) => `n-${at}`,
  },
  fills: [
    (text, at) => subscribe(TOPICS[at % TOPICS.length] ?? "", text, { room: `room-${at}` }),
    (text) => unsubscribe("channel.tips", { room: text.slice(0, 100) }),
  ],
};

export const gatewaySamples: GatewaySamples = {
  token: TOKEN,
  addresses: {
    "the gateway's": { request: { path: "/", query: {}, offered: [] }, isOwn: true },
    "one to go on by": {
      request: { path: "/", query: { reconnect_token: "sealed" }, offered: [] },
      isOwn: true,
    },
  },
  sockets: { client },
  refusals: {
    no_query: 401,
    no_credential: 401,
    unauthorized: 401,
    forbidden: 401,
    channel_not_found: 401,
    unavailable: 502,
  },
  closes: [1008],
  kindOf: ({ type, topic }) => (type === "message" ? String(topic) : String(type)),
};
