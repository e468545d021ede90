import { describe, it } from "vitest";

import type { SendContent } from "../../src/event/sending.ts";
import { joinLines, makeLineSending } from "../../src/protocols/line-sending.ts";

const chat = { name: "Their chat", paceMs: 1_000, maxChars: 10, hasReplies: false };
const say = (text: string, more: object = {}): SendContent => ({
  kind: "chat",
  text,
  style: "text",
  ...more,
});

describe("a chat that takes one line", () => {
  const rules = makeLineSending({ ...chat, write: ({ text }) => joinLines(text) });
  const check = (content: SendContent) => rules.check(content);

  it("is written on one line, whatever breaks it", ({ expect }) => {
    expect(joinLines("  one \r\n\n two\nthree ")).toBe("one two three");
  });

  it("takes what leaves in so many characters, counted as people count them", ({ expect }) => {
    expect(check(say("\u{1f9a6}".repeat(10)))).toBeNull();
    expect(check(say("\u{1f9a6}".repeat(11)))).toMatchObject({
      reason: "too_long",
      pointer: "/text",
    });
    expect(check(say(` ${"x".repeat(10)}\n\n`))).toBeNull();
  });

  it("counts what it puts before the text itself", ({ expect }) => {
    const longer = makeLineSending({ ...chat, write: ({ text }) => `/me ${text}` });
    expect(longer.check(say("x".repeat(7)))).toMatchObject({ reason: "too_long" });
  });

  it("refuses nothing, interfaces, and replies where it has none", ({ expect }) => {
    expect(check(say(" \n "))).toMatchObject({ reason: "empty", pointer: "/text" });
    expect(check({ kind: "ui", interface: {} } as never)).toMatchObject({
      reason: "kind_unsupported",
      detail: "Their chat shows no interfaces",
    });
    const reply = say("hi", { replyTo: "m-1" });
    expect(check(reply)).toMatchObject({ reason: "reply_unsupported", pointer: "/replyTo" });
    const replying = makeLineSending({ ...chat, hasReplies: true, write: ({ text }) => text });
    expect(replying.check(reply)).toBeNull();
  });
});
