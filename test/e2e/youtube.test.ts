import { afterAll, beforeAll, describe, it } from "vitest";

import { superChat, text } from "../emulators/youtube/items.ts";
import { startYouTube } from "../emulators/youtube/server.ts";
import { account, apiKey } from "../emulators/youtube/tokens.ts";
import { call, freePort, startRelay, type StartedRelay } from "./support/relay.ts";

const youtube = await startYouTube();
let relay: StartedRelay;

beforeAll(async () => {
  relay = await startRelay({ port: await freePort() });
});
afterAll(async () => {
  await relay.kill();
  await youtube.close();
});

interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly status?: string;
    readonly reason?: string | null;
    readonly cause?: string;
    readonly message?: { readonly text: string };
    readonly target?: Target | null;
  };
}

interface LogIn {
  readonly id: string;
  readonly authorizeUrl: string;
}

interface Target {
  readonly quota?: { readonly limit: number; readonly left: number };
}

interface Connection {
  readonly status: string;
  readonly reason: string | null;
  readonly writable: boolean;
  readonly target: Target | null;
}

/** A channel that is linked to one video, or to a channel. */
async function link(id: string, more: object = {}): Promise<string> {
  await call(relay, "POST", "/channels", { id });
  const options = {
    protocol: "youtube",
    target: { video: id },
    credentials: { apiKey },
    url: youtube.url,
    ...more,
  };
  const made = await call<{ id: string }>(relay, "POST", `/channels/${id}/providers`, options);
  return made.id;
}

const eventsOf = async (channel: string): Promise<Event[]> =>
  (await call<{ events: Event[] }>(relay, "GET", `/channels/${channel}/events?order=asc&limit=500`))
    .events;

/** Resolves with all of a channel's events once they are as they should be. */
async function until(channel: string, isThere: (events: Event[]) => boolean): Promise<Event[]> {
  let after = "";
  const events: Event[] = [];
  for (;;) {
    const query = `order=asc&limit=500&wait=10${after === "" ? "&after=0" : `&after=${after}`}`;
    const page = await eventsAfter(channel, after, query);
    events.push(...page);
    after = page.at(-1)?.id ?? after;
    if (isThere(events)) return events;
  }
}

async function eventsAfter(channel: string, after: string, query: string): Promise<Event[]> {
  if (after === "") return eventsOf(channel);
  return (await call<{ events: Event[] }>(relay, "GET", `/channels/${channel}/events?${query}`))
    .events;
}

const wordsOf = (events: readonly Event[]): string[] =>
  events.flatMap(({ type, data }) => (type === "chat.message" ? (data.message?.text ?? []) : []));

const says = (words: string) => (events: Event[]) => wordsOf(events).includes(words);

async function connectionOf(channel: string): Promise<Connection | undefined> {
  const { data } = await call<{ data: Connection[] }>(
    relay,
    "GET",
    `/channels/${channel}/connections`,
  );
  return data[0];
}

const isTold = (status: string, reason: string | null) => (events: Event[]) => {
  const told = events.filter(({ type }) => type === "connection.updated").at(-1)?.data;
  return told?.status === status && told.reason === reason;
};

describe("a broadcast on YouTube, heard by a running relay", () => {
  it("is waited for, streamed, gone on with by its token, and waited for again", async ({
    expect,
  }) => {
    const id = await link("brook-1");
    await until("brook-1", isTold("connecting", "not_live"));
    const chat = youtube.goLive("brook-1");
    chat.say(text("before anybody came"));
    await call(relay, "POST", `/channels/brook-1/providers/${id}/reconnect`);
    await until("brook-1", says("before anybody came"));
    // A stream that is cut between all the bytes of a character and after each backslash.
    chat.cutting = "bytes";
    chat.say(text('grüße "aus" 日本 😂 \\ :_otter:'));
    chat.say(superChat("500000000", "JPY", "がんばれ"));
    await until("brook-1", (events) => events.some(({ type }) => type === "channel.tip"));
    for (const how of ["closed", "open", "cut"] as const) {
      await chat.endStreams(how);
      chat.say(text(`after ${how}`));
      await until("brook-1", says(`after ${how}`));
    }
    chat.say({ type: "chatEndedEvent" });
    chat.state = "over";
    const events = await until("brook-1", (all) => isTold("connecting", "not_live")(all.slice(5)));
    expect(wordsOf(events)).toEqual([
      "before anybody came",
      'grüße "aus" 日本 😂 \\ :_otter:',
      "after closed",
      "after open",
      "after cut",
    ]);
    const [tip] = events.filter(({ type }) => type === "channel.tip");
    expect(tip?.data).toMatchObject({ amount: { value: "500", currency: "JPY" } });
    const states = events.flatMap(({ type }) => (type.startsWith("stream.o") ? [type] : []));
    expect(states).toEqual(["stream.online", "stream.offline"]);
    // It went live while nobody looked, which was asked for; no end of a stream is a gap.
    const gaps = events.filter(({ type }) => type === "connection.gap");
    expect(gaps.map(({ data }) => data.cause)).toEqual(["reconnect_asked"]);
  });

  it("is read page by page where there is no stream", async ({ expect }) => {
    youtube.hasStream = false;
    const chat = youtube.goLive("brook-2");
    chat.say(text("first"));
    youtube.refuse("liveChat/messages", 403, "rateLimitExceeded");
    await link("brook-2");
    await until("brook-2", says("first"));
    chat.say(text("second"));
    const events = await until("brook-2", says("second"));
    youtube.hasStream = true;
    expect(await connectionOf("brook-2")).toMatchObject({ status: "connected", reason: "polling" });
    expect(wordsOf(events)).toEqual(["first", "second"]);
    expect(youtube.count("liveChat/messages", 200)).toBeGreaterThan(1);
  });

  it("goes on without a token that is good no more, and says that something may be missing", async ({
    expect,
  }) => {
    const chat = youtube.goLive("brook-3");
    chat.say(text("one"));
    await link("brook-3");
    await until("brook-3", says("one"));
    chat.spoilTokens();
    await chat.endStreams("closed");
    chat.say(text("two"));
    const events = await until("brook-3", says("two"));
    expect(wordsOf(events)).toEqual(["one", "two"]);
    const [gap] = events.filter(({ type }) => type === "connection.gap");
    expect(gap?.data).toMatchObject({
      identifier: "youtube:brook-3",
      cause: "page_token_invalid",
    });
  });

  it("goes on by its token after `kill -9`, with nothing missed and nothing twice", async ({
    expect,
  }) => {
    const chat = youtube.goLive("brook-4");
    chat.say(text("one"));
    await link("brook-4");
    await until("brook-4", says("one"));
    const { data, url } = relay;
    await relay.kill();
    chat.say(text("while it was away"));
    relay = await startRelay({ data, port: Number(new URL(url).port) });
    const events = await until("brook-4", says("while it was away"));
    expect(wordsOf(events)).toEqual(["one", "while it was away"]);
    expect(events.filter(({ type }) => type === "connection.gap")).toEqual([]);
    expect(events.filter(({ type }) => type === "stream.online")).toHaveLength(1);
  });

  it("is heard where nobody speaks and the stream does not even begin", async ({ expect }) => {
    const chat = youtube.goLive("brook-11");
    chat.say(text("one"));
    const id = await link("brook-11");
    await until("brook-11", says("one"));
    chat.isMute = true;
    await call(relay, "POST", `/channels/brook-11/providers/${id}/reconnect`);
    // After a while that nothing was refused it is connected.
    const isBack = (all: readonly Event[]): boolean =>
      all.filter(({ data }) => data.status === "connected").length === 2;
    await until("brook-11", isBack);
    chat.say(text("two"));
    const events = await until("brook-11", says("two"));
    expect(wordsOf(events)).toEqual(["one", "two"]);
    expect(events.filter(({ type }) => type === "connection.gap")).toEqual([]);
  });

  it("is found among one's own, written to, and read on while the token is renewed", async ({
    expect,
  }) => {
    const chat = youtube.goLive("brook-5", "UCbrook5");
    chat.say(text("one"));
    await link("brook-5", { target: { channel: "UCbrook5" }, credentials: account });
    await until("brook-5", says("one"));
    expect(await connectionOf("brook-5")).toMatchObject({ writable: true });
    const say = (words: string) =>
      call(relay, "POST", "/channels/brook-5/messages", { text: words });
    await say("hello from here");
    await until("brook-5", (all) => all.some(({ type }) => type === "send.confirmed"));
    await until("brook-5", says("hello from here"));
    youtube.tokens.expire();
    await say("with an old token");
    await until("brook-5", (all) => all.some(({ type }) => type === "send.failed"));
    await until("brook-5", () => youtube.tokens.refreshes.length === 2 && chat.watchers === 1);
    await say("with a new token");
    const events = await until("brook-5", says("with a new token"));
    expect(wordsOf(events)).toEqual(["one", "hello from here", "with a new token"]);
    const failed = events.find(({ type }) => type === "send.failed");
    expect(failed?.data).toMatchObject({ reason: "token_invalid", retryable: true });
    expect(events.filter(({ type }) => type === "connection.gap")).toEqual([]);
    const { data } = await call<{ data: { id: string }[] }>(
      relay,
      "GET",
      "/channels/brook-5/providers",
    );
    expect(JSON.stringify(data)).not.toContain(account.refreshToken);
  });

  it("is linked by a log-in with Google, which is taken once and may be refused", async ({
    expect,
  }) => {
    const chat = youtube.goLive("brook-12", "UCbrook12");
    chat.say(text("one"));
    await call(relay, "POST", "/channels", { id: "brook-12" });
    const path = "/channels/brook-12/providers/authorizations";
    const { clientId, clientSecret } = account;
    const target = { channel: "UCbrook12" };
    const asked = { protocol: "youtube", url: youtube.url, clientId, clientSecret, target };
    const begin = () => call<LogIn>(relay, "POST", path, asked);
    const consent = async ({ authorizeUrl }: LogIn): Promise<string> =>
      (await fetch(authorizeUrl, { redirect: "manual" })).headers.get("location") ?? "";
    const stand = ({ id }: LogIn) => call<LogIn>(relay, "GET", `${path}/${id}`);
    youtube.consents = false;
    const refused = await begin();
    expect((await fetch(await consent(refused))).status).toBe(403);
    expect(await stand(refused)).toMatchObject({ status: "denied", provider: null });
    youtube.consents = true;
    const made = await begin();
    const back = await consent(made);
    expect((await fetch(back)).status).toBe(200);
    expect((await fetch(back)).status).toBe(409);
    expect(await stand(made)).toMatchObject({ status: "done" });
    await until("brook-12", says("one"));
    expect(await connectionOf("brook-12")).toMatchObject({ status: "connected", writable: true });
    // What came of it renews itself as any other account's does.
    youtube.tokens.expire();
    await call(relay, "POST", "/channels/brook-12/messages", { text: "with an old token" });
    await until("brook-12", (all) => all.some(({ type }) => type === "send.failed"));
    chat.say(text("two"));
    await until("brook-12", says("two"));
    const { data } = await call<{ data: unknown[] }>(relay, "GET", "/channels/brook-12/providers");
    expect(JSON.stringify(data)).not.toContain(account.refreshToken);
  });

  it("says what a person must do, for each thing that only a person can mend", async ({
    expect,
  }) => {
    youtube.goLive("brook-6");
    youtube.refuse("liveChat/messages/stream", 403, "quotaExceeded");
    // Of the account: what is used up is used up for all that count by the same.
    await link("brook-6", { credentials: account });
    const events = await until("brook-6", isTold("error", "quota_exceeded"));
    expect(events.at(-1)?.data).toMatchObject({ ready: false });
    await link("brook-7", { credentials: { apiKey: "wrong" } });
    await until("brook-7", isTold("error", "key_invalid"));
    youtube.goLive("brook-8");
    youtube.refuse("liveChat/messages/stream", 403, "liveChatDisabled");
    await link("brook-8");
    await until("brook-8", isTold("error", "chat_disabled"));
    youtube.goLive("brook-9", "UCbrook9");
    await link("brook-9", {
      target: { channel: "UCbrook9" },
      credentials: { ...account, refreshToken: "gone" },
    });
    await until("brook-9", isTold("error", "credentials_expired"));
  });

  it("counts what it costs, once for the whole deployment, and tells how long it lasts", async ({
    expect,
  }) => {
    youtube.goLive("brook-10");
    await link("brook-10", { credentials: { apiKey, dailyUnits: 1_000 } });
    const quotaIn = (all: readonly Event[]) =>
      all.flatMap(({ data }) => data.target?.quota ?? []).at(0);
    const quota = quotaIn(await until("brook-10", (all) => quotaIn(all) !== undefined));
    // What other channels used of the same key counts: a good part of so small a quota.
    expect(quota).toMatchObject({ limit: 1_000 });
    expect(quota?.left).toBeLessThanOrEqual(950);
    expect(youtube.used).toBeGreaterThan(50);
  });
});
