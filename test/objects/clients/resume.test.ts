import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { call, makeChannel, numbers, postNotes, textsOf } from "../../support/api.ts";
import { loseHistory, numberOf, readHistory } from "../../support/history.ts";
import { drained, forgetJournal } from "../../support/objects.ts";
import type { TestSocket } from "../../support/sockets.ts";
import { connect, upgrade } from "../../support/sockets.ts";

describe("resuming", () => {
  it("brings everything after a position once, in order, and goes on live", async ({ expect }) => {
    const channel = await makeChannel();
    const ids = await postNotes(channel, numbers(1, 400));
    const socket = await connect(channel, `?after=${ids[99]}`);
    const replayed = await socket.events(300);
    expect(textsOf(replayed)).toEqual(numbers(101, 400));
    await postNotes(channel, ["live"]);
    expect(textsOf(await socket.events(1))).toEqual(["live"]);
    socket.close();
  });

  it("gives the last events that the filter lets through, from journal and history", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const post = (type: string, text: string) => ({ type, data: { text } });
    const mixed = numbers(1, 60).map((text, index) =>
      post(index % 3 === 0 ? "custom.loud" : "custom.quiet", text),
    );
    await call("POST", `/channels/${channel}/events`, mixed.slice(0, 40));
    await drained(channel);
    await forgetJournal(channel);
    await call("POST", `/channels/${channel}/events`, mixed.slice(40));
    const loud = mixed.filter(({ type }) => type === "custom.loud").map(({ data }) => data.text);
    const socket = await connect(channel, "?rewind=12&types=custom.loud");
    expect(textsOf(await socket.events(12))).toEqual(loud.slice(-12));
    socket.close();
  });

  it("begins with the oldest where there are fewer than were asked for", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a", "b"]);
    const socket = await connect(channel, "?rewind=50");
    expect(textsOf(await socket.events(2))).toEqual(["a", "b"]);
    socket.close();
  });

  it("tells of a gap where the position is no longer kept, and goes on with the oldest", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const ids = await postNotes(channel, numbers(1, 10));
    ids.push(...(await postNotes(channel, numbers(11, 20))));
    await drained(channel);
    await forgetJournal(channel);
    await loseHistory(await numberOf(channel), ({ seq }) => seq <= 4);
    const socket = await connect(channel, `?after=${ids[1]}`);
    expect(await socket.nextOf("gap")).toMatchObject({
      from: ids[1],
      to: ids[3],
      cause: "expired",
      shed: 2,
    });
    expect(textsOf(await socket.events(16))).toEqual(numbers(5, 20));
    socket.close();
  });

  it("refuses a position that is none", async ({ expect }) => {
    const response = await upgrade(`/channels/${await makeChannel()}/socket?after=yesterday`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "invalid_input",
      errors: [{ parameter: "after" }],
    });
  });

  it("is whole after the object was lost", async ({ expect }) => {
    const channel = await makeChannel();
    const before = await connect(channel);
    await before.nextOf("hello");
    await postNotes(channel, numbers(1, 30));
    const heard = await before.events(30);
    await abortAllDurableObjects();
    expect((await before.closed).code).toBe(1006);
    await postNotes(channel, numbers(31, 40));
    const after = await connect(channel, `?after=${heard.at(-1)?.id}`);
    expect(textsOf(await after.events(10))).toEqual(numbers(31, 40));
    after.close();
  });

  it("keeps what was acknowledged when the object is lost before history has it", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const ids = await postNotes(channel, numbers(1, 10));
    await runInDurableObject(env.CHANNEL.getByName(channel), (_, state) => state.abort()).catch(
      () => {},
    );
    const socket: TestSocket = await connect(channel, "?rewind=10");
    expect((await socket.events(10)).map(({ id }) => id)).toEqual(ids);
    await drained(channel);
    const events = await readHistory(await numberOf(channel));
    expect(events.map(({ text }) => (JSON.parse(text) as { id: string }).id)).toEqual(ids);
    socket.close();
  });
});
