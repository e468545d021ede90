import { once } from "node:events";

import { WebSocket } from "ws";

import { ask, chatTopic, followAstro, it, subscribe, takeFrames } from "./support/astro.ts";
import { Client } from "./support/client.ts";

it("takes a hundred commands in ten seconds, and refuses the next one without its nonce", async ({
  expect,
  astro,
}) => {
  const client = new Client(astro.url);
  await client.take(1);
  for (let nonce = 1; nonce <= 101; nonce += 1) {
    client.send(subscribe(chatTopic, { nonce: String(nonce) }));
  }

  const answers = await takeFrames(client, 101);

  expect(answers.slice(0, 100).map(({ nonce }) => nonce)).toEqual(
    Array.from({ length: 100 }, (_, index) => String(index + 1)),
  );
  expect(answers.at(-1)).toMatchObject({ type: "response", error: "rate_limit_exceeded" });
  expect(answers.at(-1)).not.toHaveProperty("nonce");
  const { violations, commands } = await astro.waitFor("violations==1");
  expect(violations).toMatchObject([{ socket: 1 }]);
  expect(commands.at(-1)).toMatchObject({ nonce: "101", error: "rate_limit_exceeded" });
});

it("counts each socket by itself", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", commandBurst: 1 });
  await followAstro(astro);
  await followAstro(astro);
  expect(astro.truth()).toMatchObject({ subscribed: 2, violations: [] });
});

it("takes commands again when the window has passed", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", commandBurst: 1, commandWindowMs: 40 });
  const client = await followAstro(astro);
  let answer = await ask(client, subscribe("channel.tips"));
  expect(answer.error).toBe("rate_limit_exceeded");
  // Asking again is how a client learns that the window has passed.
  while (answer.error !== undefined) {
    answer = await ask(client, subscribe("channel.tips"));
  }
  expect(astro.truth().subscriptions).toHaveLength(2);
});

it("notes a command that came too fast and does it all the same, if told so", async ({
  expect,
  astro,
}) => {
  await astro.do({ action: "knobs", commandBurst: 1, pacing: "noted" });
  await followAstro(astro, chatTopic, "channel.tips");
  const { violations, subscriptions } = astro.truth();
  expect(violations).toHaveLength(1);
  expect(subscriptions).toHaveLength(2);
});

it("refuses dials above the connection rate with 429, and says when to come back", async ({
  expect,
  astro,
}) => {
  await astro.do({ action: "knobs", connectionRate: { dials: 1, withinMs: 60_000 } });
  await followAstro(astro);
  const { statusCode, headers } = await new Client(astro.url).refused;
  expect([statusCode, headers["retry-after"]]).toEqual([429, "2"]);
  expect(astro.truth()).toMatchObject({ dials: 2, refused: 1, sockets: 1 });
});

it("refuses dials with 502 while it is draining", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", draining: true });
  expect((await new Client(astro.url).refused).statusCode).toBe(502);
  await astro.do({ action: "knobs", draining: false });
  await followAstro(astro);
});

it("pings a client, and keeps it for as long as it answers", async ({ expect, astro }) => {
  const client = await followAstro(astro);
  const pongTimeoutMs = 500;
  await astro.do({ action: "knobs", pingMs: 20, pongTimeoutMs });

  // An answer that is later than the time a socket may go without a pong.
  await astro.do({ action: "knobs", answerDelayMs: pongTimeoutMs + 100 });
  await ask(client, subscribe("channel.tips"));

  const { pongs, lapsed, sockets } = astro.truth();
  expect(pongs).toBeGreaterThan(3);
  expect({ lapsed, sockets }).toEqual({ lapsed: [], sockets: 1 });
});

it("ends a socket that does not answer its pings", async ({ expect, astro }) => {
  await astro.do({ action: "knobs", pingMs: 5, pongTimeoutMs: 40 });
  const socket = new WebSocket(astro.url, { autoPong: false });
  expect((await once(socket, "close"))[0]).toBe(1006);
  expect((await astro.waitFor("lapsed==1")).lapsed).toEqual([1]);
});

it("neither pings nor waits for pongs in a silence without heartbeats", async ({
  expect,
  astro,
}) => {
  const client = await followAstro(astro);
  const silence = { action: "silence", heartbeats: false } as const;
  await astro.do([silence, { action: "knobs", pingMs: 5, pongTimeoutMs: 15 }]);

  // A delayed answer comes after both times have passed more than once.
  await astro.do({ action: "knobs", answerDelayMs: 60 });
  await ask(client, subscribe("channel.tips"));

  expect(astro.truth()).toMatchObject({ pongs: 0, lapsed: [] });
});
