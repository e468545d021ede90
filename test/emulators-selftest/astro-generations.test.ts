import { ask, chatTopic, it, subscribe, takeFrames } from "./support/astro.ts";
import { Client } from "./support/client.ts";

it("says nothing first in the days of the document, and no room in its answers", async ({
  expect,
  astro,
}) => {
  await astro.do({ action: "knobs", generation: "document" });
  const client = new Client(astro.url);
  await client.opened;

  const answer = await ask(client, subscribe("channel.follow", { token_type: "oauth" }));

  expect(answer).toMatchObject({
    type: "response",
    nonce: "channel.follow",
    data: { message: "successfully subscribed to topic", topic: "channel.follow" },
  });
  expect(answer.data).not.toHaveProperty("room");
  await astro.do({ action: "item", topic: "channel.follow" });
  expect(await client.next()).toMatchObject({ type: "message", topic: "channel.follow" });
});

it.for([
  ["not json", "invalid_message"],
  [{ type: "ping" }, "invalid_message"],
  [{ type: "subscribe", data: {} }, "err_bad_request"],
  [subscribe(chatTopic, { token: "" }), "err_unauthorized"],
  [subscribe(chatTopic, { token_type: "oauth2" }), "err_bad_request"],
] as const)("answers %j in the document's words", async ([frame, error], { expect, astro }) => {
  await astro.do({ action: "knobs", generation: "document" });
  const client = new Client(astro.url);
  await client.opened;
  expect((await ask(client, frame)).error).toBe(error);
});

it("writes RESPONSE, and bare strings, when told to", async ({ expect, astro }) => {
  await astro.do({
    action: "knobs",
    generation: "document",
    responseType: "RESPONSE",
    responseData: "string",
  });
  const client = new Client(astro.url);
  await client.opened;

  client.send(subscribe(chatTopic));
  client.send(subscribe(chatTopic, { token: "" }));

  expect(await takeFrames(client, 2)).toMatchObject([
    { type: "RESPONSE", nonce: chatTopic, data: "successfully subscribed to topic" },
    { type: "RESPONSE", nonce: chatTopic, error: "err_unauthorized", data: "invalid token" },
  ]);
});

it("takes the token types it was told, whichever generation it is", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", tokenTypes: ["oauth"] });
  const client = new Client(astro.url);
  await client.take(1);
  expect(await ask(client, subscribe(chatTopic, { token_type: "oauth" }))).not.toHaveProperty(
    "error",
  );
  expect((await ask(client, subscribe(chatTopic))).error).toBe("err_bad_request");
});

it("puts a client without a room into the global one, as one page has it", async ({
  expect,
  astro,
}) => {
  await astro.do({ action: "knobs", missingRoom: "global" });
  const client = new Client(astro.url);
  await client.take(1);

  const { data } = await ask(client, subscribe(chatTopic));
  await astro.do([
    { action: "chat", text: "in the channel" },
    { action: "chat", text: "everywhere", room: "" },
  ]);

  expect(data["room"]).toBe("");
  expect(await client.next()).toMatchObject({
    room: "",
    data: { message: { text: "everywhere" } },
  });
});

it("leaves the room out of its messages when told to", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", messageRooms: false });
  const client = new Client(astro.url);
  await client.take(1);
  await ask(client, subscribe(chatTopic));
  await astro.do([
    { action: "chat", text: "roomless" },
    { action: "burst", count: 1 },
  ]);
  for (const frame of await takeFrames(client, 2)) {
    expect(frame).not.toHaveProperty("room");
  }
});
