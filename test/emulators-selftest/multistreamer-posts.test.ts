import { expandSaid } from "../emulators/index.ts";
import { followMultistreamer } from "./support/follow.ts";
import { it } from "./support/it.ts";

function post(accountId: number | string, target: number | string, text: string, type = "text") {
  return { type, account_id: accountId, cur_stream_account_id: target, text };
}

it("posts what a client writes, and says it to everybody as a message", async ({
  expect,
  multistreamer,
}) => {
  const [sender, other] = [
    await followMultistreamer(multistreamer),
    await followMultistreamer(multistreamer),
  ];

  sender.send(post(12, 12, "hello *twitch*"));

  const message = {
    type: "text",
    account_id: 12,
    stream_id: 31,
    network: "twitch",
    text: "hello *twitch*",
    markdown: "hello \\*twitch\\*",
    timestamp: expect.any(Number) as number,
    from: { name: "rivermoss", picture: expect.any(String) as string },
  };
  expect(await sender.next()).toEqual(message);
  expect(await other.next()).toEqual(message);
  const { posted, said } = multistreamer.truth();
  const key = expandSaid(said)[0]?.key;
  expect(posted).toEqual([
    {
      socket: 1,
      user: "rivermoss",
      type: "text",
      accountId: 12,
      target: 12,
      text: "hello *twitch*",
      fate: "network",
      loss: null,
      key,
      at: expect.any(Number) as number,
    },
  ]);
  expect(key).toMatch(/^twitch 12 - \d+ hello \*twitch\*$/);
});

it("brings a message back with an id where the network or the generation does", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  client.send(post("13", "13", "hello youtube", "emote"));
  expect(await client.next()).toMatchObject({
    type: "emote",
    network: "youtube",
    from: { id: expect.stringMatching(/^UC/) as string, name: "RiverMoss" },
  });
  await multistreamer.do({ action: "knobs", generation: "document" });
  client.send(post(12, 12, "hello twitch"));
  expect(await client.next()).toMatchObject({
    from: { id: expect.stringMatching(/^\d+$/) as string },
  });
});

it("posts from another account once it has a writer, in the chat it was granted for", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  client.send(post(18, 12, "too early"));
  client.send({ type: "writer", account_id: 18, cur_stream_account_id: 12 });
  client.send(post(18, 12, "in time"));

  expect(await client.next()).toMatchObject({ type: "writerresult" });
  expect(await client.next()).toMatchObject({
    text: "in time",
    account_id: 12,
    from: { name: "rivermoss_crew" },
  });
  expect(multistreamer.truth().posted).toMatchObject([
    { text: "too early", accountId: 18, fate: "lost", loss: "no-writer", key: null },
    { text: "in time", accountId: 18, fate: "network", loss: null },
  ]);
});

it.for([
  ["from an account that there is not", post(99, 12, "x"), "no-account"],
  ["from an account that is no number", post("main", 12, "x"), "no-account"],
  ["to an account that the stream is not on", post(18, 18, "x"), "no-target"],
  ["to nobody", { type: "text", account_id: 12, text: "x" }, "no-target"],
  ["from an account without a writer", post(18, 12, "x"), "no-writer"],
  ["to a network that cannot be written to", post(30, 30, "x"), "not-writable"],
  ["to a user that there is not", post(12, 12, "/msg nobody_here x"), "no-user"],
] as const)(
  "loses in silence what is sent %s",
  async ([, frame, loss], { expect, multistreamer }) => {
    await multistreamer.do({ action: "account", id: 30, network: "facebook", of: "stream" });
    const client = await followMultistreamer(multistreamer);

    client.send(frame);
    await multistreamer.waitFor("lost==1");

    client.send({ type: "status" });
    expect(await client.next()).toMatchObject({ type: "status" });
    expect(multistreamer.truth()).toMatchObject({ posted: [{ fate: "lost", loss }], saidCount: 0 });
  },
);

it("does not ask who may write", async ({ expect, multistreamer }) => {
  await multistreamer.do({ action: "user", token: "reader", name: "quietcomet", chatLevel: 1 });
  const client = await followMultistreamer(multistreamer, "reader");
  client.send(post(12, 12, "although I may not"));
  expect(await client.next()).toMatchObject({ text: "although I may not" });
});

it("brings a message of the internal room back to its sender, with what he said of the target", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  client.send(post(0, 0, "anyone here?"));
  client.send(post(12, 12, "/irc and from here?"));
  const common = {
    type: "text",
    account_id: 0,
    network: "irc",
    from: { id: 1, name: "rivermoss" },
  };
  expect(await client.next()).toMatchObject({
    ...common,
    text: "anyone here?",
    stream_id: 31,
    cur_stream_account_id: 0,
  });
  expect(await client.next()).toMatchObject({
    ...common,
    text: "and from here?",
    cur_stream_account_id: 12,
  });
  expect(multistreamer.truth().posted).toMatchObject([
    { fate: "room" },
    { fate: "room", accountId: 0 },
  ]);
});

it("brings a private message to its sender and its receiver alone, without a stream", async ({
  expect,
  multistreamer,
}) => {
  await multistreamer.do([
    { action: "user", token: "second", name: "fogbell" },
    { action: "user", token: "third", name: "velvet" },
  ]);
  const [sender, receiver, third] = [
    await followMultistreamer(multistreamer),
    await followMultistreamer(multistreamer, "second"),
    await followMultistreamer(multistreamer, "third"),
  ];

  sender.send(post(12, 12, "/msg fogbell just between us"));
  const told = [await sender.next(), await receiver.next()] as Record<string, unknown>[];
  await multistreamer.do({ action: "chat", text: "to all" });

  expect(told[0]).toEqual(told[1]);
  expect(told[0]).toMatchObject({
    account_id: 0,
    network: "irc",
    text: "just between us",
    markdown: "just between us",
    from: { id: 1, name: "rivermoss" },
    to: { id: 2, name: "fogbell" },
  });
  expect(told[0]).not.toHaveProperty("stream_id");
  expect(await third.next()).toMatchObject({ text: "to all" });
  expect(multistreamer.truth().posted).toMatchObject([
    { text: "/msg fogbell just between us", fate: "private" },
  ]);
});

it("takes its time to bring a message back", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "knobs", echoDelayMs: 60 });
  const startedAtMs = performance.now();
  client.send(post(12, 12, "slowly"));
  await multistreamer.waitFor("delivered==1");
  expect(multistreamer.truth().posted).toMatchObject([{ fate: "network", key: null }]);
  expect(await client.next()).toMatchObject({ text: "slowly" });
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(59);
  expect(multistreamer.truth().posted).toMatchObject([{ key: expect.any(String) as string }]);
});

it("posts and never brings back when it is told so", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "knobs", echo: "never" });
  client.send(post(12, 12, "unseen"));
  await multistreamer.waitFor("delivered==1");
  await multistreamer.waitFor("idle");
  await multistreamer.do({ action: "chat", text: "seen" });
  expect(await client.next()).toMatchObject({ text: "seen" });
  expect(multistreamer.truth().posted).toMatchObject([{ fate: "network", key: null }]);
});

it("cuts before it has taken a message in: nothing is posted", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "cutOnMessage", when: "before-receipt" });
  client.send(post(12, 12, "lost on the way"));
  expect(await client.closed).toMatchObject({ code: 1006 });
  expect(multistreamer.truth()).toMatchObject({ posted: [], receivedCount: 2, saidCount: 0 });
});

it("cuts right after it has taken a message in, which others hear", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  const other = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "cutOnMessage", when: "after-receipt", times: 1 });

  client.send(post(12, 12, "posted all the same"));

  expect(await client.closed).toMatchObject({ code: 1006 });
  expect(client.received).toBe(1);
  expect(await other.next()).toMatchObject({ text: "posted all the same" });
  expect(multistreamer.truth().posted).toMatchObject([{ fate: "network" }]);
  other.send(post(12, 12, "and no cut any more"));
  expect(await other.next()).toMatchObject({ text: "and no cut any more" });
});

it("brings back to a later socket what an earlier one has sent", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do([
    { action: "knobs", echoDelayMs: 150 },
    { action: "cutOnMessage", when: "after-receipt" },
  ]);
  client.send(post(12, 12, "before the cut"));
  await client.closed;
  const again = await followMultistreamer(multistreamer);
  expect(await again.next()).toMatchObject({ text: "before the cut" });
});
