import type { Client } from "./support/client.ts";
import { followMultistreamer } from "./support/follow.ts";
import { it } from "./support/it.ts";

type Frame = Readonly<Record<string, unknown>>;

async function next(client: Client): Promise<Frame> {
  return (await client.next()) as Frame;
}

it("says a message of a network with its author, its Markdown and its time", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  const before = Date.now();

  await multistreamer.do({
    action: "chat",
    type: "emote",
    accountId: 13,
    text: "waves",
    author: "TealOtter",
  });

  const frame = await next(client);
  expect(frame).toEqual({
    type: "emote",
    account_id: 13,
    stream_id: 31,
    network: "youtube",
    text: "waves",
    markdown: "waves",
    timestamp: expect.any(Number) as number,
    from: {
      id: expect.stringMatching(/^UC\d{22}$/) as string,
      name: "TealOtter",
      picture: "https://images.example/avatar/tealotter.png",
    },
  });
  expect(frame["timestamp"]).toBeGreaterThanOrEqual(before);
});

it("numbers the people of the internal room, where there are no pictures", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do([
    { action: "chat", accountId: 0, author: "TealOtter" },
    { action: "chat", accountId: 0, author: "rivermoss" },
  ]);
  expect((await next(client))["from"]).toEqual({ id: 101, name: "TealOtter" });
  expect((await next(client))["from"]).toEqual({ id: 1, name: "rivermoss" });
});

it.for([
  ["hi Kappa <b>", "hi ![Kappa](http://static-cdn.jtvnw.net/emoticons/v1/25/1.0) &lt;b&gt;"],
  ["wow! `a*b_c`", "wow\\! \\`a\\*b\\_c\\`"],
  ["{[(#1)]} + 2 - 3.5", "\\{\\[\\(\\#1\\)\\]\\} \\+ 2 \\- 3\\.5"],
  ["back\\slash", "back\\\\slash"],
  ["see https://a.example/b?c=d", "see [https://a\\.example/b?c=d](https://a.example/b?c=d)"],
  ["Kappas are no emote", "Kappas are no emote"],
] as const)("turns %j into Markdown", async ([text, markdown], { expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "chat", text });
  expect(await next(client)).toMatchObject({ text, markdown });
});

it("knows the emotes of one network only", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "chat", accountId: 13, text: "Kappa" });
  expect(await next(client)).toMatchObject({ text: "Kappa", markdown: "Kappa" });
});

it("leaves out what it is told to, and says what it is told to say", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do([
    { action: "chat", markdown: null, timestamp: null, from: { id: null, picture: null } },
    { action: "chat", markdown: "**mine**", timestamp: 5, from: { id: 7, name: "somebody" } },
    { action: "chat", override: { from: null, stream_id: "31" } },
  ]);

  const bare = await next(client);
  expect(Object.keys(bare)).not.toContain("markdown");
  expect(Object.keys(bare)).not.toContain("timestamp");
  expect(Object.keys(bare["from"] as object)).toEqual(["name"]);
  expect(await next(client)).toMatchObject({
    markdown: "**mine**",
    timestamp: 5,
    from: { id: 7, name: "somebody" },
  });
  expect(await next(client)).toMatchObject({ from: null, stream_id: "31" });
});

it("says a private message to the one it is for, and to nobody else", async ({
  expect,
  multistreamer,
}) => {
  await multistreamer.do({ action: "user", token: "guest", name: "fogbell" });
  const owner = await followMultistreamer(multistreamer);
  const guest = await followMultistreamer(multistreamer, "guest");

  const { heard } = await multistreamer.do({
    action: "chat",
    accountId: 0,
    author: "TealOtter",
    to: "fogbell",
    text: "psst",
  });
  await multistreamer.do({ action: "chat", text: "to all" });

  expect(heard).toBe(true);
  const frame = await next(guest);
  expect(frame).toMatchObject({ from: { id: 101 }, to: { id: 2, name: "fogbell" }, text: "psst" });
  expect(frame).not.toHaveProperty("stream_id");
  expect(await next(owner)).toMatchObject({ text: "to all" });
});

it("refuses to whisper to nobody, and to speak in an account that there is not", async ({
  expect,
  multistreamer,
}) => {
  const whisper = multistreamer.do({ action: "chat", accountId: 0, to: "nobody_here" });
  await expect(whisper).rejects.toThrow("nobody_here");
  await expect(multistreamer.do({ action: "chat", accountId: 99 })).rejects.toThrow("12, 13, 18");
});

it("shows a picture of a network that nobody knows", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  const network = { name: "peertube", displayName: "PeerTube" };
  await multistreamer.do([
    { action: "account", id: 40, network, of: "stream" },
    { action: "chat", accountId: 40 },
  ]);
  expect(await next(client)).toMatchObject({ accounts: { "40": { network, writable: true } } });
  expect(await next(client)).toMatchObject({
    network: "peertube",
    network_icon: expect.stringMatching(/^<svg/) as string,
  });
});

it("speaks as in the document's own time when it is told to", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do([
    { action: "knobs", generation: "document" },
    { action: "chat", accountId: 0, author: "TealOtter", text: "yay" },
    { action: "chat", accountId: 12, author: "TealOtter", text: "yay" },
  ]);
  client.send({ type: "text", account_id: 0, cur_stream_account_id: 0, text: "yay" });

  expect(await next(client)).toEqual({
    type: "text",
    account_id: 0,
    network: "irc",
    text: "yay",
    markdown: "yay",
    from: { id: 101, name: "TealOtter" },
  });
  expect(await next(client)).toEqual({
    type: "text",
    account_id: 12,
    stream_id: 31,
    network: "twitch",
    text: "yay",
    markdown: "yay",
    from: { id: expect.stringMatching(/^\d+$/) as string, name: "TealOtter" },
  });
  const own = await next(client);
  expect(own).toMatchObject({ from: { id: 1, name: "rivermoss" } });
  expect(own).not.toHaveProperty("cur_stream_account_id");
});

it("says recorded frames in order, word for word, and each as what it is", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  const recorded = {
    type: "text",
    account_id: 14,
    stream_id: 21,
    network: "twitch",
    text: "from another service",
    from: { id: "55", name: "viewer" },
  };
  const odd = '{ "type" : "status", "accounts" : {} }';

  const { keys, count } = await multistreamer.do({
    action: "frames",
    frames: [recorded, odd, "no JSON at all", { news: true }],
    everyMs: 1,
  });

  expect(await client.take(4)).toEqual([
    JSON.stringify(recorded),
    odd,
    "no JSON at all",
    '{"news":true}',
  ]);
  expect([keys, count]).toEqual([["twitch 14 55 - from another service"], 4]);
  expect(multistreamer.truth().said).toMatchObject([
    { kind: "text", key: keys?.[0], target: "14", text: "from another service" },
    { kind: "status", key: null, target: null },
  ]);
});

it("bursts in emotes too, escaped as any other message", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "burst", count: 2, kind: "emote", prefix: '"no. ' });
  expect([await next(client), await next(client)]).toMatchObject([
    { type: "emote", text: '"no. 1', markdown: '"no\\. 1' },
    { type: "emote", text: '"no. 2', markdown: '"no\\. 2' },
  ]);
});
