import type { GatewaySamples, SentFrame, SocketSample } from "../support/gateway-samples.ts";

const TOKEN = "t0p-secret-token";

const INIT = { type: "connection_init", payload: { authorization: TOKEN } };

function start(streamer: unknown, id: unknown, field = "streamMessageReceived"): object {
  const query = `subscription{${field}(streamer:${JSON.stringify(streamer)}){__typename}}`;
  return { type: "start", id, payload: { query } };
}

/** The items of a `data` frame. */
function itemsOf({ payload }: SentFrame): object[] {
  const { data } = payload as { data: Readonly<Record<string, unknown>> };
  return Object.values(data).flat() as object[];
}

const client: SocketSample = {
  context: null,
  needs: "events:read",
  opened: [],
  greeting: [INIT, start("demo", "1"), start("demo", "2", "treasureChestMessageReceived")],
  greeted: ["connection_ack", "ka"],
  frames: {
    "a greeting": INIT,
    "one of nobody": { type: "connection_init" },
    "one with another's token": { type: "connection_init", payload: { authorization: "other" } },
    "a start": start("demo", "1"),
    "one of another channel": start("constructor", "c"),
    "one of the chest": start("demo", "2", "treasureChestMessageReceived"),
    "one of no channel that there is": start("nowhere", 3),
    "one of no channel's name": start("No Such", 3),
    "one that cannot be read": { type: "start", id: "4", payload: { query: "{{{" } },
    "a stop": { type: "stop", id: "1" },
    "one of nothing": { type: "stop", id: "9" },
    "the end": { type: "connection_terminate" },
  },
  says: {
    "chat.message": ["Message"],
    "chat.message.deleted": ["Delete"],
    "chat.settings.updated": ["ChatMode"],
    "chat.emote.added": ["Emote"],
    "channel.follow": ["Follow"],
    "channel.subscription": ["GiftSubReceive"],
    "channel.subscription.gift": ["GiftSub"],
    "channel.tip": ["Gift"],
    "channel.cheer": ["Gift"],
    "channel.raid": ["Host"],
    "stream.online": ["Live"],
    "stream.offline": ["Offline"],
    "moderation.ban": ["Ban"],
    "moderation.timeout": ["Timeout"],
    "moderation.moderator.added": ["Mod"],
    "moderation.moderator.removed": ["Mod"],
    "chest.giveaway.started": ["GiveawayStarted"],
    "chest.giveaway.ended": ["GiveawayEnded"],
    "chest.value.updated": ["ValueUpdated"],
    "chest.value.expired": ["ValueExpired"],
    "provider.event": ["New"],
  },
  writesWith: null,
  fills: [
    (text, at) => start("demo", `${text}${at}`),
    (text, at) => start(`channel-${at}`, text.slice(0, 10) + String(at)),
    (_text, at) => start("demo", at + 0.5),
  ],
};

export const gatewaySamples: GatewaySamples = {
  token: TOKEN,
  addresses: {
    "the socket's": {
      request: { path: "/", query: {}, offered: ["graphql-ws"] },
      subprotocol: "graphql-ws",
      isOwn: true,
    },
    "one without its sub-protocol": {
      request: { path: "/", query: {}, offered: [] },
      isOwn: false,
    },
  },
  sockets: { client },
  refusals: {
    no_query: 1000,
    no_credential: 1000,
    unauthorized: 1000,
    forbidden: 1000,
    channel_not_found: 1000,
    unavailable: 503,
  },
  closes: [1000, 1002, 1009, 1013],
  kindOf: (frame) =>
    frame["type"] === "data"
      ? itemsOf(frame)
          .map((item) => String((item as { type?: unknown }).type))
          .join("+")
      : String(frame["type"]),
  subscriptionOf: ({ id }) => JSON.stringify(id ?? null),
};
