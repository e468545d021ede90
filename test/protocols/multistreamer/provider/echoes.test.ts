import { describe, it } from "vitest";

import type { ProviderEffect, SendContent } from "../../../../src/protocols/session.ts";
import { draftsOf, only, typesOf, type Driven } from "../../support/drive.ts";
import chat from "../frames/chat.json";
import other from "../frames/other.json";
import { BOT, ROOM, started, TWITCH, words, YOUTUBE } from "../samples.ts";

const bot = { id: "4747", name: "MillBot" };
const own = chat["twitch, the stream's own"];
const room = { ...chat.internal, from: { id: 2, name: "rivermill" } };

/** A session that has said it, job by job. */
function having(...said: readonly (readonly [identifier: string, content: SendContent])[]): Driven {
  const session = started();
  session.receives(other.writer);
  for (const [at, [identifier, content]] of said.entries()) {
    const effects = session.sends({ job: `j-${at + 1}`, identifier, content });
    if (!typesOf(effects).includes("send-issue")) throw new Error("not said");
  }
  return session;
}

const confirmed = (effects: readonly ProviderEffect[]) =>
  only(effects, "send-confirm").map(({ job }) => job);

describe("what was said", () => {
  it("is confirmed when it comes back, and is an event like any other", ({ expect }) => {
    const session = having([ROOM, words(room.text)]);
    const effects = session.receives(room);
    expect(draftsOf(effects)).toMatchObject([{ type: "chat.message", raw: room }]);
    expect(effects.slice(1)).toEqual([
      { type: "timer-clear", timer: "echo:j-1" },
      { type: "send-confirm", job: "j-1" },
    ]);
    expect(confirmed(session.receives(room))).toEqual([]);
    expect(session.fires("echo:j-1")).toEqual([]);
  });

  it("the stream's own account is echoed without an id", ({ expect }) => {
    expect(own.from).not.toHaveProperty("id");
    expect(confirmed(having([TWITCH, words(own.text)]).receives(own))).toEqual(["j-1"]);
    const renamed = { ...own, from: { name: "old_name" } };
    expect(confirmed(having([TWITCH, words(own.text)]).receives(renamed))).toEqual(["j-1"]);
  });

  it("by another account comes back in the chat it was said in", ({ expect }) => {
    const said = () => having([TWITCH, words("hello", { as: BOT })]);
    const frame = { ...chat.twitch, text: "hello", from: bot };
    expect(confirmed(said().receives(frame))).toEqual(["j-1"]);
    expect(confirmed(said().receives({ ...frame, from: { ...bot, name: "millbot" } }))).toEqual([
      "j-1",
    ]);
    expect(confirmed(said().receives({ ...frame, account_id: 47 }))).toEqual([]);
    expect(confirmed(said().receives({ ...frame, from: own.from }))).toEqual([]);
  });

  it("is not confirmed by somebody else's same words", ({ expect }) => {
    expect(confirmed(having([ROOM, words(room.text)]).receives(chat.internal))).toEqual([]);
    const said = { ...own, from: chat.twitch.from };
    expect(confirmed(having([TWITCH, words(own.text)]).receives(said))).toEqual([]);
  });

  it("is not confirmed by other words, another kind, or another chat", ({ expect }) => {
    for (const other of [
      { ...own, text: "good morning" },
      { ...own, type: "emote" },
      { ...own, account_id: 32 },
      { ...own, to: { name: "pikefan" } },
      { ...own, text: 7 },
    ]) {
      expect(confirmed(having([TWITCH, words(own.text)]).receives(other))).toEqual([]);
    }
  });

  it("may come back with its blanks squeezed", ({ expect }) => {
    const session = having([TWITCH, words("  good   evening ")]);
    expect(confirmed(session.receives(own))).toEqual(["j-1"]);
  });

  it("as /me comes back as an emote", ({ expect }) => {
    const waves = { ...own, type: "emote", text: "waves" };
    for (const said of [words("waves", { style: "emote" }), words("/me waves")]) {
      expect(confirmed(having([TWITCH, said]).receives(waves))).toEqual(["j-1"]);
      expect(confirmed(having([TWITCH, said]).receives({ ...waves, type: "text" }))).toEqual([]);
    }
  });

  it("an emote said on YouTube comes back as text between asterisks", ({ expect }) => {
    const frame = {
      ...chat.youtube,
      text: "*waves*",
      from: { id: "UCm1ll", name: "The River Mill" },
    };
    const session = having([YOUTUBE, words("waves", { style: "emote" })]);
    expect(confirmed(session.receives(frame))).toEqual(["j-1"]);
    expect(confirmed(having([YOUTUBE, words("waves")]).receives(frame))).toEqual([]);
  });

  it("to one person comes back to who said it, with a to and without its command", ({ expect }) => {
    const frame = { ...room, text: "the gate  is open", to: { id: 5, name: "heronwatch" } };
    const said = () => having([ROOM, words("/msg heronwatch the gate  is open")]);
    expect(confirmed(said().receives(frame))).toEqual(["j-1"]);
    expect(confirmed(said().receives({ ...frame, to: { id: 3, name: "millrace" } }))).toEqual([]);
    expect(confirmed(said().receives({ ...frame, to: undefined }))).toEqual([]);
    expect(
      confirmed(
        having([ROOM, words("/irc mind the weir")]).receives({ ...room, text: "mind the weir" }),
      ),
    ).toEqual(["j-1"]);
  });

  it("twice comes back twice, the first one first", ({ expect }) => {
    const session = having([TWITCH, words("lol")], [TWITCH, words("lol")]);
    const lol = { ...own, text: "lol" };
    expect(confirmed(session.receives(lol))).toEqual(["j-1"]);
    expect(confirmed(session.receives(lol))).toEqual(["j-2"]);
    expect(confirmed(session.receives(lol))).toEqual([]);
  });

  it("in several chats at once is kept apart", ({ expect }) => {
    const session = having([TWITCH, words("hi")], [YOUTUBE, words("hi")], [ROOM, words("hi")]);
    const youtube = { ...chat.youtube, text: "hi", from: { id: "UCm1ll", name: "The River Mill" } };
    expect(confirmed(session.receives({ ...room, text: "hi" }))).toEqual(["j-3"]);
    expect(confirmed(session.receives(youtube))).toEqual(["j-2"]);
    expect(confirmed(session.receives({ ...own, text: "hi" }))).toEqual(["j-1"]);
  });
});

describe("what does not come back", () => {
  it("may have arrived: it is unconfirmed, and not to be tried again", ({ expect }) => {
    const session = having([TWITCH, words(own.text)]);
    const failure = { reason: "unconfirmed", retryable: false };
    expect(session.fires("echo:j-1")).toEqual([{ type: "send-fail", job: "j-1", failure }]);
    expect(session.fires("echo:j-1")).toEqual([]);
    expect(confirmed(session.receives(own))).toEqual([]);
  });

  it("a private message to nobody is lost without a word", ({ expect }) => {
    const session = having([ROOM, words("/msg nobody hello")]);
    expect(only(session.fires("echo:j-1"), "send-fail")).toMatchObject([
      { failure: { reason: "unconfirmed" } },
    ]);
  });

  it("may have had no writer any more: the next one asks for another", ({ expect }) => {
    const session = having([TWITCH, words("hello", { as: BOT })]);
    const effects = session.fires("echo:j-1");
    expect(typesOf(effects)).toEqual(["connection-observe", "send-fail"]);
    expect(effects[0]).toMatchObject({ connection: { identifier: BOT, ready: false } });
    const content = words("hello?", { as: BOT });
    const next = session.sends({ job: "j-2", identifier: TWITCH, content });
    expect(typesOf(next)).toEqual(["frame-send", "timer-set"]);
    expect(typesOf(session.receives(other.writer))).toContain("send-issue");
  });

  it("stays so through the statuses between", ({ expect }) => {
    const session = having([TWITCH, words(own.text)]);
    session.receives({ type: "status", accounts: {} });
    expect(confirmed(session.receives(own))).toEqual(["j-1"]);
  });
});
