import type { Truth } from "../emulators/index.ts";
import { followDlive, followRestream } from "./support/follow.ts";
import { it } from "./support/it.ts";

async function ask(httpUrl: string, verb: string, body?: unknown) {
  const post = { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${httpUrl}/__emulator/${verb}`, body === undefined ? {} : post);
  return { status: response.status, answer: (await response.json()) as unknown };
}

it("does over HTTP what it does in the same process", async ({ expect, restream }) => {
  const client = await followRestream(restream);

  const { status, answer } = await ask(restream.httpUrl, "do", [
    { action: "event", eventTypeId: 25, text: "hello from afar" },
    { action: "event", eventTypeId: 4, text: "and again" },
  ]);

  expect(status).toBe(200);
  expect(answer).toMatchObject([{ heard: true }, { heard: true }]);
  expect((await client.take(3)).join()).toContain("hello from afar");
  expect((await ask(restream.httpUrl, "truth")).answer).toEqual(
    JSON.parse(JSON.stringify(restream.truth())),
  );
});

it.for([
  [{ action: "dance" }, "Invalid discriminator"],
  [{ action: "burst" }, "count"],
  [{ action: "burst", count: 1, cuont: 2 }, "cuont"],
  [{ action: "item", type: "Follow", content: "hi" }, "A Follow has no such field"],
  [{ action: "close", code: 1006 }, "no code that may be sent"],
  [{ action: "script", name: "opera" }, "there are demo"],
  [[{ action: "cut" }, { action: "dance" }], "Invalid discriminator"],
] as const)("answers %j with 400 and the reason", async ([body, reason], { expect, dlive }) => {
  const client = await followDlive(dlive);

  const { status, answer } = await ask(dlive.httpUrl, "do", body);

  expect(status).toBe(400);
  expect(JSON.stringify(answer)).toContain(reason);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

it("answers a body that is no JSON with 400", async ({ expect, dlive }) => {
  const response = await fetch(`${dlive.httpUrl}/__emulator/do`, { method: "POST", body: "{" });
  expect(response.status).toBe(400);
});

it("answers an unknown verb with 404 and a wrong method with 405", async ({ expect, dlive }) => {
  expect((await ask(dlive.httpUrl, "dance")).status).toBe(404);
  expect((await ask(dlive.httpUrl, "truth", {})).status).toBe(405);
  expect((await ask(dlive.httpUrl, "do")).status).toBe(405);
});

it("answers a wait as soon as its condition is met", async ({ expect, dlive }) => {
  const waiting = ask(dlive.httpUrl, "wait?for=subscribed>=1&timeoutMs=5000");
  await followDlive(dlive);
  expect(await waiting).toMatchObject({ status: 200, answer: { subscribed: 1 } });
});

it("answers a wait with 408 and the counts when its time is up", async ({ expect, dlive }) => {
  const { status, answer } = await ask(dlive.httpUrl, "wait?for=sockets>=1&timeoutMs=20");
  expect(status).toBe(408);
  expect(JSON.stringify(answer)).toContain('\\"sockets\\":0');
});

it.for(["weather>=1", "sockets>1", "", "sockets>=x"])(
  "answers the condition '%s' with 400",
  async (condition, { expect, dlive }) => {
    const query = `wait?for=${encodeURIComponent(condition)}`;
    expect((await ask(dlive.httpUrl, query)).status).toBe(400);
  },
);

it("is not idle while a burst is under way, and is when it is over", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  const burst = dlive.do({ action: "burst", count: 100, perSecond: 500 });
  await dlive.waitFor("said>=1");
  expect((await ask(dlive.httpUrl, "wait?for=idle&timeoutMs=0")).status).toBe(408);

  await dlive.waitFor("idle");

  await burst;
  await client.take(100);
  expect(dlive.truth().saidCount).toBe(100);
});

it("forgets everything at a reset", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  await restream.do([
    { action: "connect", platform: "kick" },
    { action: "token", value: "only-this" },
    { action: "expireToken", keepSockets: true },
    { action: "refuse", status: 503 },
    { action: "delayAccept", ms: 60_000 },
    { action: "silence", heartbeats: false },
    { action: "script", name: "demo" },
  ]);

  const { status, answer } = await ask(restream.httpUrl, "reset", {});

  expect(status).toBe(200);
  expect(answer).toMatchObject({ dials: 0, sockets: 0, received: [], said: [], queries: [] });
  expect(Object.keys((answer as { connections: object }).connections)).toHaveLength(1);
  expect(await client.closed).toMatchObject({ code: 1006 });
  await restream.waitFor("idle");
  const again = await followRestream(restream, "any-token");
  await restream.do({ action: "event", eventTypeId: 4, text: "fresh" });
  expect((await again.take(1))[0]).toContain("fresh");
});

it("breaks off at a reset what is under way", async ({ expect, dlive }) => {
  const burst = ask(dlive.httpUrl, "do", { action: "burst", count: 1_000_000, perSecond: 10 });
  await dlive.waitFor("unheard>=1");
  await dlive.reset();
  expect((await burst).status).toBe(409);
});

it("never gives an id twice, not even after a reset", async ({ expect, dlive }) => {
  const { keys: before } = await dlive.do({ action: "item", type: "Message" });
  await dlive.reset();
  const { keys: after } = await dlive.do({ action: "item", type: "Message" });
  expect(after).not.toEqual(before);
});

it("writes down each dial with its query and what it offered", async ({ expect, restream }) => {
  await followRestream(restream, "token-of-this-dial");
  const expected: Partial<Truth["queries"][number]> = {
    dial: 1,
    path: "/ws",
    query: { accessToken: "token-of-this-dial" },
    offered: [],
    socket: 1,
  };
  expect(restream.truth().queries).toMatchObject([expected]);
});

it("writes down each client frame with its socket", async ({ expect, restream }) => {
  const clients = [await followRestream(restream), await followRestream(restream)];
  clients[1]?.send("from the second");
  await restream.waitFor("received>=1");
  expect(restream.truth().received).toMatchObject([{ socket: 2, text: "from the second" }]);
});
