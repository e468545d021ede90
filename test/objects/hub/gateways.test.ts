import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, it, vi } from "vitest";

import { parsePosition } from "../../../src/event/position.ts";
import { appendGroup } from "../../../src/store/journal/groups.ts";
import { ADMIN, call, makeChannel, postNotes } from "../../support/api.ts";
import { dial, frameOf, tokenOf } from "../../support/gateways.ts";
import { servePlain } from "../../support/hub-gateway.ts";
import { evictChannel, evictHubs, hubsKnownTo, hubsOf, socketsOf } from "../../support/hubs.ts";
import { drained } from "../../support/objects.ts";
import { numbered, said } from "../../support/samples.ts";
import type { TestSocket } from "../../support/sockets.ts";

type Told = Record<string, unknown>;

const dialPlain = (query = ""): Promise<TestSocket> => dial(`/gateways/dlive/${query}`);

/** Says something, and answers what was told next. */
async function ask(socket: TestSocket, said: object): Promise<Told> {
  socket.send(said);
  return frameOf<Told>(socket);
}

/** A socket of somebody who follows channels. */
async function follower(credential: string, ...channels: string[]): Promise<TestSocket> {
  const socket = await dialPlain();
  await ask(socket, { as: credential });
  for (const follow of channels) await ask(socket, { follow });
  return socket;
}

async function textsFrom(socket: TestSocket, count: number): Promise<unknown[]> {
  const texts: unknown[] = [];
  while (texts.length < count) {
    const told = await frameOf<Told>(socket);
    if ("text" in told) texts.push(told["text"]);
  }
  return texts;
}

/** Has a hub say again that it is there. Other tests may have put its alarm off by their own time. */
async function renew(hub: string): Promise<void> {
  vi.setSystemTime(Date.now() + 1_000_000);
  await runDurableObjectAlarm(env.HUB.getByName(hub));
}

beforeAll(servePlain);
afterEach(() => vi.useRealTimers());

describe("a socket that names its channels", () => {
  it("follows several on one socket, each event once and in order, while all sleep", async ({
    expect,
  }) => {
    const [one, two] = [await makeChannel(), await makeChannel()];
    const socket = await follower(ADMIN, one, two);
    await postNotes(one, ["1"]);
    expect(await frameOf<Told>(socket)).toMatchObject({ channel: one, text: "1" });
    await evictHubs(one);
    await postNotes(two, ["2"]);
    expect(await frameOf<Told>(socket)).toMatchObject({ channel: two, text: "2" });
    await evictChannel(one);
    await evictHubs(one);
    await postNotes(one, ["3", "4"]);
    expect(await textsFrom(socket, 2)).toEqual(["3", "4"]);
    expect(await socketsOf(one)).toEqual({ count: 1, byProtocol: { dlive: 1 } });
    socket.close();
    expect((await socket.closed).code).toBe(1000);
  });

  it("is told whom its credential speaks for, and what it may not follow", async ({ expect }) => {
    const channel = await makeChannel();
    const open = await makeChannel({ public: true });
    const socket = await dialPlain();
    expect(await ask(socket, { as: "nope" })).toEqual({ requestId: "a", who: null });
    expect(await ask(socket, { as: null })).toEqual({ requestId: "a", who: "anonymous" });
    expect(await ask(socket, { follow: channel })).toEqual({
      requestId: "a",
      refused: "unauthorized",
    });
    expect(await ask(socket, { follow: open })).toMatchObject({ followed: open, head: 0 });
    const token = await tokenOf(channel);
    expect(await ask(socket, { as: token })).toEqual({ requestId: "a", who: "token" });
    expect(await ask(socket, { follow: channel })).toMatchObject({ followed: channel });
    const other = await makeChannel();
    expect(await ask(socket, { follow: other })).toEqual({ requestId: "a", refused: "forbidden" });
    // Whoever may not read a channel is not told whether it is there.
    expect(await ask(socket, { follow: "no-such" })).toEqual({
      requestId: "a",
      refused: "forbidden",
    });
    await ask(socket, { as: ADMIN });
    for (const follow of ["no-such", "No channel's name", ""]) {
      expect(await ask(socket, { follow })).toEqual({
        requestId: "a",
        refused: "channel_not_found",
      });
    }
    socket.close();
  });

  it("looks, sends and posts, each on the channel it names", async ({ expect }) => {
    const channel = await makeChannel({ name: "Looked at" });
    const socket = await follower(ADMIN, channel);
    expect(await ask(socket, { look: channel })).toEqual({ requestId: "a", looked: "Looked at" });
    expect(await ask(socket, { look: "no-such" })).toEqual({ requestId: "a", looked: null });
    expect(await ask(socket, { send: channel })).toEqual({ requestId: "a", sent: false });
    socket.send({ post: channel });
    const told = [await frameOf<Told>(socket), await frameOf<Told>(socket)];
    expect(told).toContainEqual({ requestId: "a", posted: true });
    expect(told).toContainEqual(expect.objectContaining({ channel, text: "posted" }));
    socket.close();
  });

  it("hears nothing more of a channel that it leaves, and neither does its hub", async ({
    expect,
  }) => {
    const [one, two] = [await makeChannel(), await makeChannel()];
    const socket = await follower(ADMIN, one, two);
    expect(await hubsKnownTo(one)).toHaveLength(1);
    socket.send({ unfollow: one });
    await ask(socket, { look: two });
    await vi.waitFor(async () => expect(await hubsKnownTo(one)).toEqual([]));
    expect(await hubsOf(one)).toEqual([]);
    await postNotes(one, ["1"]);
    await postNotes(two, ["2"]);
    expect(await textsFrom(socket, 1)).toEqual(["2"]);
    socket.close();
    await socket.closed;
    await vi.waitFor(async () => expect(await hubsKnownTo(two)).toEqual([]));
  });

  it("is told that it lives, by an alarm of its hub", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await follower(ADMIN, channel);
    const [hub = ""] = await hubsOf(channel);
    await evictHubs(channel);
    vi.setSystemTime(Date.now() + 21_000);
    await runDurableObjectAlarm(env.HUB.getByName(hub));
    vi.useRealTimers();
    expect(await frameOf<Told>(socket)).toEqual({ beat: true });
    socket.close();
  });

  it("ends with the credential it goes by", async ({ expect }) => {
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "k",
      scopes: ["events:read"],
    });
    const channel = await makeChannel();
    const socket = await follower(body.key, channel);
    const waiting = await dialPlain();
    await evictHubs(channel);
    await call("DELETE", `/keys/${body.id}`);
    expect((await socket.closed).code).toBe(4001);
    expect(await ask(waiting, { as: body.key })).toEqual({ requestId: "a", who: null });
    waiting.close();
  });

  it("is told that a channel has gone, and goes on with the others", async ({ expect }) => {
    const [one, two] = [await makeChannel(), await makeChannel()];
    const socket = await follower(ADMIN, one, two);
    await evictHubs(one);
    await call("DELETE", `/channels/${one}`);
    expect(await frameOf<Told>(socket)).toEqual({ gone: one });
    expect(await hubsOf(one)).toEqual([]);
    await evictHubs(two);
    await postNotes(two, ["2"]);
    expect(await frameOf<Told>(socket)).toMatchObject({ channel: two, text: "2" });
    expect(await ask(socket, { follow: one })).toEqual({
      requestId: "a",
      refused: "channel_not_found",
    });
    await call("POST", "/channels", { id: one });
    expect(await ask(socket, { follow: one })).toMatchObject({ followed: one, head: 0 });
    await postNotes(one, ["1"]);
    expect(await frameOf<Told>(socket)).toMatchObject({ channel: one, text: "1" });
    socket.close();
  });
});

describe("a hand-over", () => {
  async function tokenFrom(socket: TestSocket): Promise<string> {
    await call("POST", "/hand-over", {});
    return String((await frameOf<Told>(socket))["token"]);
  }

  it("lets a new socket go on as the old one did", async ({ expect }) => {
    const channel = await makeChannel();
    const before = await follower(ADMIN, channel);
    const token = await tokenFrom(before);
    expect(token).not.toContain(ADMIN);
    const after = await dialPlain(`?bring=${encodeURIComponent(token)}`);
    expect(await frameOf<Told>(after)).toMatchObject({ followed: channel });
    before.close();
    await postNotes(channel, ["1"]);
    expect(await textsFrom(after, 1)).toEqual(["1"]);
    after.close();
  });

  it("does not hold when it is forged, too old, or whoever it is of is let in no more", async ({
    expect,
  }) => {
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "k",
      scopes: ["events:read"],
    });
    const channel = await makeChannel();
    const token = await tokenFrom(await follower(body.key, channel));
    const bring = (text: string): Promise<TestSocket> =>
      dialPlain(`?bring=${encodeURIComponent(text)}`);
    const forged = await bring(`${token.slice(0, -4)}AAAA`);
    expect(await frameOf<Told>(forged)).toEqual({ brought: false });
    forged.close();
    vi.setSystemTime(Date.now() + 130_000);
    const late = await bring(token);
    expect(await frameOf<Told>(late)).toEqual({ brought: false });
    vi.useRealTimers();
    late.close();
    await call("DELETE", `/keys/${body.id}`);
    expect((await (await bring(token)).closed).code).toBe(4001);
  });
});

describe("a hub and a channel that lose sight of each other", () => {
  it("put right what was missed when the hub says again that it is there", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await follower(ADMIN, channel);
    const [hub = ""] = await hubsOf(channel);
    await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
      storage.sql.exec("DELETE FROM hubs");
    });
    await evictChannel(channel);
    await postNotes(channel, ["1", "2"]);
    await evictHubs(channel);
    await renew(hub);
    vi.useRealTimers();
    expect(await textsFrom(socket, 2)).toEqual(["1", "2"]);
    await postNotes(channel, ["3"]);
    expect(await textsFrom(socket, 1)).toEqual(["3"]);
    socket.close();
  });

  it("put right what was written and not told of, as soon as the channel is there again", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [first = ""] = await postNotes(channel, ["1"]);
    const socket = await follower(ADMIN, channel);
    await drained(channel);
    await evictChannel(channel);
    // As it is where the channel is lost between the two.
    await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
      const { epoch = "" } = parsePosition(first) ?? {};
      const event = numbered(said("m-2", "2"), 2, { channel, epoch });
      appendGroup(storage.sql, { from: 1, to: 2, events: [event] }, Date.now());
    });
    await evictChannel(channel);
    await call("GET", `/channels/${channel}/status`);
    expect(await frameOf<Told>(socket)).toMatchObject({ channel, id: first.replace(/1$/, "2") });
    socket.close();
  });

  it("part when the hub knows nothing of the channel", async ({ expect }) => {
    const channel = await makeChannel();
    await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
      const until = Date.now() + 300_000;
      storage.sql.exec("INSERT INTO hubs (hub, term, expires_at) VALUES ('hub-0', 1, ?)", until);
    });
    await evictChannel(channel);
    await postNotes(channel, ["1"]);
    await vi.waitFor(async () => expect(await hubsKnownTo(channel)).toEqual([]));
  });

  it("part when the hub has not been heard of for five minutes", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await follower(ADMIN, channel);
    expect(await hubsKnownTo(channel)).toHaveLength(1);
    await evictChannel(channel);
    vi.setSystemTime(Date.now() + 301_000);
    await runDurableObjectAlarm(env.CHANNEL.getByName(channel));
    expect(await hubsKnownTo(channel)).toEqual([]);
    vi.useRealTimers();
    socket.close();
  });

  it("a channel made anew is another: whoever followed the old one is told that it has gone", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["1"]);
    const socket = await follower(ADMIN, channel);
    const [hub = ""] = await hubsOf(channel);
    // As it is where the hub could not be told.
    await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
      storage.sql.exec("DELETE FROM hubs");
    });
    await evictChannel(channel);
    await call("DELETE", `/channels/${channel}`);
    await call("POST", "/channels", { id: channel });
    await renew(hub);
    vi.useRealTimers();
    expect(await frameOf<Told>(socket)).toEqual({ beat: true });
    expect(await frameOf<Told>(socket)).toEqual({ gone: channel });
    expect(await hubsOf(channel)).toEqual([]);
    socket.close();
  });
});
