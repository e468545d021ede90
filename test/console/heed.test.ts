import { describe, it } from "vitest";

import type { StreamEvent } from "../../src/client/event-types.ts";
import { isMention, pickSound } from "../../src/console/state/heed.ts";

const say = (text: string, fragments: readonly object[] = []) =>
  ({ type: "chat.message", data: { message: { text, fragments } } }) as unknown as StreamEvent;
const tip = { type: "channel.tip", data: {} } as unknown as StreamEvent;

describe("a mention", () => {
  it("is one's name as a word, with an @ or without, in whatever letters", ({ expect }) => {
    const names = ["RiverMoss"];
    expect(isMention(say("hello @rivermoss!"), names)).toBe(true);
    expect(isMention(say("RIVERMOSS, look"), names)).toBe(true);
    expect(isMention(say("?", [{ type: "mention", text: "@RiverMoss" }]), names)).toBe(true);
    expect(isMention(say("rivermossy things"), names)).toBe(false);
    expect(isMention(say("hello"), ["", "Fern"])).toBe(false);
    expect(isMention(tip, names)).toBe(false);
  });
});

describe("a sound", () => {
  const all = { alerts: true, mentions: true, names: ["Fern"] };

  it("is one for all that came together, and for alerts before mentions", ({ expect }) => {
    expect(pickSound([say("hi fern"), tip, tip], all)).toBe("alert");
    expect(pickSound([say("hi fern"), say("hi")], all)).toBe("mention");
    expect(pickSound([say("hi")], all)).toBeNull();
  });

  it("is none of what nobody asked for", ({ expect }) => {
    expect(pickSound([tip, say("hi fern")], { ...all, alerts: false })).toBe("mention");
    const none = { ...all, alerts: false, mentions: false };
    expect(pickSound([tip, say("hi fern")], none)).toBeNull();
  });
});
