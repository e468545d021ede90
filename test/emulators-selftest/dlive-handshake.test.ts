import { Client } from "./support/client.ts";
import { followDlive, init, start } from "./support/follow.ts";
import { it } from "./support/it.ts";

it("acknowledges an init and says ka at once, neither with a payload", async ({
  expect,
  dlive,
}) => {
  const client = new Client(dlive.url, ["graphql-ws"]);
  await client.opened;
  client.send({ ...init, payload: { authorization: "app-token" } });

  expect(await client.take(2)).toEqual(['{"type":"connection_ack"}', '{"type":"ka"}']);
  expect(dlive.truth().inits).toEqual([{ socket: 1, payload: { authorization: "app-token" } }]);
});

it("says ka at its interval, which can be changed while sockets are open", async ({
  expect,
  dlive,
}) => {
  const client = await followDlive(dlive);
  await dlive.do({ action: "knobs", kaIntervalMs: 5 });
  expect(await client.take(3)).toEqual(Array(3).fill('{"type":"ka"}'));
});

it("says its first ka only after an interval where told so", async ({ expect, dlive }) => {
  await dlive.do({ action: "knobs", kaFirst: "after-interval", kaIntervalMs: 30 });
  const client = new Client(dlive.url);
  await client.opened;
  client.send(init);
  await client.take(1);
  const startedAtMs = performance.now();

  expect(await client.next()).toEqual({ type: "ka" });
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(25);
});

it("goes on with ka in a silence of items", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  await dlive.do([
    { action: "silence", heartbeats: true },
    { action: "knobs", kaIntervalMs: 5 },
  ]);
  expect(await client.next()).toEqual({ type: "ka" });
});

it("says no ka in a whole silence", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  await dlive.do([
    { action: "silence", heartbeats: false },
    { action: "knobs", kaIntervalMs: 5 },
    { action: "raw", frame: "before" },
    // Ten intervals long, and nothing of it is said.
    { action: "burst", count: 25, perSecond: 500 },
    { action: "raw", frame: "after" },
  ]);
  expect(await client.take(2)).toEqual(["before", "after"]);
  expect(dlive.truth()).toMatchObject({ saidCount: 0, unheard: 25 });
});

it("echoes graphql-ws when it is offered, and nothing when it is not", async ({
  expect,
  dlive,
}) => {
  const offering = new Client(dlive.url, ["graphql-transport-ws", "graphql-ws"]);
  const silent = new Client(dlive.url);
  await Promise.all([offering.opened, silent.opened]);

  expect([offering.socket.protocol, silent.socket.protocol]).toEqual(["graphql-ws", ""]);
  expect(dlive.truth().queries.map(({ offered }) => offered)).toContainEqual([
    "graphql-transport-ws",
    "graphql-ws",
  ]);
});

it("keeps a start that comes before the ack, and obeys it after", async ({ expect, dlive }) => {
  await dlive.do({ action: "knobs", ackDelayMs: 30 });
  const client = new Client(dlive.url);
  await client.opened;
  client.send(init);
  client.send(start("rivermoss", "early"));
  await dlive.waitFor("received>=2");
  expect(dlive.truth().subscribed).toBe(0);

  expect(await client.take(2)).toEqual(['{"type":"connection_ack"}', '{"type":"ka"}']);
  await dlive.waitFor("subscribed>=1");
});

it.for([
  ["is no JSON", "hello", "invalid json", "decoding error"],
  ["is no object", "[]", "invalid json", "decoding error"],
  ["has a number for an id", '{"type":"connection_init","id":1}', "invalid json", "decoding error"],
  ["is not an init", '{"type":"start"}', "unexpected message start", "unexpected message"],
] as const)(
  "answers a first frame that %s with connection_error and 1002",
  async ([, frame, message, reason], { expect, dlive }) => {
    const client = new Client(dlive.url);
    await client.opened;
    client.send(frame);

    expect(await client.next()).toEqual({ type: "connection_error", payload: { message } });
    expect(await client.closed).toEqual({ code: 1002, reason });
  },
);

it.for([init, { type: "dance" }])(
  "answers %j on a socket that is under way with connection_error and 1002",
  async (frame, { expect, dlive }) => {
    const client = await followDlive(dlive);
    client.send(frame);
    expect(await client.next()).toMatchObject({ type: "connection_error" });
    expect(await client.closed).toMatchObject({ code: 1002 });
  },
);

it("ends politely when the client terminates", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  client.send({ type: "connection_terminate", payload: null });
  expect(await client.closed).toEqual({ code: 1000, reason: "terminated" });
});

it("turns away a token that is not the one, with connection_error and 1000", async ({
  expect,
  dlive,
}) => {
  await dlive.do({ action: "token", value: "the-one" });
  for (const payload of [undefined, {}, { authorization: "another" }]) {
    const client = new Client(dlive.url);
    await client.opened;
    client.send({ ...init, payload });
    expect(await client.next()).toMatchObject({ type: "connection_error" });
    expect(await client.closed).toEqual({ code: 1000, reason: "terminated" });
  }
  expect(dlive.truth()).toMatchObject({ dials: 3, refused: 3, sockets: 0 });
});

it("ends sockets whose token expires, and leaves those that showed none", async ({
  expect,
  dlive,
}) => {
  const anonymous = await followDlive(dlive);
  const client = new Client(dlive.url);
  await client.opened;
  client.send({ ...init, payload: { authorization: "short-lived" } });
  await client.take(2);

  await dlive.do({ action: "expireToken" });

  expect(await client.next()).toMatchObject({ type: "connection_error" });
  expect(await client.closed).toMatchObject({ code: 1000 });
  expect(anonymous.socket.readyState).toBe(anonymous.socket.OPEN);
  const again = new Client(dlive.url);
  await again.opened;
  again.send({ ...init, payload: { authorization: "short-lived" } });
  expect(await again.closed).toMatchObject({ code: 1000 });
});

it("refuses a subscription where told so, and the socket lives", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  await dlive.do({ action: "knobs", rejectSubscription: "not today" });
  client.send(start("rivermoss", "2"));
  expect(await client.next()).toEqual({
    payload: [{ message: "not today" }],
    id: "2",
    type: "error",
  });
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

it("answers a start that names no field of the service with error", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  client.send({ type: "start", id: "2", payload: { query: "subscription{weather}" } });
  expect(await client.next()).toMatchObject({ id: "2", type: "error" });
});

it("leaves the id out of an answer to a start that had none", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  await dlive.do({ action: "knobs", rejectSubscription: "not today" });
  client.send(start("rivermoss"));
  expect(await client.next()).toEqual({ payload: [{ message: "not today" }], type: "error" });
});

it("says connection_error when told so, with or without an end", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  const action = "connectionError";
  await dlive.do({ action, message: "a hiccup", close: false });
  await dlive.do({ action, message: "the end" });

  expect(await client.next()).toEqual({
    type: "connection_error",
    payload: { message: "a hiccup" },
  });
  expect(await client.next()).toEqual({
    type: "connection_error",
    payload: { message: "the end" },
  });
  expect(await client.closed).toEqual({ code: 1000, reason: "terminated" });
});
