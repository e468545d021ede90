import { expandSaid } from "../emulators/index.ts";
import {
  chatTopic,
  followAstro,
  it,
  reconnectQuery,
  takeFrames,
  takeOver,
  takeUntil,
} from "./support/astro.ts";
import { Client } from "./support/client.ts";

it("tells a socket to go, with a token that brings its subscriptions to the next", async ({
  expect,
  astro,
}) => {
  const old = await followAstro(astro, chatTopic, "channel.tips");

  await astro.do({ action: "reconnect" });
  const client = new Client(astro.url + reconnectQuery(astro.truth()));

  const [{ token } = { token: "" }] = astro.truth().reconnects;
  expect(await old.next()).toEqual({
    type: "reconnect",
    data: { message: "The server is shutting down.", reconnect_token: token },
  });
  expect(await client.next()).toMatchObject({ type: "welcome" });
  const { subscriptions, reconnects, commands } = await astro.waitFor("restored==1");
  expect(subscriptions.filter(({ socket }) => socket === 2)).toMatchObject([
    { topic: chatTopic, isRestored: true },
    { topic: "channel.tips", isRestored: true },
  ]);
  expect(reconnects).toMatchObject([{ socket: 1, successor: 2 }]);
  expect(commands).toHaveLength(2);
  await astro.do({ action: "tip", message: "on the new one" });
  expect(await client.next()).toMatchObject({ topic: "channel.tips" });
});

it("says everything on both sockets while both are open, and once in the truth", async ({
  expect,
  astro,
}) => {
  const old = await followAstro(astro);
  await astro.do({ action: "reconnect", drainMs: null });
  await old.take(1);
  const client = await takeOver(astro);

  await astro.do({ action: "chat", text: "twice on the way" });

  expect(await client.take(1)).toEqual(await old.take(1));
  expect(astro.truth()).toMatchObject({ saidCount: 1, repeats: 0 });
  expect(await astro.do({ action: "endOldSockets" })).toEqual({ count: 1 });
  expect((await old.closed).code).toBe(1001);
  await astro.do({ action: "chat", text: "on the new one" });
  expect((await client.take(1))[0]).toContain("on the new one");
});

it("splits what it says between the two sockets, and loses nothing", async ({ expect, astro }) => {
  const old = await followAstro(astro);
  await astro.do({ action: "reconnect", overlap: "split", drainMs: null });
  await old.take(1);
  await astro.do({ action: "burst", count: 10 });
  await old.take(10);
  const client = await takeOver(astro);

  await astro.do({ action: "burst", count: 100 });
  await astro.do({ action: "endOldSockets" });
  await old.closed;
  await astro.do({ action: "burst", count: 10 });

  const onOld = await takeFrames(old, 50);
  const onNew = await takeFrames(client, 60);
  const ids = [...onOld, ...onNew].map(({ id }) => id);
  const said = expandSaid(astro.truth().said.slice(1)).map(({ key }) => key);
  expect(new Set(ids)).toEqual(new Set(said));
  expect([ids.length, new Set(ids).size]).toEqual([110, 110]);
});

it("says nothing more on the old socket when told so", async ({ expect, astro }) => {
  const old = await followAstro(astro);
  await astro.do({ action: "reconnect", oldSocket: "silent", drainMs: null });
  await old.take(1);

  expect(await astro.do({ action: "chat", text: "lost" })).toMatchObject({ heard: false });
  const client = await takeOver(astro);
  await astro.do({ action: "chat", text: "found" });

  expect((await client.take(1))[0]).toContain("found");
  expect(astro.truth()).toMatchObject({ sockets: 2, subscribed: 1, saidCount: 1, unheard: 1 });
  await astro.do({ action: "endOldSockets" });
  await old.closed;
  expect(old.received).toBe(3);
});

it.for([
  ["at once", 0],
  ["after a while", 30],
] as const)("closes the old socket %s", async ([, drainMs], { expect, astro }) => {
  const old = await followAstro(astro);
  await astro.do({ action: "reconnect", drainMs });
  expect((await old.closed).code).toBe(1001);
  expect(await takeFrames(old, 1)).toMatchObject([{ type: "reconnect" }]);
  const client = await takeOver(astro);
  await astro.do({ action: "chat", text: "restored even so" });
  expect((await client.take(1))[0]).toContain("restored even so");
});

it("closes at once who comes with a token that is bad or expired", async ({ expect, astro }) => {
  await followAstro(astro);
  await astro.do([
    { action: "reconnect", drainMs: null },
    { action: "expireReconnectTokens" },
    { action: "knobs", badTokenCode: 4001 },
  ]);
  for (const query of ["?reconnect_token=made-up", reconnectQuery(astro.truth())]) {
    const client = new Client(astro.url + query);
    expect((await client.closed).code).toBe(4001);
    expect(client.received).toBe(0);
  }
  expect(await astro.waitFor("sockets==1")).toMatchObject({ refused: 2 });
});

it("goes down in the middle of a burst, right before the item it was told", async ({
  expect,
  astro,
}) => {
  const old = await followAstro(astro);
  const reconnect = { before: 31, drainMs: null };
  const burst = astro.do({ action: "burst", count: 200, perSecond: 1_000, reconnect });

  const before = await takeFrames(old, 31);
  const client = await takeOver(astro);
  await burst;

  expect(before.map(({ type }) => type)).toEqual([...Array(30).fill("message"), "reconnect"]);
  await astro.do({ action: "chat", text: "the end" });
  const onOld = (await takeUntil(old, "the end")).map(({ id }) => id);
  const onNew = (await takeUntil(client, "the end")).map(({ id }) => id);
  expect(onOld).toHaveLength(170);
  expect(onNew.length).toBeGreaterThan(0);
  expect(onOld.slice(-onNew.length)).toEqual(onNew);
  expect(astro.truth()).toMatchObject({ saidCount: 201, repeats: 0, unheard: 0 });
});

it("tells each of several sockets a token of its own, and none of them twice", async ({
  expect,
  astro,
}) => {
  await followAstro(astro);
  await followAstro(astro, "channel.tips");
  expect(await astro.do({ action: "reconnect", drainMs: null })).toEqual({ count: 2 });
  expect(await astro.do({ action: "reconnect", drainMs: null })).toEqual({ count: 0 });

  const { reconnects } = astro.truth();

  expect(new Set(reconnects.map(({ token }) => token)).size).toBe(2);
  await takeOver(astro);
  expect(astro.truth().subscriptions.at(-1)).toMatchObject({ socket: 3, topic: "channel.tips" });
});
