import { afterAll, beforeAll, describe, it } from "vitest";

import { Client } from "./support/client.ts";
import { linkDlive, startDlive, type Dlive } from "./support/provider.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

/** How one relay is made the provider of another, over each protocol. */
const LINKS = {
  dlive: (channel: string, token: string) => ({
    url: "/gateways/dlive/",
    target: { streamer: channel },
    credentials: { appToken: token },
  }),
  astro: (channel: string, token: string) => ({
    url: "/gateways/astro/",
    target: {
      topics: ["channel.chat.message", "channel.activities", "channel.tips"],
      room: channel,
    },
    credentials: { token, tokenType: "jwt" },
  }),
  restream: (_: string, token: string) => ({
    url: "/gateways/restream/ws",
    target: {},
    credentials: { accessToken: token },
  }),
  multistreamer: (channel: string, token: string) => ({
    url: "/gateways/multistreamer/",
    target: { streamId: channel },
    credentials: { token },
  }),
  "interactive-sync": (_: string, token: string) => ({
    url: "/gateways/interactive-sync/",
    target: {},
    credentials: { clientId: "a-game", accessToken: token },
  }),
} as const;
type Protocol = keyof typeof LINKS;

const user = { key: "api:7", id: "7", name: "Ada", roles: [], badges: [], anonymous: false };

function chat(text: string): object {
  const message = {
    id: `id-of-${text}`,
    text,
    action: false,
    fragments: [{ type: "text", text }],
    highlighted: false,
    first: false,
  };
  return { type: "chat.message", data: { user, message } };
}

function input(component: string): object {
  return { type: "interaction.input", data: { user, view: "panel", component, values: {} } };
}

let upper: StartedRelay;
let lower: StartedRelay;
beforeAll(async () => {
  [upper, lower] = await Promise.all([startRelay(), startRelay()]);
});
afterAll(() => Promise.all([upper.stop(), lower.stop()]));

describe.for(Object.keys(LINKS) as Protocol[])("a relay behind a relay, over %s", (protocol) => {
  const channel = `over-${protocol}`;
  const says = protocol === "interactive-sync" ? input : chat;
  let client: Client;
  let dlive: Dlive;

  /** What was said by `says`, in the order in which the lower relay's client heard it. */
  const heard = (): unknown[] =>
    client.events.flatMap(({ type, data }): unknown[] => {
      if (type === "chat.message") return [data.message?.text];
      return type === "interaction.input" ? [data["component"]] : [];
    });
  const isConnected = (): boolean =>
    client.events.some(
      ({ type, data }) => type === "connection.updated" && data["status"] === "connected",
    );

  beforeAll(async () => {
    // A relay on which nothing is linked has no connection to tell of.
    dlive = await startDlive();
    await linkDlive(upper, dlive, channel);
    await call(lower, "POST", "/channels", { id: channel });
    const { token } = await call<{ token: string }>(upper, "POST", `/channels/${channel}/tokens`, {
      scopes: ["events:read", "chat:write", "interface:write"],
      ttlSeconds: 3600,
    });
    client = await Client.open(lower, channel);
    const { url, ...link } = LINKS[protocol](channel, token);
    await call(lower, "POST", `/channels/${channel}/providers`, {
      protocol,
      url: upper.socketUrl + url,
      ...link,
    });
  });
  afterAll(async () => {
    client.close();
    await dlive.close();
  });

  it("tells every event once, in order", async ({ expect }) => {
    // The first is told as soon as the link is up.
    await client.until(isConnected);
    const texts = Array.from({ length: 200 }, (_, index) => `${protocol}-${index}`);
    for (let at = 0; at < texts.length; at += 20) {
      await call(
        upper,
        "POST",
        `/channels/${channel}/events`,
        texts.slice(at, at + 20).map((text) => says(text)),
      );
    }
    await client.until(() => heard().includes(texts.at(-1)));
    expect(heard()).toEqual(texts);
    expect(client.events.some(({ type }) => type === "provider.event")).toBe(false);
  });
});
