import { describe, it } from "vitest";

import { makePersonErasure } from "../../../../src/event/erasure.ts";
import { Erasures } from "../../../../src/event/tombstone.ts";
import { isRecord } from "../../../../src/lib/json.ts";
import { provider } from "../../../../src/protocols/astro/index.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import activities from "../frames/activities.json";
import beyond from "../frames/beyond.json";
import channel from "../frames/channel.json";
import handshake from "../frames/handshake.json";
import { changed, frames, messageOn, samples } from "../samples.ts";

const read = (frame: object) =>
  draftOf(greeted(provider.open(linkTo(samples)), samples.greeting).receives(frame));

describe("a frame", () => {
  it("is kept as it came", ({ expect }) => {
    for (const frame of Object.values(frames)) expect(read(frame).raw).toEqual(frame);
  });

  it("whose account is told without its platform is found by whoever forgets the person", ({
    expect,
  }) => {
    const id = `UC${"river".repeat(4)}_-`;
    for (const [platform, userId, topic, data] of [
      ["twitch", "7001", "channel.chatbot.modules.pyramid", { user_id: "7001", word: "quack" }],
      ["youtube", id, "channel.chatbot.modules.emotecombo", { user_id: id, count: 4 }],
      ["twitch", "7001", "channel.contests", { event: "update", payload: { userId: "7001" } }],
      [
        "twitch",
        "7001",
        "channel.songrequest",
        { event: "queue.add", payload: { song: { user: { providerId: "7001" }, message: "hey" } } },
      ],
      [
        "kick",
        "7001",
        "channel.giveaways",
        { event: "enter", data: { entry: { providerId: "kick:7001", username: "mink" } } },
      ],
    ] as const) {
      const draft = read(messageOn(topic, data));
      expect([draft.type, draft.platform]).toEqual(["provider.event", platform]);
      const order = makePersonErasure({ platform, userId }, 9);
      const told = new Erasures([order]).apply(5, draft, draft.raw);
      expect(told).toMatchObject({ event: { data: { payload: {} } }, raw: null });
    }
    const nobody = messageOn("channel.kvstore.update", { key: "river", value: { user_id: "" } });
    expect(read(nobody).platform).toBe("streamelements");
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

  it("may be as long as a text says", ({ expect }) => {
    expect(read(changed(frame, { duration: "300" })).data).toEqual(read(frame).data);
    expect(read(changed(frame, { duration: "for good" })).type).toBe("provider.event");
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
