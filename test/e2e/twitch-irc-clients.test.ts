import { connect } from "node:net";

import { ChatClient } from "@twurple/chat";
import { Client as TmiClient, type Events } from "tmi.js";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";

import { startEmulator, type EmulatorOf } from "../emulators/index.ts";
import { freePort, call, startRelay, type StartedRelay } from "./support/relay.ts";

/*
 * The two client libraries that most programs of Twitch's chat are made with, as they are, against a
 * relay as it is started: nothing between them but sockets. Only the address is another.
 */

let relay: StartedRelay;
let twitch: EmulatorOf<"twitch-irc">;
let multistreamer: EmulatorOf<"multistreamer">;
const leave: (() => unknown)[] = [];

beforeAll(async () => {
  [twitch, multistreamer] = await Promise.all([
    startEmulator("twitch-irc"),
    startEmulator("multistreamer"),
  ]);
  relay = await startRelay({ port: await freePort() });
});
afterEach(async () => {
  for (const each of leave.splice(0)) await each();
});
afterAll(async () => {
  await relay.kill();
  await Promise.all([twitch.close(), multistreamer.close()]);
});

/** What a client tells its program, one line each. */
class Heard {
  readonly lines: string[] = [];
  #look: () => void = () => {};

  add(...words: readonly unknown[]): void {
    this.lines.push(words.map(String).join(" "));
    this.#look();
  }

  /** Resolves with the first lines, once there are so many. */
  async all(count: number): Promise<string[]> {
    while (this.lines.length < count) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
    return this.lines.splice(0, count);
  }

  /** Resolves with the lines before the one that begins so, and takes them away with it. */
  async upTo(mark: string): Promise<string[]> {
    for (;;) {
      const at = this.lines.findIndex((line) => line.startsWith(mark));
      if (at !== -1) return this.lines.splice(0, at + 1).slice(0, -1);
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }
}

/** A bot of tmi.js, in its rooms; without a key it reads as nobody. */
async function openTmi(channels: string[], key: string | null): Promise<[TmiClient, Heard]> {
  const heard = new Heard();
  const client = new TmiClient({
    connection: { server: "127.0.0.1", port: Number(new URL(relay.url).port), reconnect: false },
    logger: { info() {}, warn() {}, error() {} },
    ...(key !== null && { identity: { username: "TheBot", password: `oauth:${key}` } }),
  });
  const on = <Name extends keyof Events>(name: Name, tell: Events[Name]): void => {
    client.on(name, tell as never);
  };
  on("message", (room, { "message-type": kind, bits, username }, text, isOwn) => {
    heard.add(isOwn ? "own" : kind, room, isOwn ? "" : username, bits ?? "-", text);
  });
  on("messagedeleted", (room, _login, _text, tags) => {
    heard.add("deleted", room, tags["target-msg-id"]);
  });
  on("timeout", (room, login, _reason, seconds) => heard.add("timeout", room, login, seconds));
  on("ban", (room, login) => heard.add("ban", room, login));
  on("subscription", (room, name, { plan }) => heard.add("sub", room, name, plan));
  on("resub", (room, name, _streak, text) => heard.add("resub", room, name, text));
  on("subgift", (room, name, _streak, to) => heard.add("subgift", room, name, to));
  on("submysterygift", (room, name, count) => heard.add("bomb", room, name, count));
  on("raided", (room, name, viewers) => heard.add("raid", room, name, viewers));
  on("notice", (room, id, words) => heard.add("notice", room, id, words));
  client.on(
    "usernotice" as never,
    ((kind: string, room: string, _tags: object, text: string) =>
      heard.add("usernotice", room, kind, text)) as never,
  );
  on("automod", (room, id, words) => heard.add("automod", room, id, words));
  on("cheer", (room, { bits }, text) => heard.add("cheer", room, bits, text));
  await client.connect();
  leave.push(() => client.disconnect().catch(() => {}));
  for (const channel of channels) await client.join(channel);
  return [client, heard];
}

/** A reader of twurple, in its rooms. */
async function openTwurple(channels: string[]): Promise<[ChatClient, Heard]> {
  const heard = new Heard();
  const port = Number(new URL(relay.url).port);
  const client = new ChatClient({
    // Where a protocol is the first label of a host, the whole host is its own.
    hostName: "twitch-irc.localhost",
    ssl: false,
    logger: { minLevel: "critical" },
    // It dials port 80 and no other.
    connectionOptions: { wsOptions: { createConnection: () => connect(port, "127.0.0.1") } },
  });
  client.onMessage((room, login, text, { bits, userInfo }) =>
    heard.add("chat", room, login, userInfo.displayName, bits, text),
  );
  client.onAction((room, login, text) => heard.add("action", room, login, text));
  client.onMessageRemove((room, id) => heard.add("deleted", room, id));
  client.onTimeout((room, login, seconds) => heard.add("timeout", room, login, seconds));
  client.onBan((room, login) => heard.add("ban", room, login));
  client.onSub((room, login, { plan }) => heard.add("sub", room, login, plan));
  client.onResub((room, login, { months, message }) =>
    heard.add("resub", room, login, months, message),
  );
  client.onSubGift((room, to, { gifter }) => heard.add("subgift", room, gifter, to));
  client.onCommunitySub((room, login, { count }) => heard.add("bomb", room, login, count));
  client.onRaid((room, login, { viewerCount }) => heard.add("raid", room, login, viewerCount));
  client.onAnnouncement((room, login, { color }, { text }) =>
    heard.add("announcement", room, login, color, text),
  );
  client.onJoinFailure((room, reason) => heard.add("not joined", room, reason));
  const isIn = new Promise<void>((resolve) => {
    client.onAuthenticationSuccess(resolve);
  });
  client.connect();
  leave.push(() => client.quit());
  await isIn;
  for (const channel of channels) await client.join(channel);
  return [client, heard];
}

const times = (count: number, word: string) => Array.from({ length: count }, () => word);

let made = 0;

async function makeChannel(settings: object = {}): Promise<string> {
  made += 1;
  const id = `stream${made}`;
  await call(relay, "POST", "/channels", { id, public: true, ...settings });
  return id;
}

async function makeKey(scopes = ["events:read", "chat:write"]): Promise<string> {
  const { key } = await call<{ key: string }>(relay, "POST", "/keys", { name: "bot", scopes });
  return key;
}

/** Links a channel to both providers that a message can be written to, and waits until it can. */
async function linkBoth(channel: string): Promise<void> {
  const links = [
    {
      protocol: "twitch-irc",
      target: { channel },
      url: twitch.url,
      credentials: { clientId: "a-client", accessToken: "a-token" },
    },
    {
      protocol: "multistreamer",
      target: { streamId: "31" },
      url: new URL("/", multistreamer.url).href,
      credentials: { token: channel },
    },
  ];
  for (const each of links) await call(relay, "POST", `/channels/${channel}/providers`, each);
  for (;;) {
    const { data } = await call<{ data: { writable: boolean }[] }>(
      relay,
      "GET",
      `/channels/${channel}/connections`,
    );
    if (data.filter(({ writable }) => writable).length >= 2) return;
  }
}

const person = (platform: string, id: string, name: string, more: object = {}) => ({
  key: `${platform}:${id}`,
  id,
  login: name.toLowerCase(),
  name,
  roles: [],
  badges: [],
  anonymous: false,
  ...more,
});
const ada = person("twitch", "900000001", "Ada");
const kai = person("kick", "77", "Kai");
const yuki = { ...person("youtube", "UCyuki", "ゆき"), login: undefined };

const message = (id: string, text: string) => ({
  id,
  text,
  fragments: [{ type: "text", text }],
  action: false,
  highlighted: false,
  first: false,
});
const chat = (user: object, text: string, id = `m-${text}`, more: object = {}) => ({
  type: "chat.message",
  platform: (user as { key: string }).key.split(":")[0],
  data: { user, message: { ...message(id, text), ...more } },
});

const post = (channel: string, ...events: object[]) =>
  call<{ ids: string[] }>(relay, "POST", `/channels/${channel}/events`, events);

/** People of three platforms say something. */
const greet = (channel: string) =>
  post(
    channel,
    chat(ada, "Hello"),
    chat(kai, "Yo", "k-1"),
    chat(yuki, "こんにちは 😀", "y-1"),
    chat(kai, "waves", "k-2", { action: true }),
  );

/** All else that happens to a stream, and then a word by which its end is known. */
async function happen(channel: string): Promise<void> {
  const tier = "1000";
  await post(
    channel,
    {
      type: "chat.message.deleted",
      platform: "kick",
      data: { messageIds: ["k-1"], eventIds: [], user: kai },
    },
    { type: "moderation.timeout", platform: "kick", data: { user: kai, seconds: 600 } },
    { type: "moderation.ban", platform: "twitch", data: { user: ada } },
    {
      type: "channel.subscription",
      platform: "twitch",
      data: { user: ada, subscription: { kind: "new", tier } },
    },
    {
      type: "channel.subscription",
      platform: "kick",
      data: { user: kai, subscription: { kind: "renewal", months: 7, message: "seven!" } },
    },
    {
      type: "channel.subscription.gift",
      platform: "twitch",
      data: { user: ada, count: 5, tier, recipients: [] },
    },
    {
      type: "channel.subscription.gift",
      platform: "kick",
      data: { user: kai, count: 1, recipients: [person("kick", "78", "Lou")] },
    },
    {
      type: "channel.raid",
      platform: "twitch",
      data: { user: ada, viewers: 42, kind: "raid", direction: "in" },
    },
    {
      type: "channel.cheer",
      platform: "twitch",
      data: {
        user: ada,
        amount: { value: "100", currency: "bits", kind: "virtual" },
        message: message("b-1", "Cheer100 nice"),
      },
    },
    {
      type: "channel.tip",
      platform: "youtube",
      data: {
        user: yuki,
        kind: "superchat",
        amount: { value: "5.00", currency: "EUR", kind: "fiat", display: "5,00 €" },
        message: message("t-1", "cheer500 thanks"),
      },
    },
    {
      type: "channel.cheer",
      platform: "dlive",
      data: {
        user: person("dlive", "lemon", "Lemon"),
        amount: { value: "1000", currency: "dlive:lemon", kind: "virtual" },
      },
    },
  );
  await post(channel, chat(ada, "the end"));
}

describe("npm tmi.js", () => {
  it("hears all that happens, of every platform, and takes no money for bits", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [, heard] = await openTmi([channel], await makeKey());
    const room = `#${channel}`;
    await greet(channel);
    expect(await heard.all(4)).toEqual([
      `chat ${room} ada - Hello`,
      `chat ${room} _kick_kai - Yo`,
      expect.stringMatching(/^chat #\w+ _youtube___\w+ - こんにちは 😀$/),
      `action ${room} _kick_kai - waves`,
    ]);
    await happen(channel);
    expect(await heard.upTo(`chat ${room} ada - the end`)).toEqual([
      `deleted ${room} k-1`,
      `timeout ${room} _kick_kai 600`,
      `ban ${room} ada`,
      `sub ${room} Ada 1000`,
      `resub ${room} Kai seven!`,
      `bomb ${room} Ada 5`,
      `subgift ${room} Kai Lou`,
      `raid ${room} Ada 42`,
      `cheer ${room} 100 Cheer100 nice`,
      `usernotice ${room} announcement ゆき gave 5,00 €: cheer500 thanks`,
      `usernotice ${room} announcement Lemon gave 1000 dlive:lemon`,
    ]);
  });

  it("reads as nobody where the channel is public, and is not let into one that is not", async ({
    expect,
  }) => {
    const [open, shut] = [await makeChannel(), await makeChannel({ public: false })];
    const [client, heard] = await openTmi([open], null);
    await expect(client.join(shut)).rejects.toBe("No response from Twitch.");
    await post(shut, chat(ada, "secret"));
    await post(open, chat(ada, "public"));
    expect(await heard.upTo(`chat #${open} ada - public`)).toEqual([]);
  });

  it("is told in words that it knows that its key does not hold", async ({ expect }) => {
    await expect(openTmi([], "trb_wrong")).rejects.toBe("Login authentication failed");
  });

  it("says to all platforms what does not come back to it, and to all others once", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await linkBoth(channel);
    const key = await makeKey();
    const [client, heard] = await openTmi([channel], key);
    const [, other] = await openTmi([channel], key);
    const [, reader] = await openTwurple([channel]);
    await client.say(channel, "Good evening");
    await client.action(channel, "dances");
    await client.raw(`@reply-parent-msg-id=m-7 PRIVMSG #${channel} :So it is`);
    // By the account of Twitch, and by the three of multistreamer, which has no answers.
    const spoken = await reader.all(9);
    const lastWords = spoken.map((line) => line.split(" ").at(-1) ?? "").toSorted();
    expect(lastWords).toEqual([...times(4, "dances"), ...times(4, "evening"), "is"]);
    const speakers = (lines: readonly string[]) =>
      lines.map((line) => line.split(" ")[2]).toSorted();
    expect(speakers(await other.all(9))).toEqual(speakers(spoken));
    expect(twitch.truth().posted.map(({ text, replyTo }) => [text, replyTo])).toEqual([
      ["Good evening", null],
      ["/me dances", null],
      ["So it is", "m-7"],
    ]);
    await post(channel, chat(ada, "the end"));
    // Its library shows a program what it says by itself; multistreamer had no word for an answer.
    const told = await heard.upTo(`chat #${channel} ada - the end`);
    expect(told.filter((line) => !line.startsWith("automod"))).toEqual([
      `own #${channel}  - Good evening`,
      `own #${channel}  - dances`,
    ]);
  });

  it("is told why nothing was said", async ({ expect }) => {
    const channel = await makeChannel();
    const [client, heard] = await openTmi([channel], await makeKey());
    await client.say(channel, "to nobody");
    // Its word for all that was not posted.
    await heard.upTo(`automod #${channel} msg_rejected_mandatory`);
    await client.say(channel, "/ban ada");
    await heard.upTo(`notice #${channel} unavailable_command`);
    const [reader, told] = await openTmi([channel], await makeKey(["events:read"]));
    await reader.say(channel, "hello");
    await told.upTo(`notice #${channel} no_permission`);
    expect(heard.lines).toEqual([]);
  });
});

describe("npm @twurple/chat", () => {
  it("hears all that happens, of every platform, and takes no money for bits", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [, heard] = await openTwurple([channel]);
    await greet(channel);
    expect(await heard.all(4)).toEqual([
      `chat ${channel} ada Ada 0 Hello`,
      `chat ${channel} _kick_kai Kai 0 Yo`,
      expect.stringMatching(/^chat \w+ _youtube___\w+ ゆき 0 こんにちは 😀$/),
      `action ${channel} _kick_kai waves`,
    ]);
    await happen(channel);
    expect(await heard.upTo(`chat ${channel} ada Ada 0 the end`)).toEqual([
      `deleted ${channel} k-1`,
      `timeout ${channel} _kick_kai 600`,
      `ban ${channel} ada`,
      `sub ${channel} ada 1000`,
      `resub ${channel} _kick_kai 7 seven!`,
      `bomb ${channel} ada 5`,
      `subgift ${channel} _kick_kai _kick_lou`,
      `raid ${channel} ada 42`,
      `chat ${channel} ada Ada 100 Cheer100 nice`,
      expect.stringMatching(
        /^announcement \w+ _youtube___\w+ PRIMARY ゆき gave 5,00 €: cheer500 thanks$/,
      ),
      `announcement ${channel} _dlive_lemon PRIMARY Lemon gave 1000 dlive:lemon`,
    ]);
  });

  it("comes into a channel whose name has a hyphen, which none of its rooms may have", async ({
    expect,
  }) => {
    const [channel, room] = ["late-night", "late_night"];
    await makeChannel({ id: channel });
    const [, heard] = await openTwurple([room]);
    await happen(channel);
    const lines = await heard.upTo(`chat ${room} ada Ada 0 the end`);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => line.split(" ")[1] !== room)).toEqual([]);
  });

  it("is told nothing of a channel that it may not read, and stays", async ({ expect }) => {
    const [open, shut] = [await makeChannel(), await makeChannel({ public: false })];
    const [client, heard] = await openTwurple([open]);
    await expect(client.join(shut)).rejects.toThrow();
    await post(open, chat(ada, "public"));
    await heard.upTo(`chat ${open} ada Ada 0 public`);
  });
});
