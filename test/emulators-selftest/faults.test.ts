import { describe, it } from "vitest";

import { Client } from "./support/client.ts";
import { everyProtocol } from "./support/every-protocol.ts";
import { readToTheEnd, splitFrames } from "./support/raw-dial.ts";

describe.for(everyProtocol)("a fault of $protocol", ({ play }) => {
  it("cuts every socket without a close frame", async ({ expect, onTestFinished }) => {
    const { emulator, follow } = await play(onTestFinished);
    const clients = [await follow(), await follow()];

    await emulator.do({ action: "cut" });

    expect(emulator.truth().sockets).toBe(0);
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([
      { code: 1006, reason: "" },
      { code: 1006, reason: "" },
    ]);
  });

  it("cuts inside a frame, which is announced whole and sent by half", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, dialUrl } = await play(onTestFinished);
    const bytes = readToTheEnd(dialUrl);
    await emulator.waitFor("sockets>=1");
    const { saidCount } = emulator.truth();

    await emulator.do({ action: "cut", midFrame: true });

    const { unfinished } = splitFrames(await bytes);
    expect(unfinished?.sent).toBeGreaterThan(0);
    expect(unfinished?.sent).toBeLessThan(unfinished?.announced ?? 0);
    expect(emulator.truth().saidCount).toBe(saidCount);
  });

  it("cuts inside a frame, of which the client never sees anything", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow } = await play(onTestFinished);
    const client = await follow();
    const { received } = client;

    await emulator.do({ action: "cut", midFrame: true });

    expect(await client.closed).toMatchObject({ code: 1006 });
    expect(client.received).toBe(received);
  });

  it("closes with the code and reason it was told", async ({ expect, onTestFinished }) => {
    const { emulator, follow } = await play(onTestFinished);
    const client = await follow();

    await emulator.do({ action: "close", code: 1012, reason: "service restart" });

    expect(await client.closed).toEqual({ code: 1012, reason: "service restart" });
  });

  it.for([
    ["close", 2, 1012],
    ["cut", 2, 1006],
    ["cut-inside", 2, 1006],
  ] as const)(
    "ends the next socket by a %s after as many frames as it was told, which arrive",
    async ([how, more, code], { expect, onTestFinished }) => {
      const { emulator, follow, say } = await play(onTestFinished);
      const whole = await follow();
      const greeting = whole.received;
      await emulator.do({ action: "endNext", ends: [{ after: greeting + more, how }] });

      const ended = await follow();
      for (const text of ["one", "two", "three"]) await say(text);

      expect((await ended.closed).code).toBe(code);
      expect(ended.received).toBe(greeting + more);
      await follow();
      expect(emulator.truth().sockets).toBe(2);
    },
  );

  it("is mute on the next socket after as many frames as it was told", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow, say } = await play(onTestFinished);
    const whole = await follow();
    const greeting = whole.received;
    await emulator.do({ action: "endNext", ends: [{ after: greeting + 1, how: "mute" }] });

    const muted = await follow();
    for (const text of ["one", "two"]) await say(text);
    await whole.take(2);
    await emulator.do({ action: "close" });

    await muted.closed;
    expect(muted.received).toBe(greeting + 1);
  });

  it("refuses as often as it was told, and then accepts", async ({ expect, onTestFinished }) => {
    const { emulator, dialUrl, follow } = await play(onTestFinished);
    await emulator.do({ action: "refuse", status: 503, retryAfter: 7, times: 2 });

    for (const attempt of [1, 2]) {
      const { statusCode, headers } = await new Client(dialUrl).refused;
      expect([attempt, statusCode, headers["retry-after"]]).toEqual([attempt, 503, "7"]);
    }
    await follow();

    expect(emulator.truth()).toMatchObject({ dials: 3, refused: 2, sockets: 1 });
  });

  it("refuses until it is told to accept", async ({ expect, onTestFinished }) => {
    const { emulator, dialUrl, follow } = await play(onTestFinished);
    await emulator.do({ action: "refuse" });
    expect((await new Client(dialUrl).refused).statusCode).toBe(401);

    await emulator.do({ action: "accept" });

    await follow();
    expect(emulator.truth()).toMatchObject({ dials: 2, refused: 1 });
  });

  it("keeps a dial waiting for as long as it was told", async ({ expect, onTestFinished }) => {
    const { emulator, dialUrl } = await play(onTestFinished);
    await emulator.do({ action: "delayAccept", ms: 120 });
    const startedAtMs = performance.now();

    await new Client(dialUrl).opened;

    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(115);
  });

  it("is away, answering nobody, and then back", async ({ expect, onTestFinished }) => {
    const { emulator, dialUrl, follow } = await play(onTestFinished);
    const client = await follow();

    const gap = emulator.do({ action: "gapThenBack", awayMs: 100 });
    expect(await client.closed).toMatchObject({ code: 1006 });
    expect(await new Client(dialUrl).closed).toMatchObject({ code: 1006 });
    await gap;

    await follow();
    expect(emulator.truth()).toMatchObject({ dials: 3, refused: 1, sockets: 1 });
  });

  it("sends whatever text and bytes it was told, and calls none of it said", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow } = await play(onTestFinished);
    const client = await follow();
    const { saidCount } = emulator.truth();

    await emulator.do([
      { action: "raw", frame: "any text" },
      { action: "rawBinary", base64: "Ynl0ZXM=" },
    ]);

    expect(await client.take(2)).toEqual(["any text", "bytes"]);
    expect(emulator.truth().saidCount).toBe(saidCount);
  });

  it("sends garbage of many kinds and stays well", async ({ expect, onTestFinished }) => {
    const { emulator, follow, say } = await play(onTestFinished);
    const client = await follow();

    const { count = 0 } = await emulator.do({ action: "garbage" });
    const garbage = await client.take(count);
    await say("still here");

    expect(new Set(garbage).size).toBe(count);
    for (const kind of ["", "not json", "[]", "42", "null", "{}"]) {
      expect(garbage).toContain(kind);
    }
    expect((await client.take(1))[0]).toContain("still here");
  });

  it("sends an oversize item whose length the truth tells, not its text", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow, quote } = await play(onTestFinished);
    const client = await follow();

    const { keys } = await emulator.do({ action: "oversize", bytes: 200_000 });
    const [frame = ""] = await client.take(1);

    expect(frame).toContain("x".repeat(200_000));
    if (quote === undefined) expect(JSON.parse(frame)).toBeTypeOf("object");
    expect(emulator.truth().said.at(-1)).toMatchObject({ key: keys?.[0], textLength: 200_000 });
  });
});

it.for(everyProtocol.filter(({ takesEveryPath }) => takesEveryPath !== true))(
  "the emulator of $protocol takes upgrades at its own path only",
  async ({ play }, { expect, onTestFinished }) => {
    const { emulator } = await play(onTestFinished);
    const stray = new Client(`ws://127.0.0.1:${emulator.port}/elsewhere?accessToken=good-token`);
    expect((await stray.refused).statusCode).toBe(404);
  },
);
