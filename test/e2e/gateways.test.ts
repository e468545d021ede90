import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmulator, type Condition, type EmulatorOf } from "../emulators/index.ts";
import { Client } from "./support/client.ts";
import { GatewayClient, type GatewayId } from "./support/gateway-client.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

const GATEWAYS = ["interactive-sync", "multistreamer", "dlive", "astro", "restream"] as const;

/** What happens at a provider, the event that it is, and what a gateway's clients hear of it. */
interface Row {
  readonly says: readonly [name: string, action: Record<string, unknown>];
  readonly event: string;
  /** By gateway. Not named: it cannot be said there. */
  readonly heard: Partial<Record<GatewayId, readonly string[]>>;
}

const chat = {
  multistreamer: ["text"],
  dlive: ["Message"],
  astro: ["channel.chat.message"],
};

const LINKS = {
  "interactive-sync": {
    target: {},
    credentials: { clientId: "a-game", accessToken: "a-user-token" },
  },
  multistreamer: { target: { streamId: "31" }, credentials: { token: "a-token" } },
  dlive: { target: { streamer: "streamer" }, credentials: {} },
  astro: {
    target: {
      topics: [
        "channel.chat.message",
        "channel.activities",
        "channel.tips",
        "channel.session.update",
        "channel.stream.status",
      ],
    },
    credentials: { token: "a-token", tokenType: "jwt" },
  },
  restream: { target: {}, credentials: { accessToken: "an-access-token" } },
} as const;

const TABLE: Record<GatewayId, readonly Row[]> = {
  "interactive-sync": [
    {
      says: ["an input", { action: "input", id: "jump" }],
      event: "interaction.input",
      heard: { "interactive-sync": ["input"] },
    },
    {
      says: ["a press of the mouse", { action: "mouse", type: "mousedown" }],
      event: "interaction.mouse",
      heard: { "interactive-sync": ["mousedown"] },
    },
  ],
  multistreamer: [
    {
      says: ["a text", { action: "chat", text: "hello" }],
      event: "chat.message",
      heard: { ...chat, restream: ["event 4"] },
    },
    {
      says: ["an emote", { action: "chat", type: "emote", text: "waves" }],
      event: "chat.message",
      heard: { ...chat, multistreamer: ["emote"], restream: ["event 4"] },
    },
    {
      says: ["a count of viewers", { action: "viewcount", count: 7 }],
      event: "stream.viewers",
      heard: { multistreamer: ["viewcountresult"] },
    },
    {
      says: ["the stream's end", { action: "end" }],
      event: "stream.offline",
      heard: {
        multistreamer: ["status"],
        dlive: ["Offline", "Offline"],
        astro: ["channel.stream.status", "channel.stream.status"],
        restream: ["connection_closed", "connection_closed", "connection_closed"],
      },
    },
    {
      says: ["the stream's beginning", { action: "live" }],
      event: "stream.online",
      heard: {
        multistreamer: ["status"],
        dlive: ["Live", "Live"],
        astro: ["channel.stream.status", "channel.stream.status"],
      },
    },
  ],
  dlive: [
    {
      says: ["a message", { action: "item", type: "Message", content: "hello" }],
      event: "chat.message",
      heard: { ...chat, restream: ["event 2"] },
    },
    {
      says: ["a gift", { action: "item", type: "Gift" }],
      event: "channel.cheer",
      heard: { dlive: ["Gift"], astro: ["activity cheer"] },
    },
    {
      says: ["a follow", { action: "item", type: "Follow" }],
      event: "channel.follow",
      heard: { dlive: ["Follow"], astro: ["activity follow"] },
    },
    {
      says: ["a subscription", { action: "item", type: "Subscription" }],
      event: "channel.subscription",
      heard: { dlive: ["Subscription"], astro: ["activity subscriber"] },
    },
    {
      says: ["a host", { action: "item", type: "Host" }],
      event: "channel.raid",
      heard: { dlive: ["Host"], astro: ["activity host"] },
    },
    {
      says: ["a change of the chat's mode", { action: "item", type: "ChatMode" }],
      event: "chat.settings.updated",
      heard: { dlive: ["ChatMode"] },
    },
    {
      says: ["a message's end", { action: "item", type: "Delete" }],
      event: "chat.message.deleted",
      heard: { dlive: ["Delete"] },
    },
    {
      says: ["a ban", { action: "item", type: "Ban" }],
      event: "moderation.ban",
      heard: { dlive: ["Ban"] },
    },
    {
      says: ["a timeout", { action: "item", type: "Timeout" }],
      event: "moderation.timeout",
      heard: { dlive: ["Timeout"] },
    },
    {
      says: ["a new moderator", { action: "item", type: "Mod", add: true }],
      event: "moderation.moderator.added",
      heard: { dlive: ["Mod"] },
    },
    {
      says: ["a new emote", { action: "item", type: "Emote" }],
      event: "chat.emote.added",
      heard: { dlive: ["Emote"] },
    },
    {
      says: ["the stream's end", { action: "item", type: "Offline" }],
      event: "stream.offline",
      heard: { multistreamer: ["status"], dlive: ["Offline"], astro: ["channel.stream.status"] },
    },
    {
      says: ["the stream's beginning", { action: "item", type: "Live" }],
      event: "stream.online",
      heard: { multistreamer: ["status"], dlive: ["Live"], astro: ["channel.stream.status"] },
    },
  ],
  astro: [
    {
      says: ["a chat message", { action: "chat", platform: "twitch", text: "hello" }],
      event: "chat.message",
      heard: { ...chat, restream: ["event 4"] },
    },
    {
      says: ["a follow", { action: "activity", type: "follow" }],
      event: "channel.follow",
      heard: { dlive: ["Follow"], astro: ["activity follow"] },
    },
    {
      says: ["a cheer", { action: "activity", type: "cheer" }],
      event: "channel.cheer",
      heard: { dlive: ["Gift"], astro: ["activity cheer"] },
    },
    {
      says: ["a raid", { action: "activity", type: "raid" }],
      event: "channel.raid",
      heard: { dlive: ["Host"], astro: ["activity raid"] },
    },
    {
      says: ["a tip", { action: "tip" }],
      event: "channel.tip",
      heard: { dlive: ["Gift"], astro: ["channel.tips", "activity tip"] },
    },
    {
      says: ["a subscription", { action: "activity", type: "subscriber" }],
      event: "channel.subscription",
      heard: { dlive: ["Subscription"], astro: ["activity subscriber"] },
    },
    {
      says: ["a redemption", { action: "activity", type: "redemption" }],
      event: "channel.redemption",
      heard: { astro: ["activity redemption"] },
    },
    {
      says: ["an update of the session", { action: "item", topic: "channel.session.update" }],
      event: "session.updated",
      heard: { astro: ["channel.session.update"] },
    },
    {
      says: [
        "the stream's end",
        { action: "item", topic: "channel.stream.status", variant: "offline" },
      ],
      event: "stream.offline",
      heard: { multistreamer: ["status"], dlive: ["Offline"], astro: ["channel.stream.status"] },
    },
  ],
  restream: [
    {
      says: ["a text of Twitch", { action: "event", eventTypeId: 4, text: "hello" }],
      event: "chat.message",
      heard: { ...chat, restream: ["event 4"] },
    },
    {
      says: ["a text of YouTube", { action: "event", eventTypeId: 5, text: "hello" }],
      event: "chat.message",
      heard: { ...chat, restream: ["event 5"] },
    },
    {
      says: ["a Super Chat", { action: "event", eventTypeId: 7 }],
      event: "channel.tip",
      heard: { dlive: ["Gift"], astro: ["activity superchat"], restream: ["event 7"] },
    },
    {
      says: ["a reply", { action: "reply", text: "hello", order: ["created"] }],
      event: "send.accepted",
      heard: { restream: ["reply_created"] },
    },
    {
      says: ["a relayed message", { action: "relayConfirmed" }],
      event: "send.confirmed",
      heard: { restream: ["relay_confirmed"] },
    },
  ],
};

/** When each provider is heard in full, and what it tells of before anything happens there. */
const BEFORE: Record<GatewayId, { isHeard: Condition; actions: readonly object[]; event: string }> =
  {
    "interactive-sync": { isHeard: "subscribed>=1", actions: [], event: "connection.updated" },
    multistreamer: { isHeard: "subscribed>=1", actions: [], event: "stream.status" },
    dlive: { isHeard: "subscriptions>=2", actions: [], event: "connection.updated" },
    astro: {
      isHeard: `subscriptions>=${LINKS.astro.target.topics.length}`,
      actions: [],
      event: "connection.updated",
    },
    restream: {
      isHeard: "subscribed>=1",
      actions: [
        { action: "connect", platform: "twitch" },
        { action: "connect", platform: "youtube" },
        { action: "event", eventTypeId: 4 },
      ],
      event: "chat.message",
    },
  };

let relay: StartedRelay;
beforeAll(async () => {
  relay = await startRelay();
});
afterAll(() => relay.stop());

describe.for(GATEWAYS)("what happens at %s", (provider) => {
  let emulator: EmulatorOf<GatewayId>;
  let native: Client;
  const channel = `from-${provider}`;
  const clients = new Map<GatewayId, GatewayClient>();

  beforeAll(async () => {
    emulator = await startEmulator(provider);
    await call(relay, "POST", "/channels", { id: channel });
    native = await Client.open(relay, channel);
    const url = provider === "multistreamer" ? new URL("/", emulator.url).href : emulator.url;
    await call(relay, "POST", `/channels/${channel}/providers`, {
      protocol: provider,
      url,
      ...LINKS[provider],
    });
    const { isHeard, actions, event } = BEFORE[provider];
    await emulator.waitFor(isHeard);
    for (const action of actions) await emulator.do(action as never);
    await native.until(() => native.events.some(({ type }) => type === event));
    const { token } = await call<{ token: string }>(relay, "POST", `/channels/${channel}/tokens`, {
      scopes: ["events:read", "interface:write"],
      ttlSeconds: 600,
    });
    for (const gateway of GATEWAYS) {
      clients.set(gateway, await GatewayClient.open(relay, gateway, channel, token));
    }
    await call(relay, "POST", `/channels/${channel}/events`, marks("all-here"));
    for (const client of clients.values()) await client.wordsUntil(0, "all-here");
  });
  afterAll(async () => {
    for (const client of [native, ...clients.values()]) client.close();
    await emulator.close();
  });

  for (const [number, { says, event, heard }] of TABLE[provider].entries()) {
    const [name, action] = says;
    const told = GATEWAYS.map((gateway) => `${gateway}: ${heard[gateway]?.join(", ") ?? "–"}`);
    it(`${name} is told as ${told.join("; ")}`, async ({ expect }) => {
      const from = new Map([...clients].map(([id, { frames }]) => [id, frames.length]));
      const before = native.events.length;
      await emulator.do(action as never);
      await native.until(() => native.events.slice(before).some(({ type }) => type === event));
      const mark = `mark-${number}-`;
      await call(relay, "POST", `/channels/${channel}/events`, marks(mark));
      for (const [gateway, client] of clients) {
        const words = await client.wordsUntil(from.get(gateway) ?? 0, mark);
        expect({ gateway, words }).toEqual({ gateway, words: heard[gateway] ?? [] });
      }
    });
  }
});

/** Events that every gateway has a word for: what has been said is said before them. */
function marks(mark: string): object[] {
  const user = { key: "api:7", id: "7", name: "Mark", roles: [], badges: [], anonymous: false };
  const message = {
    id: mark,
    text: mark,
    fragments: [{ type: "text", text: mark }],
    action: false,
    highlighted: false,
    first: false,
  };
  return [
    { type: "interaction.input", data: { user, view: "panel", component: mark, values: {} } },
    { type: "chat.message", data: { user, message } },
  ];
}
