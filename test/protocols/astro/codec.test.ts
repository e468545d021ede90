import { describe, it } from "vitest";

import { isRecord } from "../../../src/lib/json.ts";
import { provider } from "../../../src/protocols/astro/index.ts";
import { draftOf, greeted } from "../support/drive.ts";
import { linkTo } from "../support/samples.ts";
import activities from "./frames/activities.json";
import beyond from "./frames/beyond.json";
import channel from "./frames/channel.json";
import handshake from "./frames/handshake.json";
import { changed, frames, messageOn, samples } from "./samples.ts";

const read = (frame: object) =>
  draftOf(greeted(provider.open(linkTo(samples)), samples.greeting).receives(frame));

/** Every activity and topic of the documents and the facts, and some of neither. */
const told: Record<string, [platform: string, type: string]> = {
  "an activity: follow": ["twitch", "channel.follow"],
  "an activity: follower": ["kick", "channel.follow"],
  "an activity: fan": ["facebook", "channel.follow"],
  "an activity: subscriber": ["twitch", "channel.subscription"],
  "an activity: subscriber for the first time": ["twitch", "channel.subscription"],
  "an activity: subscriber by gift": ["twitch", "channel.subscription"],
  "an activity: subscriber on YouTube": ["youtube", "channel.follow"],
  "an activity: sponsor": ["youtube", "channel.subscription"],
  "an activity: supporter": ["facebook", "channel.subscription"],
  "an activity: sponsorship": ["trovo", "channel.subscription"],
  "an activity: communityGiftPurchase": ["twitch", "channel.subscription.gift"],
  "an activity: sponsorshipPassive": ["youtube", "channel.subscription.gift"],
  "an activity: sponsorshipPassive without a count": ["youtube", "provider.event"],
  "an activity: tip": ["streamelements", "channel.tip"],
  "an activity: superchat": ["youtube", "channel.tip"],
  "an activity: charityCampaignDonation": ["twitch", "channel.tip"],
  "an activity: merch": ["fourthwall", "channel.tip"],
  "an activity: purchase": ["represent", "channel.tip"],
  "an activity: stars": ["facebook", "channel.tip"],
  "an activity: cheer": ["twitch", "channel.cheer"],
  "an activity: cheer on Kick": ["kick", "channel.cheer"],
  "an activity: cheerPurchase": ["twitch", "channel.cheer"],
  "an activity: elixir": ["trovo", "channel.cheer"],
  "an activity: raid": ["twitch", "channel.raid"],
  "an activity: host": ["twitch", "channel.raid"],
  "an activity: channelPointsRedemption": ["twitch", "channel.redemption"],
  "an activity: redemption": ["twitch", "channel.redemption"],
  "an activity: event": ["streamelements", "provider.event"],
  "an activity: hypetrainStart": ["twitch", "provider.event"],
  "an activity: hypetrainProgress": ["twitch", "provider.event"],
  "an activity: hypetrainEnd": ["twitch", "provider.event"],
  "an activity: giveaway": ["streamelements", "provider.event"],
  "an activity: share": ["facebook", "provider.event"],
  "an activity: videolike": ["youtube", "provider.event"],
  "an activity: an activity nobody knows": ["lunar", "provider.event"],
  "tips: tip": ["streamelements", "channel.tip"],
  "tips: pending": ["streamelements", "channel.tip.moderated"],
  "tips: allowed": ["streamelements", "channel.tip.moderated"],
  "tips: rejected": ["streamelements", "channel.tip.moderated"],
  "chat: twitch": ["twitch", "chat.message"],
  "chat: youtube": ["youtube", "chat.message"],
  "chat: kick": ["kick", "chat.message"],
  "chat: trovo": ["trovo", "chat.message"],
  "the stream begins": ["streamelements", "stream.online"],
  "the stream ends": ["streamelements", "stream.offline"],
  "a figure": ["streamelements", "session.updated"],
  "a new session": ["streamelements", "session.reset"],
  "a new session in its own field": ["streamelements", "session.reset"],
  "an action": ["streamelements", "overlay.action"],
  "a broadcast": ["streamelements", "overlay.broadcast"],
  "a timeout": ["twitch", "moderation.timeout"],
  "channel.overlay.update": ["streamelements", "provider.event"],
  "channel.kvstore.update": ["streamelements", "provider.event"],
  "channel.songrequest.queue.add": ["streamelements", "provider.event"],
  "channel.contests.state": ["streamelements", "provider.event"],
  "channel.giveaways.start": ["streamelements", "provider.event"],
  "channel.chatbot.status": ["streamelements", "provider.event"],
  "channel.chatbot.counters": ["streamelements", "provider.event"],
  "channel.chatbot.modules": ["streamelements", "provider.event"],
  "channel.chatbot.modules.pyramid": ["streamelements", "provider.event"],
  "channel.chatbot.modules.emotecombo": ["streamelements", "provider.event"],
  "channel.chatbot.commands": ["streamelements", "provider.event"],
  "channel.chatbot.timers": ["streamelements", "provider.event"],
  "channel.chatbot.filters": ["streamelements", "provider.event"],
  "channel.chatstats": ["streamelements", "provider.event"],
  "channel.announcements": ["streamelements", "provider.event"],
  "channel.loyalty.redemptions": ["streamelements", "provider.event"],
  "channel.loyalty.items": ["streamelements", "provider.event"],
  "channel.follow": ["streamelements", "provider.event"],
  astro: ["streamelements", "provider.event"],
  "channel.regatta": ["streamelements", "provider.event"],
  "channel.chat.message.superChatEvent": ["youtube", "provider.event"],
  "channel.chat.message.5003": ["trovo", "provider.event"],
  maintenance: ["streamelements", "provider.event"],
};

describe("a frame becomes what the mapping says", () => {
  it("is a table of every frame there is", ({ expect }) => {
    expect(Object.keys(told).toSorted()).toEqual(Object.keys(frames).toSorted());
  });

  it.for(Object.entries(told))("%s: %s", ([name, [platform, type]], { expect }) => {
    const frame = frames[name] ?? {};
    const draft = read(frame);
    expect([draft.platform, draft.type]).toEqual([platform, type]);
    expect(draft.raw).toEqual(frame);
  });

  it("a topic or an activity we have no word for is kept as provider.event", ({ expect }) => {
    // A frame we have no word for is filed under what it is called here.
    for (const [nativeType, frame] of Object.entries(beyond)) {
      expect(read(frame).data).toEqual({ nativeType, payload: frame.data });
    }
    const { data: payload } = activities["an activity nobody knows"];
    const data = { nativeType: "channel.activities.regatta", payload };
    expect(read(activities["an activity nobody knows"])).toMatchObject({ platform: "lunar", data });
  });

  it("a frame of a type we do not know is kept as provider.event", ({ expect }) => {
    const data = { nativeType: "maintenance", payload: { inMinutes: 10 } };
    expect(read(beyond.maintenance)).toMatchObject({ data, raw: beyond.maintenance });
    expect(read({ type: "message", id: "m" }).data).toEqual({
      nativeType: "message",
      payload: null,
    });
  });

  it.for([
    "channel.activities",
    "channel.tips",
    "channel.tips.moderation",
    "channel.chat.message",
    "channel.stream.status",
    "channel.session.update",
    "channel.session.reset",
    "channel.overlay.action",
    "channel.overlay.broadcast",
    "channel.chatbot.timeout",
    "channel.songrequest",
    "constructor",
  ])("%s that lacks what makes it one is kept", (topic, { expect }) => {
    const own = topic === "channel.session.reset" ? [] : [{}, { type: 7 }];
    for (const data of [undefined, null, 7, "text", [], ...own]) {
      const draft = read(messageOn(topic, data));
      expect(draft.type).toBe("provider.event");
      const { nativeType, payload } = draft.data as { nativeType: string; payload: unknown };
      expect(nativeType.startsWith(topic)).toBe(true);
      expect(payload).toEqual(data ?? null);
    }
  });
});

describe("a frame's key", () => {
  it("the same frame id comes under two topics", ({ expect }) => {
    const keyOn = (topic: string) => read(messageOn(topic, { seen: 1 })).key;
    expect(keyOn("channel.regatta")).toBe(`channel.regatta/${activities.follow.id}`);
    expect(keyOn("channel.chatstats")).toBe(`channel.chatstats/${activities.follow.id}`);
  });

  it("is none where it has no id", ({ expect }) => {
    for (const id of [undefined, null, "", 7]) {
      expect(read({ ...channel["an action"], id })).not.toHaveProperty("key");
    }
  });
});

describe("a frame's time", () => {
  it("is the data's own, or else the frame's, or else none", ({ expect }) => {
    expect(read(activities.follow).time).toBe(Date.parse(activities.follow.data.createdAt));
    const bare = changed(activities.follow, { createdAt: "yesterday" });
    expect(read(bare).time).toBe(Date.parse(activities.follow.ts));
    for (const ts of [undefined, null, "", "yesterday", 7, "1970-01-01T00:00:00Z"]) {
      expect(read({ ...bare, ts })).not.toHaveProperty("time");
    }
  });
});

describe("the session, the overlays, the stream", () => {
  it.for([
    ["the stream begins", {}],
    ["a figure", { key: "follower-latest", value: { name: "Reedling" } }],
    ["an action", { action: "pause" }],
    ["a broadcast", { target: "global", event: "weir-opened", payload: { metres: 2 } }],
  ] as const)("say what they say: %s", ([name, data], { expect }) => {
    expect(read(channel[name]).data).toEqual(data);
  });

  it("may say it of nothing", ({ expect }) => {
    const figure = messageOn("channel.session.update", { key: "tip-goal" });
    expect(read(figure).data).toEqual({ key: "tip-goal", value: null });
    const broadcast = messageOn("channel.overlay.broadcast", { target: "o-1", event: "go" });
    expect(read(broadcast).data).toEqual({ target: "o-1", event: "go", payload: null });
  });

  it("a reset session is the data, or the session in it", ({ expect }) => {
    const whole = channel["a new session"];
    expect(read(whole).data).toEqual({ session: whole.data });
    const inner = channel["a new session in its own field"];
    expect(read(inner).data).toEqual({ session: inner.data.session });
  });
});

describe("a timeout", () => {
  const frame = channel["a timeout"];

  it("a timeout may come under the topic of the chat bot's status", ({ expect }) => {
    const draft = read({ ...frame, topic: "channel.chatbot.status" });
    expect([draft.type, draft.data]).toEqual(["moderation.timeout", read(frame).data]);
    expect(draft.data).toMatchObject({ user: { id: "7009", name: "Mink" }, seconds: 300 });
  });

  it("the chat bot does not say where it sits: a user's id tells", ({ expect }) => {
    const keyOf = (user_id: unknown) => {
      const { data, platform } = read(changed(frame, { user_id }));
      const { user } = data as { user?: unknown };
      return [platform, isRecord(user) ? user["key"] : undefined];
    };
    expect(keyOf("7009")).toEqual(["twitch", "twitch:7009"]);
    expect(keyOf(7009)).toEqual(["twitch", "twitch:7009"]);
    const id = `UC${"river".repeat(4)}_-`;
    expect(keyOf(id)).toEqual(["youtube", `youtube:${id}`]);
    expect(keyOf("")).toEqual(["streamelements", undefined]);
  });
});

describe("a frame before the room is known", () => {
  it("carries no connection", ({ expect }) => {
    const target = { topics: ["channel.activities"] };
    const session = greeted(provider.open(linkTo(samples, { target })), [handshake.welcome]);
    expect(draftOf(session.receives(channel["an action"]))).not.toHaveProperty("connectionId");
  });
});
