import { topics } from "../emulators/astro/topics.ts";
import { emulations } from "../emulators/emulations.ts";
import { chatTopic, followAstro, it, subscribe, takeFrames } from "./support/astro.ts";
import { Client } from "./support/client.ts";

it("has something to say on every topic, in every variant of it", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", generation: "document" });
  const client = new Client(astro.url);
  await client.opened;
  for (const topic of topics) {
    client.send(subscribe(topic));
  }
  await client.take(topics.length);

  await astro.do(topics.map((topic) => ({ action: "item" as const, topic })));

  const frames = await takeFrames(client, topics.length);
  expect(frames.map(({ topic }) => topic)).toEqual(topics);
  expect(frames.filter(({ data }) => Object.keys(data).length === 0)).toEqual([]);
});

it.for([
  ["channel.songrequest", "song.voteskip", { event: "song.voteskip" }],
  ["channel.giveaways", "refund-entry", { event: "refund-entry", state: "running" }],
  ["channel.contests", "winner", { event: "winner" }],
  ["channel.overlay.action", "emptyHypeCup", { action: "emptyHypeCup" }],
  ["channel.chatbot.status", "banned", { banned: true }],
  ["channel.session.reset", "nested", { session: { "tip-total": { amount: 0 } } }],
  ["channel.activities", "raid", { type: "raid" }],
  [chatTopic, "trovo", { data: { emotes: [] } }],
] as const)("says on %s the variant %s", async ([topic, variant, data], { expect, astro }) => {
  const client = await followAstro(astro, topic);
  await astro.do({ action: "item", topic, variant });
  expect(await client.next()).toMatchObject({ topic, data });
});

it("names the variants there are when one is not", async ({ expect, astro }) => {
  const act = astro.do({ action: "item", topic: "channel.contests", variant: "draw" });
  await expect(act).rejects.toThrow("there are update, state, winner");
});

it("tells a notice to everybody, subscribed or not", async ({ expect, astro }) => {
  const idle = new Client(astro.url);
  await idle.take(1);
  await astro.do({ action: "notice", message: "Hello world!" });

  const notice = await idle.next();

  expect(notice).toMatchObject({
    type: "message",
    topic: "astro",
    data: { message: "Hello world!" },
  });
  expect(notice).not.toHaveProperty("room");
  expect(astro.truth().said).toMatchObject([{ kind: "astro", target: null, text: "Hello world!" }]);
});

it("says recorded frames byte for byte, in order, to those who subscribed to their topic", async ({
  expect,
  astro,
}) => {
  const client = await followAstro(astro, "channel.tips");
  const tip = { id: "01A", type: "message", topic: "channel.tips", room: "elsewhere", data: {} };
  const recorded = `{"type": "message",  "id":"01B","topic":"channel.tips","data":{"n": 2}}`;
  const chat = { id: "01C", type: "message", topic: chatTopic, data: {} };

  const outcome = await astro.do({ action: "frames", frames: [tip, chat, recorded, tip] });

  expect(outcome).toEqual({ heard: true, keys: ["01A", "01C", "01B", "01A"], count: 4 });
  expect(await client.take(3)).toEqual([JSON.stringify(tip), recorded, JSON.stringify(tip)]);
  const { said, repeats, unheard } = astro.truth();
  expect(said).toMatchObject([
    { kind: "channel.tips", key: "01A", target: "elsewhere" },
    { kind: "channel.tips", key: "01B", target: null },
  ]);
  expect({ repeats, unheard }).toEqual({ repeats: 1, unheard: 1 });
});

it("says a recorded frame for the first time to who hears it first", async ({ expect, astro }) => {
  const chat = { id: "01C", type: "message", topic: chatTopic, data: {} };
  await astro.do({ action: "frames", frames: [chat] });
  await followAstro(astro);
  await astro.do({ action: "frames", frames: [chat] });
  expect(astro.truth()).toMatchObject({ saidCount: 1, repeats: 0, unheard: 1 });
});

it("says recorded frames that are no messages, and whatever it is told, to all", async ({
  expect,
  astro,
}) => {
  const client = await followAstro(astro, "channel.tips");
  const response = { id: "01R", type: "response", data: { message: "late" } };
  const chat = { id: "01C", type: "message", topic: chatTopic, data: {} };
  await astro.do([
    { action: "frames", frames: [response] },
    { action: "frames", frames: [chat], to: "all" },
  ]);
  expect(await client.take(2)).toEqual([JSON.stringify(response), JSON.stringify(chat)]);
  expect(astro.truth().saidCount).toBe(1);
});

it("refuses a field that an action does not have", ({ expect }) => {
  const { actions } = emulations.astro;
  expect(actions.safeParse({ action: "chat", txet: "x" }).success).toBe(false);
  expect(actions.safeParse({ action: "knobs", pace: 1 }).success).toBe(false);
});
