import { once } from "node:events";

import { Client } from "./support/client.ts";
import { followMultistreamer, multistreamerUrl } from "./support/follow.ts";
import { it } from "./support/it.ts";
import { readToTheEnd } from "./support/raw-dial.ts";

it("says nothing to a new socket until it asks", async ({ expect, multistreamer }) => {
  const client = new Client(multistreamerUrl(multistreamer));
  await client.opened;

  client.send({ type: "status" });

  expect(await client.next()).toMatchObject({ type: "status" });
  expect(multistreamer.truth()).toMatchObject({ sockets: 1, subscribed: 1, saidCount: 0 });
});

it.for([
  ["no token", "/ws/31"],
  ["an empty token", "/ws/31?token="],
  ["a token that is not the one", "/ws/31?token=another"],
  ["the token of somebody without rights", "/ws/31?token=stranger"],
  ["a stream that there is not", "/ws/32?token=the-one"],
  ["a stream that is no number", "/ws/main?token=the-one"],
] as const)("turns away %s before the upgrade", async ([, address], { expect, multistreamer }) => {
  await multistreamer.do([
    { action: "token", value: "the-one" },
    { action: "user", token: "stranger", chatLevel: 0 },
  ]);

  const url = `ws://127.0.0.1:${multistreamer.port}${address}`;
  const { statusCode, headers } = await new Client(url).refused;

  expect([statusCode, headers["content-type"]]).toEqual([403, "text/plain"]);
  expect(String(await readToTheEnd(url))).toBe("Not authorized");
  expect(multistreamer.truth()).toMatchObject({ dials: 2, refused: 2, sockets: 0 });
});

it("turns away whoever has no rights, with a good token", async ({ expect, multistreamer }) => {
  await multistreamer.do({ action: "user", token: "stranger", chatLevel: 0 });
  const { statusCode } = await new Client(multistreamerUrl(multistreamer, "stranger")).refused;
  expect(statusCode).toBe(403);
});

it.for(["/ws/31", "/multi/ws/31", "/a/b/c/ws/31"])(
  "takes a dial at %s",
  async (path, { expect, multistreamer }) => {
    const client = new Client(`ws://127.0.0.1:${multistreamer.port}${path}?token=t`);
    await client.opened;
    expect(multistreamer.truth().queries).toMatchObject([{ path, query: { token: "t" } }]);
  },
);

it.for(["/ws/", "/ws/31/chat", "/31"])(
  "knows nothing at %s",
  async (path, { expect, multistreamer }) => {
    const stray = new Client(`ws://127.0.0.1:${multistreamer.port}${path}?token=t`);
    expect((await stray.refused).statusCode).toBe(404);
  },
);

it("echoes whatever sub-protocol is offered first, and none when none is", async ({
  expect,
  multistreamer,
}) => {
  const url = multistreamerUrl(multistreamer);
  const offering = new Client(url, ["anything.v7", "another"]);
  const plain = new Client(url);
  await Promise.all([offering.opened, plain.opened]);
  expect([offering.socket.protocol, plain.socket.protocol]).toEqual(["anything.v7", ""]);
});

it.for([
  ["no JSON", "hello?"],
  ["an empty frame", ""],
  ["a text without text", '{"type":"text","account_id":0,"cur_stream_account_id":0}'],
  ["an emote whose text is none", '{"type":"emote","account_id":0,"text":5}'],
  ["a frame that is too long", JSON.stringify({ type: "x", text: "x".repeat(65_535) })],
] as const)(
  "ends the connection at %s, without a word",
  async ([, frame], { expect, multistreamer }) => {
    const client = await followMultistreamer(multistreamer);

    client.send(frame);

    expect(await client.closed).toEqual({ code: 1006, reason: "" });
    expect(client.received).toBe(1);
    expect(multistreamer.truth().posted).toEqual([]);
  },
);

it.for([
  ["a type that nobody knows", { type: "poll" }],
  ["a type that is none", { type: 5 }],
  ["no type", {}],
  ["a writer for nobody", { type: "writer" }],
  ["no object", [1]],
] as const)("passes over %s", async ([, frame], { expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  client.send(frame);
  client.send({ type: "status" });
  expect(await client.next()).toMatchObject({ type: "status" });
});

it("reads a frame of 65,535 bytes", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  const frame = { type: "text", account_id: 0, cur_stream_account_id: 0, text: "" };
  const length = 65_535 - JSON.stringify(frame).length;
  client.send({ ...frame, text: "x".repeat(length) });
  expect(await client.next()).toMatchObject({ type: "text", text: "x".repeat(length) });
});

it("pings a socket that has been quiet, again and again", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  const ping = once(client.socket, "ping");

  await multistreamer.do({ action: "knobs", pingAfterMs: 5 });

  expect(String((await ping)[0])).toBe("ping");
  await multistreamer.waitFor("pings>=4");
});

it("pings a whole wait after the last frame, not after the last ping", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "knobs", pingAfterMs: 100 });
  const startedAtMs = performance.now();
  let sentAtMs = startedAtMs;
  while (sentAtMs < startedAtMs + 150) {
    sentAtMs = performance.now();
    client.send({ type: "status" });
    await client.take(1);
  }

  await once(client.socket, "ping");

  expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(99);
});

it("does not ping while it is silent", async ({ expect, multistreamer }) => {
  await followMultistreamer(multistreamer);
  await multistreamer.do([
    { action: "silence", heartbeats: false },
    { action: "knobs", pingAfterMs: 5 },
    { action: "burst", count: 50, perSecond: 1_000 },
  ]);
  await expect(multistreamer.waitFor("pings==0", 0)).resolves.toMatchObject({ unheard: 50 });
});

it("reads a client's own ping, and does not answer it", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  let pongs = 0;
  client.socket.on("pong", () => {
    pongs += 1;
  });

  client.socket.ping("are you there?");
  client.send({ type: "status" });

  await client.take(1);
  expect(pongs).toBe(0);
});

it("answers a close frame with one that has no code", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  client.socket.close(1000, "done");
  expect(await client.closed).toEqual({ code: 1005, reason: "" });
});

it("closes without a code when a token expires", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer, "good-for-now");
  await multistreamer.do({ action: "expireToken" });
  expect(await client.closed).toEqual({ code: 1005, reason: "" });
  const again = new Client(multistreamerUrl(multistreamer, "good-for-now"));
  expect((await again.refused).statusCode).toBe(403);
});
