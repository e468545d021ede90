import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmulator, type CommonAction, type Emulator, type Truth } from "../emulators/index.ts";
import { Client } from "./support/client.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

const CHANNEL = "secrets";

// Each is nowhere but where it is used, and has what addresses and patterns have to be careful of.
const TOKENS = {
  dlive: "dl1ve+s3cret/of=the.test",
  restream: "r3stream+refresh/of=the.test",
  restreamClient: "r3stream+client/of=the.test",
  astro: "4stro+s3cret/of=the.test",
  multistreamer: "mult1+s3cret/of=the.test",
  sync: "sync+s3cret/of=the.test",
  replaced: "4nother+s3cret/of=the.test",
  mistyped: "m1styped+s3cret/of=the.test",
};
const EMAIL = "tipper.of-the+test@mail.otterbrook.example";

type Told = "dlive" | "restream" | "astro" | "multistreamer" | "sync";

const startAll = async () => ({
  dlive: await startEmulator("dlive"),
  restream: await startEmulator("restream"),
  astro: await startEmulator("astro"),
  multistreamer: await startEmulator("multistreamer"),
  sync: await startEmulator("interactive-sync"),
});

let relay: StartedRelay;
let all: Awaited<ReturnType<typeof startAll>>;
/** Everything that was answered. */
const answers: string[] = [];

beforeAll(async () => {
  all = await startAll();
  relay = await startRelay();
});

afterAll(async () => {
  await relay.kill();
  await Promise.all(Object.values(all).map((each) => each.close()));
});

/** What a careless provider says of what it was told, and of people: in every form there is. */
function leakOf(provider: Told): string {
  const { accessToken = "", refreshToken = "" } = all.restream.truth().tokens.issued.at(-1) ?? {};
  const renewed = [TOKENS.restreamClient, accessToken, refreshToken];
  return [...(provider === "restream" ? renewed : [TOKENS[provider]]), EMAIL]
    .flatMap((each) => [each, encodeURIComponent(each), `?access_token=${each}`])
    .join(" ");
}

/** Asks, and keeps what was answered, whatever it is. */
async function ask(method: string, path: string, body?: unknown): Promise<string> {
  const response = await fetch(`${relay.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${relay.key}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  answers.push(`${JSON.stringify([...response.headers])} ${text}`);
  return text;
}

const link = async (protocol: string, url: string, more: object): Promise<string> =>
  (
    JSON.parse(await ask("POST", `/channels/${CHANNEL}/providers`, { protocol, url, ...more })) as {
      id: string;
    }
  ).id;

async function linkAll() {
  const { dlive, restream, astro, multistreamer, sync } = all;
  await restream.do({ action: "grantRefresh", value: TOKENS.restream });
  return {
    dlive: await link("dlive", dlive.url, {
      target: { streamer: "streamer" },
      credentials: { appToken: TOKENS.dlive },
    }),
    restream: await link("restream", restream.url, {
      target: {},
      credentials: {
        clientId: "client",
        clientSecret: TOKENS.restreamClient,
        refreshToken: TOKENS.restream,
      },
    }),
    astro: await link("astro", astro.url, {
      target: { topics: ["channel.chat.message", "channel.tips", "channel.tips.moderation"] },
      credentials: { token: TOKENS.astro, tokenType: "jwt" },
    }),
    multistreamer: await link("multistreamer", new URL("/", multistreamer.url).href, {
      target: { streamId: "31" },
      credentials: { token: TOKENS.multistreamer },
    }),
    sync: await link("interactive-sync", sync.url, {
      target: {},
      credentials: { clientId: "a-game", accessToken: TOKENS.sync },
    }),
  };
}

/** What is refused for its form must not come back in the refusal. */
async function mistype(): Promise<void> {
  const { mistyped } = TOKENS;
  const wrong = [
    { protocol: mistyped },
    { protocol: "dlive", target: { streamer: "s" }, credentials: { appToken: [mistyped] } },
    { protocol: "dlive", target: { streamer: "s" }, credentials: { [mistyped]: mistyped } },
    { protocol: "dlive", target: { streamer: "s" }, url: `wss://user:${mistyped}@host.example/` },
    { protocol: "dlive", target: { streamer: "s" }, url: `wss://host.example/?token=${mistyped}` },
    { protocol: "astro", target: { topics: [] }, credentials: { token: mistyped } },
    { protocol: "interactive-sync", credentials: { accessToken: mistyped } },
    { protocol: "restream", credentials: { refreshToken: mistyped } },
  ];
  for (const each of wrong.slice(1)) await ask("POST", `/channels/${CHANNEL}/providers`, each);
}

/** What providers say while all is well. */
async function gossip(): Promise<void> {
  const { dlive, restream, astro, multistreamer, sync } = all;
  const everyone: Record<string, Emulator<CommonAction, Truth>> = all;
  for (const [name, emulator] of Object.entries(everyone)) {
    const leak = leakOf(name as Told);
    await emulator.do({ action: "raw", frame: `not JSON ${leak}` });
    const frame = JSON.stringify({ type: leak, [leak]: leak, token: EMAIL });
    await emulator.do({ action: "raw", frame });
  }
  await dlive.do({
    action: "item",
    type: "Message",
    streamer: "streamer",
    content: leakOf("dlive"),
  });
  await dlive.do({
    action: "item",
    type: "Follow",
    override: { email: EMAIL, note: leakOf("dlive") },
  });
  await restream.do({
    action: "event",
    eventTypeId: 4,
    text: leakOf("restream"),
    author: leakOf("restream"),
  });
  await restream.do({
    action: "unknownAction",
    payload: { accessToken: leakOf("restream"), deep: [leakOf("restream")] },
  });
  await restream.do({
    action: "connect",
    platform: "kick",
    status: "error",
    reason: leakOf("restream"),
    target: { owner: { email: EMAIL, url: `https://x.example/?token=${TOKENS.restreamClient}` } },
  });
  await restream.do({ action: "replyFailed", replyUuid: "r-1", reason: leakOf("restream") });
  for (const approved of ["allowed", "pending", "rejected"] as const) {
    await astro.do({
      action: "tip",
      email: EMAIL,
      username: EMAIL,
      message: leakOf("astro"),
      approved,
    });
  }
  await astro.do({ action: "chat", text: leakOf("astro"), author: leakOf("astro") });
  await astro.do({ action: "notice", message: leakOf("astro") });
  await multistreamer.do({
    action: "chat",
    text: leakOf("multistreamer"),
    author: leakOf("multistreamer"),
  });
  await multistreamer.do({
    action: "account",
    id: 77,
    network: "twitch",
    name: leakOf("multistreamer"),
    httpUrl: `http://x/?${leakOf("multistreamer")}`,
  });
  await sync.do({ action: "input", values: { text: leakOf("sync") }, username: EMAIL });
}

/** How connections end, and what is said of it. */
async function endings(): Promise<void> {
  const { dlive, restream, astro, multistreamer, sync } = all;
  await dlive.do({ action: "connectionError", message: leakOf("dlive") });
  await restream.do({ action: "close", code: 4001, reason: `auth ${TOKENS.restreamClient}` });
  await astro.do({ action: "reconnect", message: leakOf("astro") });
  await astro.do({ action: "refuseTopic", topic: "channel.tips", message: leakOf("astro") });
  await astro.do({ action: "close", code: 1011, reason: TOKENS.astro });
  await multistreamer.do({ action: "refuse", status: 403, times: 1 });
  await multistreamer.do({ action: "close", code: 1011, reason: TOKENS.multistreamer });
  await sync.do({ action: "knobs", tokenError: leakOf("sync") });
  await sync.do({ action: "cut" });
}

const DETAILS = [
  "",
  "/status",
  "/connections",
  "/providers",
  "/events?raw=true",
  "/events?order=asc",
];

describe("credentials, tokens and e-mail addresses", () => {
  it("are in no row, log line, event, error or answer, whatever a provider says", async ({
    expect,
  }) => {
    await call(relay, "POST", "/channels", { id: CHANNEL });
    const client = await Client.open(relay, CHANNEL, "?raw=true");
    const heard: string[] = [];
    client.socket.on("message", (data: Buffer) => heard.push(data.toString()));
    const has = (words: string) => JSON.stringify(client.events).includes(words);
    const ids = await linkAll();
    const { dlive, restream, astro, multistreamer, sync } = all;
    await Promise.all([
      dlive.waitFor("subscriptions>=2"),
      restream.waitFor("subscribed>=1"),
      astro.waitFor("subscriptions>=3"),
      multistreamer.waitFor("statusRequests>=1"),
      sync.waitFor("subscribed>=1"),
    ]);
    await mistype();
    await gossip();
    await dlive.do({ action: "knobs", sendError: { code: 1, message: leakOf("dlive") } });
    await ask("POST", `/channels/${CHANNEL}/messages`, { text: "hello", to: ["dlive:streamer"] });
    await client.until(() => has("send.failed") && has("interaction.input"));
    await endings();
    await client.until(() => has("token_invalid"));
    await astro.waitFor("dials>=2");
    await ask("PATCH", `/channels/${CHANNEL}/providers/${ids.dlive}`, {
      credentials: { appToken: TOKENS.replaced },
    });
    await dlive.waitFor("subscriptions>=2");
    await dlive.do({ action: "item", type: "Message", streamer: "streamer", content: "the end" });
    await client.until(() => has("the end"));
    for (const detail of DETAILS) await ask("GET", `/channels/${CHANNEL}${detail}`);
    for (const id of Object.values(ids)) await ask("GET", `/channels/${CHANNEL}/providers/${id}`);
    client.close();
    await relay.stop();

    const secrets = [
      ...Object.values(TOKENS),
      ...restream.truth().tokens.issued.flatMap((each) => [each.accessToken, each.refreshToken]),
      ...astro.truth().reconnects.map(({ token }) => token),
      EMAIL,
    ];
    expect(secrets.length).toBeGreaterThan(Object.keys(TOKENS).length + 3);
    const places: Record<string, string> = {
      events: heard.join("\n"),
      answers: answers.join("\n"),
      log: relay.output(),
      ...filesIn(relay.data),
    };
    expect(Object.keys(places).filter((name) => name.endsWith(".sqlite")).length).toBeGreaterThan(
      1,
    );
    for (const secret of secrets) {
      for (const form of [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
      ]) {
        const found = Object.entries(places).filter(([, text]) => text.includes(form));
        expect(
          found.map(([place]) => place),
          form,
        ).toEqual([]);
      }
    }
    // What was said around them is there: it was heard, and looked through.
    expect(places["events"]).toContain("[redacted]");
  });
});

/** Every file of the data directory, as bytes; the master key's own is none of them. */
function filesIn(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path, readFileSync(path, "latin1")]),
  );
}
