import { describe, it } from "vitest";

import { makeFilter } from "../../src/overlay/chat/filter.ts";
import { addRecent, dropOld } from "../../src/overlay/events/recent.ts";
import { addToCount, findStreamStart, startCount } from "../../src/overlay/goal/count.ts";
import { readControl } from "../../src/overlay/kit/control.ts";
import type { StreamEvent } from "../../src/overlay/kit/events.ts";
import { findLevel, findTemplate } from "../../src/overlay/kit/kinds.ts";
import { addViewers, sumViewers, type Tally } from "../../src/overlay/viewers/tally.ts";
import { BEGUN, makeEvent, somebody } from "./support/events.ts";

const money = (value: string, currency = "EUR") => ({ value, currency, kind: "fiat" });

function sum(of: string, events: readonly StreamEvent[], currency = "") {
  return events.reduce((count, event) => addToCount(count, event, of), startCount(0, currency))
    .value;
}

describe("a goal", () => {
  it("adds money of one currency up without an error of floats, and no test", ({ expect }) => {
    const tips = ["0.1", "0.2", "4.20"].map((value) =>
      makeEvent("channel.tip", { amount: money(value) }),
    );
    const others = [
      makeEvent("channel.tip", { amount: money("100", "JPY") }),
      makeEvent("channel.tip", { amount: money("100") }, { test: true }),
    ];
    expect(sum("tip", [...tips, ...others])).toBe(4.5);
    expect(sum("tip", [...others, ...tips], "JPY")).toBe(100);
  });

  it("counts a tip once it is let through, and one that is not never", ({ expect }) => {
    const tip = (tipId: string) =>
      makeEvent("channel.tip", { tipId, amount: money("5"), moderation: "pending" });
    const told = (tipId: string, moderation: string) =>
      makeEvent("channel.tip.moderated", { tipId, moderation });
    const events = [tip("a"), tip("b"), told("a", "allowed"), told("b", "rejected")];
    expect(events.map((_, at) => sum("tip", events.slice(0, at + 1)))).toEqual([0, 0, 5, 5]);
  });

  it("counts gifts once, whether their purchase comes before them or after", ({ expect }) => {
    const single = () =>
      makeEvent("channel.subscription", {
        user: somebody("got"),
        subscription: { gift: { from: { name: "Moss" } } },
      });
    const purchase = makeEvent("channel.subscription.gift", { user: somebody("Moss"), count: 3 });
    expect(sum("subscription", [purchase, single(), single(), single()])).toBe(3);
    expect(sum("subscription", [single(), single(), purchase, single()])).toBe(3);
    expect(sum("subscription", [single(), single(), single(), purchase])).toBe(3);
    expect(sum("subscription", [makeEvent("channel.subscription", { subscription: {} })])).toBe(1);
  });

  it("shows a figure of the session as it is", ({ expect }) => {
    const updated = (key: string, value: unknown) => makeEvent("session.updated", { key, value });
    const events = [updated("tip-total", { amount: "12.5" }), updated("other", 9)];
    expect(sum("session:tip-total", events)).toBe(12.5);
  });

  it("begins with the stream, which a short break does not end", ({ expect }) => {
    const at = (type: string, minutes: number) => makeEvent(type, {}, { at: minutes * 60_000 });
    const events = [at("stream.online", 0), at("stream.offline", 60), at("stream.online", 100)];
    const blip = [at("stream.offline", 200), at("stream.online", 205)];
    const begun = (of: StreamEvent[]) => {
      const found = findStreamStart(of.toReversed());
      return found && (Date.parse(found) - BEGUN) / 60_000;
    };
    expect(begun(events)).toBe(100);
    expect(begun([...events, ...blip])).toBe(100);
    expect(begun([])).toBe(null);
  });
});

describe("viewers", () => {
  it("are summed over platforms, and of two providers for one the larger figure counts", ({
    expect,
  }) => {
    const tell = (platform: string, provider: string, count: number, account?: string) =>
      makeEvent("stream.viewers", { count, ...(account && { account }) }, { platform, provider });
    const events = [
      tell("twitch", "restream", 100),
      tell("twitch", "multistreamer", 70, "a"),
      tell("twitch", "multistreamer", 40, "b"),
      tell("kick", "multistreamer", 5, "c"),
      tell("kick", "multistreamer", 7, "c"),
    ];
    let tally: Tally = new Map();
    for (const event of events) tally = addViewers(tally, event);
    expect(sumViewers(tally, BEGUN)).toEqual([
      ["twitch", 110],
      ["kick", 7],
    ]);
    const gone = makeEvent("stream.offline", {}, { platform: "kick", provider: "multistreamer" });
    expect(sumViewers(addViewers(tally, gone), BEGUN)).toEqual([["twitch", 110]]);
    expect(sumViewers(tally, BEGUN + 16 * 60_000)).toEqual([]);
  });
});

describe("the last events", () => {
  it("have a purchase of gifts as one entry, before and after its gifts", ({ expect }) => {
    const single = (at: number) =>
      makeEvent(
        "channel.subscription",
        { user: somebody("got"), subscription: { gift: { from: { name: "Moss" } } } },
        { at },
      );
    const purchase = makeEvent(
      "channel.subscription.gift",
      { user: somebody("Moss"), count: 3 },
      { at: 100 },
    );
    const events = [single(0), purchase, single(200), makeEvent("channel.follow", {}, { at: 300 })];
    const recent = events.reduce<readonly StreamEvent[]>(
      (all, each) => addRecent(all, each, 5),
      [],
    );
    expect(recent.map(({ type }) => type)).toEqual(["channel.follow", "channel.subscription.gift"]);
    expect(dropOld(recent, 1, BEGUN + 3_600_200).map(({ type }) => type)).toEqual([
      "channel.follow",
    ]);
  });
});

describe("a headline", () => {
  it("says what happened, larger where it was more", ({ expect }) => {
    const gifted = { subscription: { gift: { from: { name: "Moss" } } } };
    expect(findTemplate("subscription", gifted, 0)).toBe("{from} gave {name} a subscription");
    expect(findTemplate("subscription", { subscription: { months: 1 } }, 0)).toBe(
      "{name} subscribed",
    );
    expect(findTemplate("follow", {}, 11)).toBe("{name} and {others} others follow");
    const levels = ["1", "10", "50", "200"].map((value) =>
      findLevel("tip", { amount: money(value) }),
    );
    expect(levels).toEqual([1, 2, 3, 4]);
  });
});

describe("control", () => {
  const told = (data: object, provider = "api") =>
    readControl(makeEvent("overlay.broadcast", data, { provider }), "alerts", "left");

  it("is obeyed for the kind, the name and everybody, and only of what was posted", ({
    expect,
  }) => {
    const skip = { command: "skip", id: null, value: null };
    for (const target of ["alerts", "left", "*"]) {
      expect(told({ target, event: "skip" })).toEqual(skip);
      expect(told({ target, event: "skip" }, "astro")).toBe(null);
    }
    expect(told({ target: "chat", event: "skip" })).toBe(null);
    expect(told({ target: "*", event: "volume", payload: { value: 0.5, id: "a" } })).toEqual({
      command: "volume",
      id: "a",
      value: 0.5,
    });
    expect(told({ target: "*", event: "volume", payload: "0.5" })?.value).toBe(null);
    expect(told({ target: "*", event: 5 })).toBe(null);
  });
});

describe("a chat's filter", () => {
  const options = { test: "show", hide: [], roles: [], commands: "hide", bots: "hide" };
  const say = (text: string, more: object = {}, user: object = {}) =>
    makeEvent("chat.message", {
      user: somebody("Pixel", user),
      message: { text, ...more },
    });

  it("leaves out tombstones and what was said to one person only", ({ expect }) => {
    const isShown = makeFilter(options);
    expect(isShown(say("hi"))).toBe(true);
    expect(isShown(say("", { deleted: true }))).toBe(false);
    expect(isShown(say("psst", { to: { name: "Moss" } }))).toBe(false);
  });

  it("leaves out commands, bots, hidden people and other roles, as it is asked to", ({
    expect,
  }) => {
    const isShown = makeFilter(options);
    expect(isShown(say("!drop"))).toBe(false);
    expect(isShown(say("! wow"))).toBe(true);
    expect(isShown(say("hi", {}, { roles: ["bot"] }))).toBe(false);
    expect(isShown(say("hi", {}, { name: "Nightbot" }))).toBe(false);
    expect(makeFilter({ ...options, hide: ["@PIXEL"] })(say("hi"))).toBe(false);
    expect(makeFilter({ ...options, hide: ["twitch:9"] })(say("hi", {}, { key: "twitch:9" }))).toBe(
      false,
    );
    expect(makeFilter({ ...options, roles: ["vip"] })(say("hi"))).toBe(false);
    expect(makeFilter({ ...options, roles: ["vip"] })(say("hi", {}, { roles: ["vip"] }))).toBe(
      true,
    );
    expect(makeFilter({ ...options, commands: "show", bots: "show" })(say("!drop"))).toBe(true);
    const test = { ...say("hi"), test: true };
    expect(makeFilter({ ...options, test: "hide" })(test)).toBe(false);
  });
});
