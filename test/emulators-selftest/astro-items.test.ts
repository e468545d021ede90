import { type ActivityType, activityTypes, providers } from "../emulators/astro/activities.ts";
import { chatTopic, followAstro, it, takeFrames } from "./support/astro.ts";

it.for([
  ["twitch", { chatter_user_name: "oakandember", message: { text: "hello river" } }],
  ["youtube", { kind: "youtube#liveChatMessage", snippet: { displayMessage: "hello river" } }],
  ["kick", { sender: { username: "oakandember" }, content: "hello river" }],
  ["trovo", { type: 0, data: { display_name: "oakandember", text: "hello river" } }],
] as const)(
  "passes on a chat message in the shape of %s",
  async ([platform, shape], { expect, astro }) => {
    const client = await followAstro(astro);

    const { keys } = await astro.do({
      action: "chat",
      platform,
      text: "hello river",
      author: "oakandember",
    });

    const { channel: room, said } = astro.truth();
    const frame = await client.next();
    expect(frame).toMatchObject({ id: keys?.[0], type: "message", topic: chatTopic, room });
    expect(frame).toMatchObject({ data: shape });
    expect(said).toMatchObject([
      { kind: chatTopic, key: keys?.[0], target: room, text: "hello river" },
    ]);
  },
);

it("takes a Twitch message apart into its fragments", async ({ expect, astro }) => {
  const client = await followAstro(astro);
  const text = "@fogbell look riverWave cheer100 mail me@home <3";
  await astro.do({ action: "chat", text });

  const [frame] = await takeFrames(client, 1);

  const message = frame?.data["message"] as { fragments?: { type: string; text: string }[] };
  const fragments = message.fragments ?? [];
  expect(fragments.map((fragment) => fragment.text).join("")).toBe(text);
  expect(fragments.map(({ type }) => type)).toEqual([
    "mention",
    "text",
    "emote",
    "text",
    "cheermote",
    "text",
    "emote",
  ]);
  expect(frame?.data["cheer"]).toEqual({ bits: 100 });
});

it("tells every type of activity, each under an id of its own", async ({ expect, astro }) => {
  const client = await followAstro(astro, "channel.activities");
  await astro.do(
    activityTypes.map((type) => ({ action: "activity" as const, type, who: "fogbell" })),
  );

  const frames = await takeFrames(client, activityTypes.length);

  expect(frames.map(({ data }) => data["type"])).toEqual(activityTypes);
  for (const { data } of frames) {
    expect(providers).toContain(data["provider"]);
    expect(data["_id"]).toMatch(/^[0-9a-f]{24}$/);
    expect(data["activityId"]).toBe(data["_id"]);
    expect(data["data"]).toMatchObject({ username: "fogbell", displayName: "fogbell" });
  }
  expect(new Set(frames.map(({ data }) => data["_id"])).size).toBe(frames.length);
});

it("lays what it is told over an activity, inside and out", async ({ expect, astro }) => {
  const client = await followAstro(astro, "channel.activities");
  const type: ActivityType = "subscriber";
  const data = { tier: "3000", message: "three years!" };
  await astro.do({
    action: "activity",
    type,
    provider: "kick",
    data,
    override: { isMock: true },
    envelope: { ts: "never" },
  });

  const frame = await client.next();

  expect(frame).toMatchObject({
    ts: "never",
    data: { type, provider: "kick", isMock: true, data },
  });
  expect(astro.truth().said).toMatchObject([{ text: "three years!" }]);
});

it("puts another topic and id on a frame, in the truth as on the wire", async ({
  expect,
  astro,
}) => {
  const client = await followAstro(astro);
  const envelope = { topic: "channel.chat.novelty", id: "01NEW", room: undefined };

  expect(await astro.do({ action: "chat", envelope })).toEqual({ heard: true, keys: ["01NEW"] });

  const frame = await client.next();
  expect(frame).toMatchObject({ topic: "channel.chat.novelty", id: "01NEW" });
  expect(frame).not.toHaveProperty("room");
  expect(astro.truth().said).toMatchObject([{ kind: "channel.chat.novelty", key: "01NEW" }]);
});

it("sends the giver's address with a tip, as the service does", async ({ expect, astro }) => {
  const client = await followAstro(astro, "channel.tips");
  await astro.do([
    { action: "tip", username: "SundayKiln", amount: 4.2, currency: "EUR" },
    { action: "tip", email: "someone@example.com", geo: "SE" },
  ]);

  const [first, second] = await takeFrames(client, 2);

  expect(first?.data).toMatchObject({
    donation: {
      user: { username: "SundayKiln", email: "sundaykiln@example.com" },
      amount: 4.2,
      currency: "EUR",
    },
    approved: "allowed",
    status: "success",
  });
  expect(second?.data).toMatchObject({
    donation: { user: { email: "someone@example.com", geo: "SE" } },
  });
});

it("moderates a tip from pending to its end, under one id of the tip", async ({
  expect,
  astro,
}) => {
  const client = await followAstro(astro, "channel.tips", "channel.tips.moderation");
  const tipId = "65ce25390000000000000001";
  const topics = ["channel.tips", "channel.tips.moderation"] as const;
  await astro.do([
    { action: "tip", tipId, approved: "pending" },
    { action: "tip", tipId, approved: "rejected", approvedBy: "fogbell" },
    { action: "tip", tipId, approved: "allowed", topics: [...topics] },
  ]);

  const frames = await takeFrames(client, 4);

  expect(frames.map(({ topic, data }) => [topic, data["approved"], data["approvedBy"]])).toEqual([
    ["channel.tips.moderation", "pending", undefined],
    ["channel.tips.moderation", "rejected", "fogbell"],
    ["channel.tips", "allowed", undefined],
    ["channel.tips.moderation", "allowed", "rivermoss"],
  ]);
  expect(new Set(frames.map(({ data }) => data["_id"]))).toEqual(new Set([tipId]));
  expect(frames[2]?.id).toBe(frames[3]?.id);
  expect(astro.truth().saidCount).toBe(4);
});

it.for(["channel.chat.message", "channel.activities", "channel.tips"] as const)(
  "bursts on %s, each item with two ids of its own",
  async (kind, { expect, astro }) => {
    const client = await followAstro(astro, kind);
    await astro.do({ action: "burst", count: 50, kind });

    const frames = await takeFrames(client, 50);

    const own = ({ data }: (typeof frames)[number]) => data["_id"] ?? data["message_id"];
    expect(new Set(frames.map(({ id }) => id)).size).toBe(50);
    expect(new Set(frames.map(own)).size).toBe(50);
    expect(frames.map(({ id }) => id).filter((id) => !/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toEqual(
      [],
    );
    expect(JSON.stringify(frames)).not.toContain("@@");
  },
);
