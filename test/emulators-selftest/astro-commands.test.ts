import { ask, chatTopic, followAstro, it, subscribe, takeFrames } from "./support/astro.ts";
import { Client } from "./support/client.ts";

it("welcomes first, and answers a subscription with its nonce, topic and canonical room", async ({
  expect,
  astro,
}) => {
  const client = new Client(astro.url);
  const welcome = await client.next();

  const answer = await ask(client, subscribe("channel.activities", { nonce: "n-1" }));

  const id = expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  const ts = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(welcome).toEqual({
    id,
    ts,
    type: "welcome",
    data: { message: expect.any(String), client_id: id },
  });
  const { channel: room, subscriptions } = astro.truth();
  expect(answer).toEqual({
    id,
    ts,
    type: "response",
    nonce: "n-1",
    data: { message: "successfully subscribed to topic", topic: "channel.activities", room },
  });
  expect(subscriptions).toEqual([
    { socket: 1, topic: "channel.activities", room, tokenType: "jwt", isRestored: false },
  ]);
});

it("hears a client that subscribes before its welcome, with no nonce, room or token type", async ({
  expect,
  astro,
}) => {
  const client = new Client(astro.url);
  await client.opened;
  client.send({ type: "subscribe", data: { topic: chatTopic, token: "good-token" } });

  const [, answer] = await takeFrames(client, 2);

  expect(answer).not.toHaveProperty("nonce");
  expect(answer?.data).toMatchObject({ topic: chatTopic, room: astro.truth().channel });
  expect(astro.truth().commands).toMatchObject([
    { nonce: null, room: null, token: "good-token", tokenType: null, error: null },
  ]);
});

it("answers with the canonical room of an alias, and keeps rooms apart", async ({
  expect,
  astro,
}) => {
  await astro.do({ action: "alias", name: "another", room: "64d0c1ab52e7f3a9180b6cff" });
  const client = await followAstro(astro);

  const { data } = await ask(client, subscribe(chatTopic, { room: "another" }));
  await astro.do([
    { action: "chat", text: "there", room: "another" },
    { action: "chat", text: "here" },
  ]);

  expect(data["room"]).toBe("64d0c1ab52e7f3a9180b6cff");
  const [there, here] = await takeFrames(client, 2);
  expect([there?.room, here?.room]).toEqual([data["room"], astro.truth().channel]);
  expect(astro.truth().said.map(({ target }) => target)).toEqual([there?.room, here?.room]);
});

it("drops one room of a topic, or all of them, without a token", async ({ expect, astro }) => {
  const client = await followAstro(astro, chatTopic, "channel.tips");
  for (const room of ["other-1", "other-2"]) {
    await ask(client, subscribe(chatTopic, { room }));
  }

  const one = { type: "unsubscribe", nonce: "one", data: { topic: chatTopic, room: "other-1" } };
  expect(await ask(client, one)).toMatchObject({ nonce: "one", data: { room: "other-1" } });
  expect(astro.truth().subscriptions).toHaveLength(3);
  const answer = await ask(client, { type: "unsubscribe", data: { topic: chatTopic } });
  const message = "successfully unsubscribed from topic";
  expect(answer).toMatchObject({ type: "response", data: { message, topic: chatTopic } });

  expect(astro.truth().subscriptions.map(({ topic }) => topic)).toEqual(["channel.tips"]);
  expect(await astro.do({ action: "chat", text: "unsubscribed" })).toMatchObject({ heard: false });
});

it.for([
  ["no JSON", "not json", "err_bad_request"],
  ["JSON that is no object", "42", "err_bad_request"],
  ["a type of its own", { type: "ping", nonce: "n" }, "invalid_message_type"],
  ["no topic", { type: "subscribe", nonce: "n", data: { token: "t" } }, "err_bad_request"],
  ["a topic that is none", subscribe("channel.nothing", { nonce: "n" }), "err_bad_request"],
  ["a topic of old", subscribe("channel.follow", { nonce: "n" }), "err_bad_request"],
  ["no token", subscribe(chatTopic, { nonce: "n", token: undefined }), "err_unauthorized"],
  [
    "an old token type",
    subscribe(chatTopic, { nonce: "n", token_type: "oauth" }),
    "err_bad_request",
  ],
] as const)(
  "answers %s with an error, and stays open",
  async ([, frame, error], { expect, astro }) => {
    const client = await followAstro(astro);

    const answer = await ask(client, frame);

    expect(answer).toMatchObject({
      type: "response",
      error,
      data: { message: expect.any(String) },
    });
    expect(answer.nonce).toBe(typeof frame === "string" ? undefined : "n");
    expect(await ask(client, subscribe("channel.tips"))).not.toHaveProperty("error");
    expect((await astro.waitFor("rejected==1")).commands).toMatchObject([{}, { error }, {}]);
  },
);

it("ignores a binary frame", async ({ expect, astro }) => {
  const client = await followAstro(astro);
  client.socket.send(Buffer.from(JSON.stringify(subscribe("channel.tips"))));
  await ask(client, subscribe("channel.activities"));
  expect(astro.truth().subscriptions.map(({ topic }) => topic)).toEqual([
    chatTopic,
    "channel.activities",
  ]);
});

it.for([
  "err_unauthorized",
  "err_bad_request",
  "err_internal_error",
  "err_deadline_exceeded",
] as const)("refuses one topic with %s, and not the others", async (error, { expect, astro }) => {
  await astro.do({ action: "refuseTopic", topic: "channel.tips", error, message: "not you" });
  const client = await followAstro(astro);

  const refused = await ask(client, subscribe("channel.tips", { nonce: "refused" }));

  expect(refused).toMatchObject({ error, nonce: "refused", data: { message: "not you" } });
  await astro.do({ action: "allowTopic", topic: "channel.tips" });
  expect(await ask(client, subscribe("channel.tips"))).not.toHaveProperty("error");
});

it("refuses a topic for its rate without a nonce, as often as it was told", async ({
  expect,
  astro,
}) => {
  const error = "rate_limit_exceeded";
  await astro.do({ action: "refuseTopic", topic: "channel.tips", error, times: 1 });
  const client = await followAstro(astro);

  const refused = await ask(client, subscribe("channel.tips"));

  expect(refused.error).toBe(error);
  expect(refused).not.toHaveProperty("nonce");
  expect(await ask(client, subscribe("channel.tips"))).not.toHaveProperty("error");
  expect(astro.truth()).toMatchObject({ violations: [] });
});

it("leaves a topic unanswered that it was told to", async ({ expect, astro }) => {
  await astro.do({ action: "refuseTopic", topic: "channel.tips", error: null });
  const client = await followAstro(astro);
  client.send(subscribe("channel.tips"));
  expect(await ask(client, subscribe("channel.activities"))).toMatchObject({
    nonce: "channel.activities",
  });
  expect(astro.truth().commands).toMatchObject([{}, { error: "ignored" }, {}]);
});

it("tells a bad token, a good one, and one that is good no more", async ({ expect, astro }) => {
  await astro.do({ action: "token", value: "the-one" });
  const client = new Client(astro.url);
  await client.take(1);

  const bad = await ask(client, subscribe(chatTopic, { token: "another" }));
  const good = await ask(client, subscribe(chatTopic, { token: "the-one" }));
  await astro.do({ action: "expireToken" });

  expect(bad).toMatchObject({ error: "err_unauthorized", data: { message: "invalid token" } });
  expect(good).not.toHaveProperty("error");
  expect(await client.next()).toMatchObject({ type: "response", error: "err_unauthorized" });
  expect((await client.closed).code).toBe(1008);
  const again = new Client(astro.url);
  await again.take(1);
  const late = await ask(again, subscribe(chatTopic, { token: "the-one" }));
  expect(late.error).toBe("err_unauthorized");
});

it("takes the subscriptions away in silence when a token expires so", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", expiry: "silent" });
  const client = await followAstro(astro);

  await astro.do([{ action: "expireToken" }, { action: "chat", text: "unheard" }]);

  expect(astro.truth()).toMatchObject({ sockets: 1, subscriptions: [], unheard: 1 });
  expect((await ask(client, subscribe(chatTopic))).error).toBe("err_unauthorized");
});

it("answers in the order it was told, or never", async ({ expect, astro }) => {
  const client = await followAstro(astro);
  await astro.do({ action: "knobs", answers: "held" });
  for (const nonce of ["1", "2", "3"]) {
    client.send(subscribe("channel.tips", { nonce }));
  }
  await astro.waitFor("held==3");

  expect(await astro.do({ action: "answer", order: "reversed" })).toEqual({ count: 3 });

  expect((await takeFrames(client, 3)).map(({ nonce }) => nonce)).toEqual(["3", "2", "1"]);
  await astro.do({ action: "knobs", answers: "missing" });
  client.send(subscribe("channel.activities"));
  await astro.waitFor("subscriptions==3");
  await astro.do({ action: "chat", text: "what came instead" });
  expect(await client.next()).toMatchObject({ type: "message" });
});

it("answers late when it was told to", async ({ expect, astro }) => {
  const client = await followAstro(astro);
  await astro.do({ action: "knobs", answerDelayMs: 60 });
  const startedAtMs = performance.now();
  await ask(client, subscribe("channel.tips"));
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(55);
});

it("refuses more subscriptions than a socket may hold", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", mostSubscriptions: 1 });
  const client = await followAstro(astro);
  expect((await ask(client, subscribe("channel.tips"))).error).toBe("err_bad_request");
  expect(await ask(client, subscribe(chatTopic))).not.toHaveProperty("error");
});
