import { startEmoteServices } from "../../test/emulators/emotes/server.ts";
import { startEmulator, type Emulator } from "../../test/emulators/index.ts";
import { callApi } from "./api.ts";

/** The channel that the demo plays on. */
const CHANNEL = "demo";

/** The emulated providers, and what a link to each of them needs. */
const PROVIDERS = [
  { protocol: "dlive", target: { streamer: "demo" }, credentials: { appToken: "demo-app-token" } },
  { protocol: "restream", target: {}, credentials: { accessToken: "demo-access-token" } },
  {
    protocol: "astro",
    target: {
      topics: [
        "channel.chat.message",
        "channel.activities",
        "channel.tips",
        "channel.tips.moderation",
        "channel.stream.status",
        "channel.session.update",
        "channel.overlay.action",
      ],
    },
    credentials: { token: "demo-token", tokenType: "jwt" },
  },
  { protocol: "multistreamer", target: { streamId: "31" }, credentials: { token: "demo-token" } },
  {
    protocol: "interactive-sync",
    target: {},
    credentials: { clientId: "demo-client", accessToken: "demo-access-token" },
  },
  {
    protocol: "twitch-irc",
    target: { channel: "rivermoss" },
    credentials: { clientId: "a-client", accessToken: "demo-access-token" },
  },
] as const;

/** The services that a relay with a demo needs before it starts, and how it is told of them. */
export interface DemoWorld {
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts the emulated services of emotes, so that the demo asks no stranger. */
export async function startDemoWorld(): Promise<DemoWorld> {
  const services = await startEmoteServices();
  return { settings: { EMOTES_URL: services.url }, stop: () => services.close() };
}

/**
 * Starts the emulated providers and links them to a channel, so that events flow. A channel and links
 * of an earlier start are used again, with the providers' new addresses.
 */
export async function startDemo(url: string, adminKey: string): Promise<{ stop(): Promise<void> }> {
  const api = callApi(url, adminKey);
  await api("POST", "/channels", { id: CHANNEL, name: "Demo", public: true }, [409]);
  const { data } = (await api("GET", `/channels/${CHANNEL}/providers`)) as {
    data: { id: string; protocol: string; url: string | null }[];
  };
  const emulators: Pick<Emulator<never, never>, "close">[] = [];
  for (const { protocol, ...link } of PROVIDERS) {
    const emulator = await startEmulator(protocol, { script: "demo" });
    emulators.push(emulator);
    const known = data.find((each) => each.protocol === protocol && each.url !== null);
    // Where the target is a part of the address, the dial adds it.
    const isBare = protocol === "multistreamer";
    const address = isBare ? new URL("/", emulator.url).href : emulator.url;
    await (known === undefined
      ? api("POST", `/channels/${CHANNEL}/providers`, { protocol, url: address, ...link })
      : // Credentials of another host are asked for again.
        api("PATCH", `/channels/${CHANNEL}/providers/${known.id}`, { url: address, ...link }));
  }
  return {
    async stop() {
      await Promise.all(emulators.map((emulator) => emulator.close()));
    },
  };
}

/** Links a channel of Twitch's own to the demo, unless it is linked already: reading needs no account. */
export async function linkTwitch(url: string, adminKey: string, login: string): Promise<void> {
  const link = { protocol: "twitch-irc", target: { channel: login } };
  await callApi(url, adminKey)("POST", `/channels/${CHANNEL}/providers`, link, [409]);
}
