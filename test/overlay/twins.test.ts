import { describe, it } from "vitest";

import { nameAlert } from "../../src/overlay/kit/alert-twins.ts";
import { CHAT, findTwin, nameLine, type Twins } from "../../src/overlay/kit/twins.ts";
import { makeEvent, somebody } from "./support/events.ts";

function say(text: string, provider: string, at: number, name = "Pixel") {
  return makeEvent("chat.message", { user: somebody(name), message: { text } }, { provider, at });
}

function startChat() {
  const twins: Twins<string> = new Map();
  return (text: string, provider: string, at = 0, name = "Pixel") => {
    const event = say(text, provider, at, name);
    return findTwin(twins, nameLine(event), event, CHAT, event.id) === null ? "shown" : "merged";
  };
}

describe("twins", () => {
  it("of two providers for one line are one line", ({ expect }) => {
    const take = startChat();
    expect([take("hi", "restream"), take("hi ", "multistreamer", 4_000)]).toEqual([
      "shown",
      "merged",
    ]);
  });

  it("are none where one provider says the same twice: it was said twice", ({ expect }) => {
    const take = startChat();
    expect([take("gg", "restream"), take("gg", "restream", 100)]).toEqual(["shown", "shown"]);
    expect([take("gg", "multistreamer", 200), take("gg", "multistreamer", 300)]).toEqual([
      "merged",
      "merged",
    ]);
    expect(take("gg", "multistreamer", 400)).toBe("shown");
  });

  it("are none more than ten seconds apart, nor of different people", ({ expect }) => {
    const take = startChat();
    take("hi", "restream");
    expect(take("hi", "multistreamer", 11_000)).toBe("shown");
    expect(take("hi", "astro", 11_000, "Moss")).toBe("shown");
  });

  it("are none of what a page made up, nor is that one of theirs", ({ expect }) => {
    const take = startChat();
    expect([take("hi", "demo"), take("hi", "restream", 10), take("hi", "demo", 20)]).toEqual([
      "shown",
      "shown",
      "shown",
    ]);
  });

  it("answer what was made of the first, so that either's deletion means both", ({ expect }) => {
    const twins: Twins<string> = new Map();
    const first = say("hi", "restream", 0);
    const second = say("hi", "multistreamer", 10);
    findTwin(twins, nameLine(first), first, CHAT, "the first");
    expect(findTwin(twins, nameLine(second), second, CHAT, "the second")).toBe("the first");
  });

  it("are remembered in a bounded number", ({ expect }) => {
    const twins: Twins<number> = new Map();
    for (let each = 0; each < 2_000; each += 1) {
      const event = say(`line ${each}`, "restream", each);
      findTwin(twins, nameLine(event), event, CHAT, each);
      const same = say("same", "restream", each);
      findTwin(twins, nameLine(same), same, CHAT, each);
    }
    expect(twins.size).toBe(500);
    expect(Math.max(...[...twins.values()].map((told) => told.length))).toBeLessThanOrEqual(51);
  });

  it("of a follow are one within a day, of a tip with its amount and words, of a subscription whoever knows its months", ({
    expect,
  }) => {
    const twins: Twins<true> = new Map();
    const take = (...made: Parameters<typeof makeEvent>) => {
      const event = makeEvent(...made);
      const named = nameAlert(event);
      return named !== null && findTwin(twins, named[0], event, named[1], true) !== null;
    };
    const user = somebody("Pixel");
    expect(take("channel.follow", { user })).toBe(false);
    expect(take("channel.follow", { user }, { at: 3_600_000 })).toBe(true);
    const tip = (value: string) => ({ user, amount: { value, currency: "EUR", kind: "fiat" } });
    expect(take("channel.tip", tip("5"))).toBe(false);
    expect(take("channel.tip", tip("5.00"), { provider: "astro", at: 9_000 })).toBe(true);
    expect(take("channel.tip", tip("6"), { provider: "astro", at: 9_000 })).toBe(false);
    const subscribed = (...months: number[]) => ({
      user,
      subscription: { kind: "renewal", ...(months[0] !== undefined && { months: months[0] }) },
    });
    expect(take("channel.subscription", subscribed(7))).toBe(false);
    expect(take("channel.subscription", subscribed(), { provider: "astro" })).toBe(true);
  });
});
