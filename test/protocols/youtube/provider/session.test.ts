import { describe, it } from "vitest";

import type { Balance } from "../../../../src/event/quota.ts";
import { NOTHING_READ, readPiece } from "../../../../src/lib/json-elements.ts";
import type { Json } from "../../../../src/lib/json.ts";
import type { ProviderLink } from "../../../../src/protocols/provider.ts";
import type { ProviderEffect, SocketInput } from "../../../../src/protocols/session.ts";
import { provider } from "../../../../src/protocols/youtube/provider/provider.ts";
import { AT, draftsOf, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import end from "../frames/chat-end.json";
import chat from "../frames/chat.json";
import looks from "../frames/looks.json";
import money from "../frames/money.json";
import other from "../frames/other.json";
import polls from "../frames/polls.json";
import { CHANNEL, CONNECTION, samples, VIDEO } from "../samples.ts";

const MINUTE = 60_000;
const ACCOUNT = {
  clientId: "4711-otter.apps.googleusercontent.com",
  clientSecret: "s",
  refreshToken: "r",
  accessToken: "ya29.a",
  expiresAt: AT + 60 * MINUTE,
};
const KEY = { apiKey: "yt-4pi-k3y" };

type Loose = SocketInput extends infer I
  ? I extends { at: number }
    ? Omit<I, "at">
    : never
  : never;

/** A session in the hands of a test, at a time that it sets. */
class Driven {
  at = AT;
  readonly #session: ReturnType<typeof provider.open>;

  constructor(given: Partial<ProviderLink> = {}) {
    this.#session = provider.open(linkTo(samples, { credentials: KEY, ...given }));
  }

  give(input: Loose): readonly ProviderEffect[] {
    return this.#session.handle({ ...input, at: this.at });
  }

  open(): readonly ProviderEffect[] {
    return this.give({ type: "socket-opened" });
  }

  frame(frame: object): readonly ProviderEffect[] {
    return this.give({ type: "frame-received", frame: JSON.stringify(frame) });
  }

  fire(timer: string): readonly ProviderEffect[] {
    return this.give({ type: "timer-fired", timer });
  }

  ended(request: string, status: number | null, reason?: string): readonly ProviderEffect[] {
    const body = reason === undefined ? "" : refusal(reason);
    return this.give({ type: "stream-ended", request, status, body });
  }

  /** Has it read a chat, up to a first page. */
  read(page: object = other["an empty page"]): readonly ProviderEffect[] {
    this.open();
    this.frame(looks["a live video"]);
    this.ended("look", 200);
    this.give({ type: "stream-opened", request: "read" });
    return this.frame(page);
  }
}

function refusal(reason: string, more: object = {}): string {
  return JSON.stringify({ error: { message: "no", errors: [{ reason, domain: "x" }], ...more } });
}

const askedOf = (effects: readonly ProviderEffect[]): string[] =>
  only(effects, "stream-open").map(({ request, exchange }) => {
    const { pathname, searchParams } = new URL(exchange.url);
    const token = searchParams.get("pageToken");
    return [request, pathname.replace("/youtube/v3/", ""), token ?? []].flat().join(" ");
  });

const timerOf = (effects: readonly ProviderEffect[], timer: string): number | undefined =>
  only(effects, "timer-set").find((each) => each.timer === timer)?.afterMs;

const connectionIn = (effects: readonly ProviderEffect[]) =>
  only(effects, "connection-observe").at(-1)?.connection;

const failureIn = (effects: readonly ProviderEffect[]) => only(effects, "session-fail")[0]?.failure;

const typesIn = (effects: readonly ProviderEffect[]) => draftsOf(effects).map(({ type }) => type);

const withToken = (token: string, page: object = other["an empty page"]) => ({
  ...page,
  nextPageToken: token,
});

describe("a broadcast", () => {
  it("is found by its video, and its chat is opened as a stream", ({ expect }) => {
    const session = new Driven();
    expect(askedOf(session.open())).toEqual(["look videos"]);
    const found = session.frame(looks["a live video"]);
    expect(askedOf(found)).toEqual(["read liveChat/messages/stream"]);
    const [{ exchange } = { exchange: null }] = only(found, "stream-open");
    const url = new URL(exchange?.url ?? "");
    expect(url.origin).toBe("https://youtube.googleapis.com");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      liveChatId: looks["a live video"].items[0]?.liveStreamingDetails.activeLiveChatId,
      part: "id,snippet,authorDetails",
      key: "yt-4pi-k3y",
    });
    expect(exchange?.costs).toEqual([
      { account: "yt-4pi-k3y", bucket: "units", units: 5, limit: 10_000 },
    ]);
    expect(typesOf(found)).not.toContain("session-ready");
  });

  it("is connected once its chat answers, and tells that it is on and who watches", ({
    expect,
  }) => {
    const session = new Driven();
    session.open();
    session.frame(looks["a live video"]);
    const opened = session.give({ type: "stream-opened", request: "read" });
    expect(connectionIn(opened)).toMatchObject({
      identifier: CONNECTION,
      status: "connected",
      reason: null,
      live: true,
      writable: false,
      target: { id: VIDEO, name: "The brook, live" },
    });
    expect(draftsOf(opened)).toMatchObject([
      { type: "stream.online", key: `online/youtube/${VIDEO}` },
      { type: "stream.viewers", data: { count: 41 } },
    ]);
    expect(typesIn(session.frame(other["an empty page"]))).toEqual([]);
  });

  it("is waited for where there is none, which is no failure and no outage", ({ expect }) => {
    const session = new Driven();
    session.open();
    const waiting = session.frame(looks["no video"]);
    expect(typesOf(waiting)).toEqual(expect.arrayContaining(["session-ready", "session-settled"]));
    expect(connectionIn(waiting)).toMatchObject({
      status: "connecting",
      reason: "not_live",
      idle: true,
      live: false,
      ready: false,
    });
    const waits = [timerOf(waiting, "look")];
    for (let count = 0; count < 4; count++) {
      session.fire("look");
      waits.push(timerOf(session.frame(looks["no video"]), "look"));
    }
    expect(waits).toEqual([20_000, 20_000, 20_000, MINUTE, MINUTE]);
    session.at += 10 * 60 * MINUTE;
    session.fire("look");
    expect(timerOf(session.frame(looks["no video"]), "look")).toBe(5 * MINUTE);
    expect(askedOf(session.fire("look"))).toEqual(["look videos"]);
    expect(askedOf(session.frame(looks["a live video"]))).toEqual([
      "read liveChat/messages/stream",
    ]);
  });

  it("that is over for good is looked for seldom", ({ expect }) => {
    const session = new Driven();
    session.open();
    const waits = [1, 2, 3, 4].map(() =>
      timerOf(session.frame(looks["a video that is over"]), "look"),
    );
    expect(waits).toEqual([20_000, 20_000, 20_000, 5 * MINUTE]);
  });

  it("may be read before it begins, and its beginning is told", ({ expect }) => {
    const session = new Driven();
    session.open();
    session.frame(looks["a video that is to come"]);
    const heard = session.frame(other["an empty page"]);
    expect(connectionIn(heard)).toMatchObject({ status: "connected", live: false });
    expect(typesIn(heard)).toEqual([]);
    expect(askedOf(session.fire("viewers"))).toEqual(["viewers videos"]);
    const begun = session.frame(looks["a live video"]);
    expect(connectionIn(begun)).toMatchObject({ live: true });
    expect(typesIn(begun)).toEqual(["stream.online", "stream.viewers"]);
    session.fire("viewers");
    expect(typesIn(session.frame(looks["a live video"]))).toEqual(["stream.viewers"]);
  });

  it("of one's own is listed, and others' are searched for", ({ expect }) => {
    const own = new Driven({ target: { channel: CHANNEL }, credentials: ACCOUNT });
    const begun = own.open();
    expect(askedOf(begun)).toEqual(["look liveBroadcasts"]);
    // All of them: unasked, Google shows five of one kind.
    const [{ exchange } = { exchange: { url: "" } }] = only(begun, "stream-open");
    expect(Object.fromEntries(new URL(exchange.url).searchParams)).toMatchObject({
      mine: "true",
      maxResults: "50",
      broadcastType: "all",
    });
    expect(askedOf(own.frame(looks["a live broadcast of one's own"]))).toEqual([
      "read liveChat/messages/stream",
    ]);
    const others = new Driven({ target: { channel: "UCsomebodyElse" }, credentials: ACCOUNT });
    others.open();
    expect(askedOf(others.frame(looks["a live broadcast of one's own"]))).toEqual(["look search"]);
    const searched = new Driven({ target: { channel: CHANNEL } });
    const [asked] = only(searched.open(), "stream-open");
    expect(asked?.exchange.costs?.map(({ bucket, limit }) => [bucket, limit])).toEqual([
      ["searches", 100],
    ]);
    expect(askedOf(searched.frame(looks["a search that found one"]))).toEqual(["look videos"]);
    const none = searched.frame(looks["a search that found none"]);
    expect(timerOf(none, "look")).toBe(5 * MINUTE);
  });

  it("of a handle is found by the channel that goes by it", ({ expect }) => {
    const session = new Driven({ target: { channel: "@otterbrook" }, credentials: ACCOUNT });
    expect(askedOf(session.open())).toEqual(["look channels"]);
    expect(askedOf(session.frame(looks["a channel of a handle"]))).toEqual(["look liveBroadcasts"]);
    expect(askedOf(session.frame(looks["a live broadcast of one's own"]))).toHaveLength(1);
  });
});

describe("a streamed answer", () => {
  it("a streamed answer is an array that grows, cut anywhere, and may lack its end", ({
    expect,
  }) => {
    const text = `[${JSON.stringify(chat["a text of a member"], null, 2)}\n,\n${JSON.stringify(chat["a text"])}`;
    const bytes = new TextEncoder().encode(text);
    const decoder = new TextDecoder();
    const session = new Driven();
    session.read();
    let reading = NOTHING_READ;
    const words: string[] = [];
    for (const byte of bytes) {
      const piece = decoder.decode(Uint8Array.of(byte), { stream: true });
      const next = readPiece(reading, piece, 100_000);
      ({ reading } = next);
      for (const element of next.elements) {
        const effects = session.give({ type: "frame-received", frame: element.text });
        words.push(...typesIn(effects));
      }
    }
    expect(words).toEqual(["chat.message", "chat.message"]);
    expect(reading.begun).toBe("");
  });

  it("goes on at once, from the last token, wherever it ended", ({ expect }) => {
    const session = new Driven();
    session.read(withToken("T1"));
    session.at += 5 * MINUTE;
    expect(askedOf(session.ended("read", 200))).toEqual(["read liveChat/messages/stream T1"]);
    session.frame(withToken("T2"));
    session.at += 5 * MINUTE;
    expect(askedOf(session.fire("stale"))).toEqual(["read liveChat/messages/stream T2"]);
  });

  it("is opened less often where it ends too often", ({ expect }) => {
    const session = new Driven();
    session.read(withToken("T1"));
    expect(timerOf(session.ended("read", 200), "read")).toBe(2_000);
    session.fire("read");
    const waits = Array.from({ length: 30 }, () => {
      session.at += 6_000;
      const afterMs = timerOf(session.ended("read", 200), "read") ?? 0;
      session.at += afterMs;
      if (afterMs > 0) session.fire("read");
      return afterMs;
    });
    expect(waits.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 0));
    expect(waits.slice(11, 14)).toEqual([30_000, 60_000, 90_000]);
    expect(Math.max(...waits)).toBe(5 * MINUTE);
  });

  it("keeps its place with each page, and the next session goes on there, with nothing missed", ({
    expect,
  }) => {
    const session = new Driven();
    session.read();
    const [kept] = only(session.frame(withToken("T7")), "place-keep");
    const place = kept?.place ?? null;
    expect(place).not.toContain("yt-4pi-k3y");
    const next = new Driven({ place, dialId: "dial-2" });
    next.at += MINUTE;
    expect(askedOf(next.open())).toEqual(["read liveChat/messages/stream T7"]);
    const opened = next.give({ type: "stream-opened", request: "read" });
    expect(connectionIn(opened)).toMatchObject({ status: "connected", resumed: true });
    expect(typesIn(opened)).toEqual([]);
    const late = new Driven({ place });
    late.at += 11 * MINUTE;
    expect(askedOf(late.open())).toEqual(["read liveChat/messages/stream"]);
    expect(connectionIn(late.frame(withToken("T8")))).not.toHaveProperty("resumed");
    const another = new Driven({ place, target: { video: "another" } });
    expect(askedOf(another.open())).toEqual(["look videos"]);
  });
});

describe("a page", () => {
  it("the first answer holds what was said before", ({ expect }) => {
    const at = (page: { items: { snippet: object }[] }, ms: number) => ({
      ...page,
      items: page.items.map((item) => ({
        ...item,
        snippet: { ...item.snippet, publishedAt: new Date(ms).toISOString() },
      })),
    });
    const old = at(chat["a text"], AT - 10 * MINUTE);
    const oldMoney = at(money["a Super Chat"], AT - 10 * MINUTE);
    const newMoney = at(money["a Super Sticker"], AT - 10_000);
    const items = [old, oldMoney, newMoney].flatMap((page) => page.items);
    // Words are told with their time; nobody is thanked again.
    const first = new Driven().read({ ...other["an empty page"], items });
    expect(typesIn(first)).toEqual(["chat.message", "channel.tip"]);
    const session = new Driven();
    session.read();
    expect(typesIn(session.frame(oldMoney))).toEqual(["channel.tip"]);
  });

  it("the same item may come in two answers", ({ expect }) => {
    const session = new Driven();
    session.read();
    const keys = [1, 2].flatMap(() =>
      draftsOf(session.frame(chat["a text"])).map(({ key }) => key),
    );
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^chat\/youtube\/LCC\./);
  });

  it("a poll comes beside the items as well, with its votes", ({ expect }) => {
    const session = new Driven();
    session.read();
    const [poll] = draftsOf(session.frame(polls["a poll beside the items"]));
    expect(poll).toMatchObject({
      type: "channel.poll.progressed",
      data: { choices: [{ votes: 1 }, { votes: 0 }] },
    });
  });

  it("of hundreds of items is told in parts", ({ expect }) => {
    const [item] = chat["a text"].items;
    const items = Array.from({ length: 200 }, (_, index) => ({ ...item, id: `LCC.${index}` }));
    const session = new Driven();
    session.read();
    const told = only(session.frame({ ...chat["a text"], items }), "events-observe");
    expect(told.map(({ drafts }) => drafts.length)).toEqual([50, 50, 50, 50]);
  });

  it("says that the stream is over, and the next is waited for", ({ expect }) => {
    const session = new Driven();
    session.read();
    const over = session.frame({
      ...other["an empty page"],
      offlineAt: "2026-05-04T20:00:00+00:00",
    });
    expect(draftsOf(over)).toMatchObject([
      {
        type: "stream.offline",
        key: `offline/youtube/${VIDEO}`,
        data: { endedAt: "2026-05-04T20:00:00.000Z" },
      },
    ]);
    expect(connectionIn(over)).toMatchObject({ reason: "not_live", idle: true });
    expect(only(over, "place-keep")).toMatchObject([{ place: null }]);
    expect(only(over, "stream-close")).toMatchObject([{ request: "read" }]);
    // For a while it is still told of as if it were there.
    session.at += 20_000;
    session.fire("look");
    expect(askedOf(session.frame(looks["a live video"]))).toEqual([]);
    session.at += MINUTE;
    session.fire("look");
    expect(askedOf(session.frame(looks["a live video"]))).toHaveLength(1);
    const ended = new Driven();
    ended.read();
    expect(typesIn(ended.frame(end["the end of the chat"]))).toEqual(["stream.offline"]);
  });
});

describe("a refusal", () => {
  it("errors are told apart by their reason, not by their number", ({ expect }) => {
    const failed = (status: number, reason: string) => {
      const session = new Driven();
      session.read();
      return failureIn(session.ended("read", status, reason));
    };
    expect(failed(403, "quotaExceeded")).toMatchObject({
      remedy: "slow",
      reason: "quota_exceeded",
    });
    expect(failed(403, "liveChatDisabled")).toMatchObject({
      remedy: "slow",
      reason: "chat_disabled",
    });
    expect(failed(403, "forbidden")).toMatchObject({ remedy: "stop", reason: "forbidden" });
    expect(failed(403, "accessNotConfigured")).toMatchObject({ remedy: "stop", reason: "api_off" });
    expect(failed(403, "liveChatEnded")).toBeUndefined();
    expect(failed(403, "rateLimitExceeded")).toBeUndefined();
    const session = new Driven();
    session.open();
    const body = refusal("badRequest", { details: [{ reason: "API_KEY_INVALID" }] });
    const invalid = session.give({ type: "stream-ended", request: "look", status: 400, body });
    expect(failureIn(invalid)).toMatchObject({ remedy: "stop", reason: "key_invalid" });
  });

  it("of a day's quota lasts until midnight in Pacific time", ({ expect }) => {
    const session = new Driven();
    session.at = Date.parse("2026-05-04T18:00:00Z");
    session.read();
    const { retryAfterMs = 0 } = failureIn(session.ended("read", 403, "quotaExceeded")) ?? {};
    expect(new Date(session.at + retryAfterMs).toISOString()).toBe("2026-05-05T07:00:30.000Z");
  });

  it("of a day's quota is told to the ledger, whatever was asked for", ({ expect }) => {
    const emptied = (
      given: Partial<ProviderLink>,
      refuse: (session: Driven) => readonly ProviderEffect[],
    ) => {
      const session = new Driven(given);
      session.at = Date.parse("2026-05-04T18:00:00Z");
      return only(refuse(session), "quota-empty").map(({ of }) => of);
    };
    const quota = (request: string) => (session: Driven) => {
      session.read();
      return session.ended(request, 403, "quotaExceeded");
    };
    const look = (session: Driven) => {
      session.open();
      return session.ended("look", 403, "quotaExceeded");
    };
    const units = { account: KEY.apiKey, bucket: "units", limit: 10_000 };
    expect(emptied({}, look)).toEqual([units]);
    expect(emptied({}, quota("read"))).toEqual([units]);
    expect(emptied({}, quota("viewers"))).toEqual([units]);
    const body = refusal("quotaExceeded");
    const sent = emptied({ credentials: ACCOUNT }, (session) => {
      session.read();
      return session.give({ type: "request-answered", request: "j1", status: 403, body });
    });
    expect(sent).toEqual([{ ...units, account: "4711" }]);
    // Searches are counted apart: those who read go on.
    const target = { channel: CHANNEL } as Json;
    expect(emptied({ target }, look)).toEqual([{ ...units, bucket: "searches", limit: 100 }]);
    const other = (session: Driven) => {
      session.read();
      return session.ended("read", 403, "rateLimitExceeded");
    };
    expect(emptied({}, other)).toEqual([]);
  });

  it("of a day's quota just after midnight is of the day before, and asked again soon", ({
    expect,
  }) => {
    const session = new Driven();
    session.at = Date.parse("2026-05-04T07:00:05Z");
    session.read();
    const effects = session.ended("read", 403, "quotaExceeded");
    expect(typesOf(effects)).not.toContain("quota-empty");
    expect(failureIn(effects)).toMatchObject({
      reason: "quota_exceeded",
      retryAfterMs: 10 * MINUTE - 5_000 + 30_000,
    });
  });

  it("of a token begins anew, from what is not known yet, and tells of a gap", ({ expect }) => {
    const session = new Driven();
    session.read(withToken("T1"));
    session.at += 5 * MINUTE;
    expect(askedOf(session.ended("read", 400, "pageTokenInvalid"))).toEqual([
      "read liveChat/messages/stream",
    ]);
    const [item] = chat["a text"].items;
    const said = (id: string, ms: number) => ({
      ...item,
      id,
      snippet: { ...item?.snippet, publishedAt: new Date(ms).toISOString() },
    });
    const items = [said("LCC.old", AT - MINUTE), said("LCC.new", AT + MINUTE)];
    const drafts = draftsOf(session.frame({ ...other["an empty page"], items }));
    expect(drafts.map(({ type }) => type)).toEqual(["connection.gap", "chat.message"]);
    expect(drafts[0]?.data).toEqual({
      identifier: CONNECTION,
      from: new Date(AT).toISOString(),
      to: new Date(AT + 5 * MINUTE).toISOString(),
      cause: "page_token_invalid",
    });
    expect(typesIn(session.frame(chat["a text"]))).toEqual(["chat.message"]);
  });

  it("for haste is followed by twice the time", ({ expect }) => {
    const session = new Driven();
    session.read();
    const waits = [1, 2, 3].map(() =>
      timerOf(session.ended("read", 403, "rateLimitExceeded"), "read"),
    );
    expect(waits).toEqual([10_000, 20_000, 40_000]);
  });

  it("of the stream's address is no end: pages are asked for, at the chat's pace", ({ expect }) => {
    const session = new Driven();
    session.open();
    session.frame(looks["a live video"]);
    const gone = session.give({
      type: "stream-ended",
      request: "read",
      status: 404,
      body: "<html>",
    });
    expect(askedOf(gone)).toEqual(["read liveChat/messages"]);
    const page = session.frame(withToken("T1"));
    expect(connectionIn(page)).toMatchObject({ status: "connected", reason: "polling" });
    expect(timerOf(session.ended("read", 200), "read")).toBe(4_100);
    expect(askedOf(session.fire("read"))).toEqual(["read liveChat/messages T1"]);
  });

  it("of an outage is tried again a few times, and is then one of the link", ({ expect }) => {
    const session = new Driven();
    session.read();
    const waits = [500, null, 503].map((status) => timerOf(session.ended("read", status), "read"));
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(failureIn(session.ended("read", 500))).toMatchObject({
      remedy: "retry",
      reason: "unavailable",
    });
  });

  it("of an access token is followed by a session with a new one, or by a new link", ({
    expect,
  }) => {
    const session = new Driven({ credentials: ACCOUNT });
    session.read(withToken("T3"));
    const [replaced] = only(session.ended("read", 401), "session-replace");
    expect(replaced).toMatchObject({ reason: "token_invalid" });
    expect(session.ended("read", 401)).toEqual([]);
    const next = new Driven({ credentials: ACCOUNT, handOver: replaced?.handOver ?? null });
    expect(askedOf(next.open())).toEqual(["read liveChat/messages/stream T3"]);
    expect(failureIn(next.ended("read", 401))).toMatchObject({
      remedy: "renew",
      reason: "token_invalid",
    });
    const fresh = new Driven({ credentials: ACCOUNT });
    fresh.open();
    expect(failureIn(fresh.ended("look", 401))).toMatchObject({ remedy: "renew" });
  });

  it("does not wait for a token to run out", ({ expect }) => {
    const session = new Driven({ credentials: ACCOUNT });
    expect(timerOf(session.open(), "renew")).toBe(55 * MINUTE);
    session.frame(looks["a live video"]);
    const { handOver = "" } =
      only([...session.frame(withToken("T1")), ...session.fire("renew")], "session-replace")[0] ??
      {};
    expect(JSON.parse(handOver)).toMatchObject({ uuid: "dial-1", place: { token: "T1" } });
  });
});

describe("a message", () => {
  const send = (text: string) => ({
    type: "send-requested" as const,
    send: {
      job: "j1",
      identifier: CONNECTION,
      content: { kind: "chat" as const, style: "text" as const, text },
    },
  });
  const answered = (status: number, body: string) => {
    const session = new Driven({ credentials: ACCOUNT });
    session.read();
    session.give(send("hi"));
    return session.give({ type: "request-answered", request: "j1", status, body });
  };

  it("is inserted in the chat by whoever logged in, and costs messages and units", ({ expect }) => {
    const session = new Driven({ credentials: ACCOUNT });
    expect(connectionIn(session.read())).toBeUndefined();
    const effects = session.give(send("two\nlines "));
    expect(typesOf(effects)).toEqual(["send-issue", "request-issue"]);
    const [{ exchange } = { exchange: null }] = only(effects, "request-issue");
    expect(JSON.parse(exchange?.body ?? "{}")).toMatchObject({
      snippet: { type: "textMessageEvent", textMessageDetails: { messageText: "two lines" } },
    });
    expect(exchange?.headers).toMatchObject({ authorization: "Bearer ya29.a" });
    expect(exchange?.costs).toEqual([
      { account: "4711", bucket: "messages", units: 1, limit: 60 },
      { account: "4711", bucket: "units", units: 50, limit: 10_000 },
    ]);
  });

  it("is refused where nobody logged in, or nothing is live", ({ expect }) => {
    const reader = new Driven();
    reader.read();
    expect(reader.give(send("hi"))).toMatchObject([{ failure: { reason: "not_writable" } }]);
    const waiting = new Driven({ credentials: ACCOUNT });
    waiting.open();
    waiting.frame(looks["no video"]);
    expect(waiting.give(send("hi"))).toMatchObject([{ failure: { reason: "not_live" } }]);
  });

  it("has at most 200 characters, of any script", ({ expect }) => {
    const check = (text: string) =>
      provider.sending?.check({ kind: "chat", style: "text", text })?.reason ?? null;
    expect([check("😂".repeat(200)), check("😂".repeat(201)), check(" \n ")]).toEqual([
      null,
      "too_long",
      "empty",
    ]);
  });

  it("ends as the answer says", ({ expect }) => {
    const reasonOf = (effects: readonly ProviderEffect[]) =>
      effects.map((effect) => (effect.type === "send-fail" ? effect.failure.reason : effect.type));
    expect(reasonOf(answered(200, '{"id":"LCC.1"}'))).toEqual(["send-confirm"]);
    expect(reasonOf(answered(200, "?"))).toEqual(["outcome_unknown"]);
    expect(reasonOf(answered(500, ""))).toEqual(["outcome_unknown"]);
    expect(reasonOf(answered(400, refusal("invalidValue")))).toEqual(["refused"]);
    expect(reasonOf(answered(403, refusal("forbidden")))).toEqual(["forbidden"]);
    expect(reasonOf(answered(403, refusal("liveChatEnded")))).toEqual(["not_live"]);
    expect(reasonOf(answered(404, refusal("liveChatNotFound")))).toEqual(["not_live"]);
    expect(answered(403, refusal("rateLimitExceeded"))).toMatchObject([
      { failure: { reason: "rate_limited", retryable: true, retryAfterMs: 5_000 } },
    ]);
    expect(only(answered(403, refusal("quotaExceeded")), "send-fail")).toMatchObject([
      { failure: { reason: "quota_exceeded", retryable: true } },
    ]);
    expect(reasonOf(answered(401, refusal("authError")))).toEqual([
      "token_invalid",
      "session-replace",
    ]);
  });
});

describe("the day's units", () => {
  const balance = (given: Partial<Balance> = {}): Balance => ({
    bucket: "units",
    limit: 10_000,
    used: 100,
    resetsAt: AT + 10 * 60 * MINUTE,
    emptyAt: null,
    ...given,
  });

  it("are told of with the connection, in steps, with the hour at which they will be used up", ({
    expect,
  }) => {
    const session = new Driven();
    session.read();
    const tell = (given: Partial<Balance>) =>
      connectionIn(session.give({ type: "balance-told", balances: [balance(given)] }))?.target;
    expect(tell({})).toMatchObject({ quota: { limit: 10_000, left: 9_500, emptyAt: null } });
    expect(tell({ used: 120 })).toBeUndefined();
    const emptyAt = Date.parse("2024-11-24T03:41:00Z");
    expect(tell({ used: 4_000, emptyAt })).toMatchObject({
      quota: { left: 6_000, emptyAt: "2024-11-24T03:00:00.000Z" },
    });
  });

  it("that are used up end the session until there are more, and fail what is to be sent", ({
    expect,
  }) => {
    const session = new Driven({ credentials: ACCOUNT });
    session.read();
    const empty = balance({ used: 10_000, emptyAt: AT });
    const withheld = (request: string, about: Balance | null) =>
      session.give({ type: "request-withheld", request, balance: about });
    expect(withheld("j1", empty)).toMatchObject([
      { type: "send-fail", failure: { reason: "quota_exceeded", retryAfterMs: 10 * 60 * MINUTE } },
    ]);
    expect(failureIn(withheld("read", empty))).toMatchObject({
      reason: "quota_exceeded",
      retryAfterMs: 10 * 60 * MINUTE + 30_000,
    });
    expect(timerOf(withheld("read", null), "read")).toBe(MINUTE);
  });

  it("of searches alone leave everything else as it is", ({ expect }) => {
    const session = new Driven({ target: { channel: CHANNEL } as Json });
    session.open();
    const empty = balance({ bucket: "searches", limit: 100, used: 100, emptyAt: AT });
    const effects = session.give({ type: "request-withheld", request: "look", balance: empty });
    expect(typesOf(effects)).not.toContain("session-fail");
    expect(timerOf(effects, "look")).toBe(60 * MINUTE);
  });
});
