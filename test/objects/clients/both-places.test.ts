import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it } from "vitest";

import { call, makeChannel, numbers, postNotes, textsOf } from "../../support/api.ts";
import { crowd, evictChannel, evictHubs, hubsOf } from "../../support/hubs.ts";
import { drained, forgetJournal } from "../../support/objects.ts";
import { connect } from "../../support/sockets.ts";

const ROOM = Number(env.CHANNEL_SOCKETS);

/** The places that a native socket may be at: a client cannot tell which it has got. */
const PLACES = [
  { where: "its channel's object", room: ROOM, evict: evictChannel, isInHub: false },
  { where: "a hub", room: 0, evict: evictHubs, isInHub: true },
];

describe.for(PLACES)("a native socket in $where", ({ room, evict, isInHub }) => {
  beforeEach(() => crowd(room));
  afterEach(() => crowd(ROOM));

  it("is where it should be", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    expect((await hubsOf(channel)).length > 0).toBe(isInHub);
    socket.close();
  });

  it("joins history, journal and the live flow without a hole or a repeat", async ({ expect }) => {
    const channel = await makeChannel();
    const [first] = await postNotes(channel, numbers(1, 500));
    await drained(channel);
    await forgetJournal(channel);
    await postNotes(channel, numbers(501, 600));
    const socket = await connect(channel, `?after=${first}`);
    // While it is being replayed, more comes.
    await postNotes(channel, numbers(601, 650));
    expect(textsOf(await socket.events(649))).toEqual(numbers(2, 650));
    socket.close();
  });

  it("goes on with a replay that its object slept through", async ({ expect }) => {
    const channel = await makeChannel();
    const [first] = await postNotes(channel, numbers(1, 300));
    const socket = await connect(channel, `?after=${first}`);
    await evict(channel);
    expect(textsOf(await socket.events(299))).toEqual(numbers(2, 300));
    socket.close();
  });

  it("is told that it is closed, and why, in a last frame before the close", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "to be revoked",
      scopes: ["events:read"],
      channels: [channel],
    });
    const socket = await connect(channel, "", { key: body.key });
    await socket.nextOf("hello");
    await call("DELETE", `/keys/${body.id}`);
    const last = await socket.nextOf("closing");
    expect(last).toEqual({ type: "closing", code: 4001, reason: "credential revoked" });
    expect(await socket.closed).toMatchObject({ code: last["code"], reason: last["reason"] });
  });

  it("is told the relay's time when it begins", async ({ expect }) => {
    const channel = await makeChannel();
    const before = Date.now();
    const socket = await connect(channel);
    const { time } = await socket.nextOf("hello");
    const [at, now] = [Date.parse(String(time)), Date.now()];
    expect([at >= before, at <= now, new Date(at).toISOString() === time]).toEqual([
      true,
      true,
      true,
    ]);
    socket.close();
  });

  it("is told of a gap where its position is of another log, and goes on from now", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [id] = await postNotes(channel, ["a"]);
    const socket = await connect(channel, "?after=aaaaaaaaaa-5");
    expect(await socket.nextOf("gap")).toEqual({
      type: "gap",
      from: "aaaaaaaaaa-5",
      to: id,
      cause: "unknown_position",
      shed: null,
    });
    await postNotes(channel, ["b"]);
    expect(textsOf(await socket.events(1))).toEqual(["b"]);
    socket.close();
  });

  it("is closed with 4001 when its channel is public no more, if it needs that", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const [nobody, reader] = [await connect(channel, "", { key: null }), await connect(channel)];
    await nobody.nextOf("hello");
    await reader.nextOf("hello");
    await evict(channel);
    await call("PATCH", `/channels/${channel}`, { public: false });
    expect((await nobody.closed).code).toBe(4001);
    const ids = await postNotes(channel, ["secret"]);
    expect((await reader.nextOf("events"))["to"]).toBe(ids[0]);
    reader.close();
  });
});
