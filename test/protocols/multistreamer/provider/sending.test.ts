import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/multistreamer/index.ts";
import type { ProviderEffect, SendContent } from "../../../../src/protocols/session.ts";
import { only, typesOf, type Driven } from "../../support/drive.ts";
import other from "../frames/other.json";
import {
  BOT,
  FACEBOOK,
  listing,
  offAir,
  onAir,
  ROOM,
  started,
  TWITCH,
  words,
  YOUTUBE,
} from "../samples.ts";

const asks = (session: Driven, identifier: string, content: SendContent, job = "j-1") =>
  session.sends({ job, identifier, content });

const failure = (effects: readonly ProviderEffect[]) => only(effects, "send-fail")[0]?.failure;

const frames = (effects: readonly ProviderEffect[]) =>
  only(effects, "frame-send").map(({ frame }) => JSON.parse(frame) as object);

const writerOf = (account_id: number, cur_stream_account_id: number) => ({
  type: "writer",
  account_id,
  cur_stream_account_id,
});

describe("what is to be said", () => {
  it.for([
    ["in the internal room", ROOM, words("mind the weir"), "text", 0, "mind the weir"],
    ["in a network's chat", TWITCH, words("hello"), "text", 31, "hello"],
    ["in another network's chat", YOUTUBE, words("hello"), "text", 32, "hello"],
    ["as /me", TWITCH, words("waves", { style: "emote" }), "emote", 31, "waves"],
    ["by the account itself, by name", TWITCH, words("hello", { as: TWITCH }), "text", 31, "hello"],
  ] as const)(
    "goes out at once where nothing is in the way: %s",
    ([, to, said, ...sent], { expect }) => {
      const [type, account, text] = sent;
      const effects = asks(started(), to, said);
      expect(typesOf(effects)).toEqual(["send-issue", "frame-send", "timer-set"]);
      expect(effects[0]).toEqual({ type: "send-issue", job: "j-1" });
      expect(frames(effects)).toEqual([
        { type, account_id: account, cur_stream_account_id: account, text },
      ]);
      expect(effects[2]).toEqual({ type: "timer-set", timer: "echo:j-1", afterMs: 30_000 });
    },
  );

  it("/me is made an emote by who sends it", ({ expect }) => {
    const sent = (text: string, style: "text" | "emote" = "text") =>
      frames(asks(started(), TWITCH, words(text, { style })))[0];
    expect(sent("/me waves")).toMatchObject({ type: "emote", text: "waves" });
    expect(sent("/me  waves twice ")).toMatchObject({ type: "emote", text: "waves twice" });
    expect(sent("/me waves", "emote")).toMatchObject({ type: "emote", text: "waves" });
    expect(sent("/me")).toMatchObject({ type: "text", text: "/me" });
    expect(sent("/mean words")).toMatchObject({ type: "text", text: "/mean words" });
  });

  it("/irc and /msg lead to account 0, whichever account was meant", ({ expect }) => {
    for (const text of ["/irc hello", "/msg heronwatch hello", "/me /irc hello"]) {
      const away = asks(started(), TWITCH, words(text));
      expect(typesOf(away)).toEqual(["send-fail"]);
      expect(failure(away)).toEqual({ reason: "wrong_target", retryable: false });
      expect(frames(asks(started(), ROOM, words(text)))).toMatchObject([{ account_id: 0 }]);
    }
    for (const text of [" /irc hello", "/ircs hello", "say /msg"]) {
      expect(frames(asks(started(), TWITCH, words(text)))).toMatchObject([{ text }]);
    }
  });

  it.for([
    ["an account nobody knows", "multistreamer:99", words("hello")],
    ["an account by a name from the prototype", "multistreamer:constructor", words("hello")],
    ["an account of another protocol", "restream:31", words("hello")],
    ["an account that cannot be written to", FACEBOOK, words("hello")],
    ["where nobody can write, by one that can", FACEBOOK, words("hello", { as: BOT })],
    ["by an account nobody knows", TWITCH, words("hello", { as: "multistreamer:99" })],
    ["by an account that cannot write", TWITCH, words("hello", { as: FACEBOOK })],
    ["in the internal room, by an account that is not there", ROOM, words("hello", { as: BOT })],
    ["in a chat, by the internal room's account", TWITCH, words("hello", { as: ROOM })],
  ] as const)("cannot be said: %s", ([, to, said], { expect }) => {
    const effects = asks(started(), to, said);
    expect(typesOf(effects)).toEqual(["send-fail"]);
    expect(failure(effects)).toEqual({ reason: "not_writable", retryable: false });
  });

  it("cannot be said where the stream does not go", ({ expect }) => {
    expect(failure(asks(started(), BOT, words("hello")))).toEqual({
      reason: "not_live",
      retryable: true,
    });
    expect(failure(asks(started(offAir), TWITCH, words("hello")))).toMatchObject({
      reason: "not_writable",
    });
  });
});

describe("what can never be said", () => {
  const flaw = (content: SendContent) => provider.sending?.check(content);

  it.for([
    ["", "empty"],
    [" \t ", "empty"],
    ["one\ntwo", "line_break"],
    ["one\rJOIN #two", "line_break"],
    ["one\u0000two", "line_break"],
    ["/msg", "command_incomplete"],
    ["/msg  hello", "command_incomplete"],
    ["/irc ", "command_incomplete"],
    ["/me /msg heronwatch", "command_incomplete"],
    ["a".repeat(65_536), "too_long"],
    ["é".repeat(33_000), "too_long"],
    ['"'.repeat(33_000), "too_long"],
  ] as const)("%j is %s", ([text, reason], { expect }) => {
    expect(flaw(words(text))).toMatchObject({ reason, pointer: "/text" });
    expect(failure(asks(started(), ROOM, words(text)))).toEqual({ reason, retryable: false });
  });

  it.for(["a", "a".repeat(65_000), "é".repeat(32_000), "/msg heronwatch  hi", "/me", "/irc hi"])(
    "%s can be",
    (text, { expect }) => {
      expect(flaw(words(text))).toBeNull();
      const [frame] = only(asks(started(), ROOM, words(text)), "frame-send");
      expect(new TextEncoder().encode(frame?.frame).length).toBeLessThanOrEqual(65_535);
    },
  );

  it("an answer or an interface is none of its kinds", ({ expect }) => {
    expect(provider.sending?.kinds).toEqual(["chat"]);
    expect(flaw({ ...words("yes"), replyTo: "m-1" } as SendContent)).toMatchObject({
      reason: "reply_unsupported",
      pointer: "/replyTo",
    });
    const shown: SendContent = { kind: "ui", interface: {} };
    expect(flaw(shown)).toMatchObject({ reason: "kind_unsupported", pointer: "/kind" });
    expect(failure(asks(started(), TWITCH, shown))).toEqual({
      reason: "kind_unsupported",
      retryable: false,
    });
  });
});

describe("a writer", () => {
  const bot = words("hello", { as: BOT });

  it("is asked for first, and what is to be said waits for it", ({ expect }) => {
    const session = started();
    const effects = asks(session, TWITCH, bot);
    expect(frames(effects)).toEqual([writerOf(47, 31)]);
    const deadline = { type: "timer-set", timer: "writer:47>31", afterMs: 15_000 };
    expect(effects).toContainEqual(deadline);
    expect(typesOf(effects)).toEqual(["frame-send", "timer-set"]);
    const granted = session.receives(other.writer);
    expect(typesOf(granted)).toEqual([
      "connection-observe",
      "timer-clear",
      "send-issue",
      "frame-send",
      "timer-set",
    ]);
    expect(frames(granted)).toEqual([
      { type: "text", account_id: 47, cur_stream_account_id: 31, text: "hello" },
    ]);
  });

  it("is asked for once, and stays", ({ expect }) => {
    const session = started();
    asks(session, TWITCH, bot, "j-1");
    expect(asks(session, TWITCH, bot, "j-2")).toEqual([]);
    const issued = only(session.receives(other.writer), "send-issue").map(({ job }) => job);
    expect(issued).toEqual(["j-1", "j-2"]);
    session.receives(onAir);
    expect(typesOf(asks(session, TWITCH, bot, "j-3"))).toContain("send-issue");
  });

  it("a writer is granted, or nothing is said at all", ({ expect }) => {
    const session = started();
    asks(session, TWITCH, bot, "j-1");
    asks(session, TWITCH, bot, "j-2");
    const reason = "writer_not_granted";
    expect(session.fires("writer:47>31")).toEqual([
      { type: "send-fail", job: "j-1", failure: { reason, retryable: true } },
      { type: "send-fail", job: "j-2", failure: { reason, retryable: true } },
    ]);
    expect(frames(asks(session, TWITCH, bot, "j-3"))).toEqual([writerOf(47, 31)]);
  });

  it("a writerresult may come without being asked for", ({ expect }) => {
    const session = started();
    expect(typesOf(session.receives(other.writer))).toEqual(["connection-observe"]);
    expect(session.receives(other.writer)).toEqual([]);
    expect(session.receives({ ...other.writer, account_id: 99 })).toEqual([]);
    expect(typesOf(asks(session, TWITCH, bot))).toContain("send-issue");
  });

  it("may be named in text, and comes before the first status", ({ expect }) => {
    const session = started({
      type: "writerresult",
      account_id: "47",
      cur_stream_account_id: "31",
    });
    session.receives(onAir);
    expect(typesOf(asks(session, TWITCH, bot))).toContain("send-issue");
  });

  it("is for one way only", ({ expect }) => {
    const twins = listing({ "34": { ...onAir.accounts["31"], name: "MillPond" } });
    const session = started(twins);
    session.receives(other.writer);
    const other34 = asks(session, "multistreamer:34", bot, "j-1");
    expect(frames(other34)).toEqual([writerOf(47, 34)]);
    const across = asks(session, "multistreamer:34", words("hi", { as: TWITCH }), "j-2");
    expect(frames(across)).toEqual([writerOf(31, 34)]);
    expect(
      only(session.receives({ ...writerOf(31, 34), type: "writerresult" }), "send-issue"),
    ).toEqual([{ type: "send-issue", job: "j-2" }]);
  });

  it("is not needed any more once the account is ready", ({ expect }) => {
    const session = started(listing({ "31": { ready: false } }));
    expect(frames(asks(session, TWITCH, words("hello")))).toEqual([writerOf(31, 31)]);
    const effects = session.receives(onAir);
    expect(only(effects, "send-issue")).toHaveLength(1);
    expect(effects).toContainEqual({ type: "timer-clear", timer: "writer:31>31" });
  });

  it("is not waited for where the account has gone", ({ expect }) => {
    const session = started();
    asks(session, TWITCH, bot);
    const effects = session.receives(listing({ "47": null }));
    expect(failure(effects)).toEqual({ reason: "not_writable", retryable: false });
    expect(effects).toContainEqual({ type: "timer-clear", timer: "writer:47>31" });
    expect(typesOf(session.receives(other.writer))).toEqual([]);
  });

  it("goes with the stream", ({ expect }) => {
    const session = started();
    session.receives(other.writer);
    session.receives(offAir);
    session.receives(onAir);
    expect(frames(asks(session, TWITCH, bot))).toEqual([writerOf(47, 31)]);
  });
});
