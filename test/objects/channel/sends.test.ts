import { abortAllDurableObjects } from "cloudflare:test";
import { afterEach, beforeEach, describe, it } from "vitest";

import { call, makeChannel, type ShownEvent } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { dial, frameOf, tokenOf } from "../../support/gateways.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

let channel = "";

afterEach(async () => {
  await call("DELETE", `/channels/${channel}`);
});

/** A socket on a channel that is linked, and whose link is up. */
async function linked(emulated: Emulated, settings: object = {}): Promise<TestSocket> {
  channel = await makeChannel();
  const socket = await connect(channel);
  await socket.nextOf("hello");
  await emulated.link(channel, { ...settings });
  await connected(socket);
  return socket;
}

async function connected(socket: TestSocket): Promise<ShownEvent> {
  for (;;) {
    const event = await socket.nextEvent("connection.updated");
    if (event.data["status"] === "connected") return event;
  }
}

/** The next end of a send. */
async function outcome(socket: TestSocket): Promise<ShownEvent> {
  for (;;) {
    const [event] = await socket.events(1);
    if (event?.type === "send.confirmed" || event?.type === "send.failed") return event;
  }
}

const message = (text: string, more: object = {}) =>
  call<{ sendId: string; code?: string; errors?: object[] }>(
    "POST",
    `/channels/${channel}/messages`,
    { text, ...more },
  );

describe("the answer to a send", () => {
  const dlive = new Emulated("dlive");
  beforeEach(() => dlive.reset());

  it("names the connections that it goes to, asked for by HTTP, again, or by a socket", async ({
    expect,
  }) => {
    const socket = await linked(dlive, { credentials: { appToken: "an-app-token" } });
    const targets = ["dlive:streamer"];
    const first = await message("hello", { sendId: "once" });
    expect([first.status, first.body]).toEqual([202, { sendId: "once", targets }]);
    expect((await message("hello", { sendId: "once" })).body).toEqual({ sendId: "once", targets });
    socket.send({ type: "send", id: 1, text: "hello again", to: targets });
    expect(await socket.nextOf("result")).toMatchObject({ ok: true, data: { targets } });
  });
});

describe("a message to DLive", () => {
  const dlive = new Emulated("dlive");
  const credentials = { appToken: "an-app-token" };
  beforeEach(() => dlive.reset());

  it("is said by the mutation, confirmed, and heard like any other", async ({ expect }) => {
    const socket = await linked(dlive, { credentials });
    const { status, body } = await message("hello from here");
    expect(status).toBe(202);
    const heard: ShownEvent[] = [];
    while (heard.length < 3) {
      const [event] = await socket.events(1);
      if (event?.type === "chat.message" || event?.type.startsWith("send.") === true) {
        heard.push(event);
      }
    }
    const told = Object.fromEntries(heard.map((event) => [event.type, event]));
    expect(heard[0]?.type).toBe("send.accepted");
    expect(told["chat.message"]?.data).toMatchObject({ message: { text: "hello from here" } });
    expect(told["send.confirmed"]).toMatchObject({
      provider: "dlive",
      connectionid: "dlive:streamer",
      subject: `send/${body.sendId}`,
      data: { sendId: body.sendId, kind: "chat", targets: ["dlive:streamer"] },
    });
    const { mutations } = await dlive.truth();
    expect(mutations.map(({ variables }) => variables.input.message)).toEqual(["hello from here"]);
  });

  it("is told of as taken on, on the socket, over HTTP and in the log", async ({ expect }) => {
    const socket = await linked(dlive, { credentials });
    const { body } = await message("hello from here");
    const accepted = await socket.nextEvent("send.accepted");
    expect(accepted).toMatchObject({
      provider: "relay",
      platform: "dlive",
      connectionid: "dlive:streamer",
      subject: `send/${body.sendId}`,
      data: {
        sendId: body.sendId,
        kind: "chat",
        targets: ["dlive:streamer"],
        text: "hello from here",
      },
    });
    await outcome(socket);
    const path = `/channels/${channel}/events?types=send.*&order=asc`;
    const { body: page } = await call<{ events: ShownEvent[] }>("GET", path);
    expect(page.events.map(({ type }) => type)).toEqual(["send.accepted", "send.confirmed"]);
    expect(page.events[0]).toEqual(accepted);
    const { body: one } = await call("GET", `/channels/${channel}/events/${accepted.id}`);
    expect(one).toEqual(accepted);
  });

  it("is told of as taken on once, though its object is lost right afterwards", async ({
    expect,
  }) => {
    const socket = await linked(dlive, { credentials });
    await dlive.do({ action: "knobs", answerDelayMs: 60_000 });
    await message("hello");
    await dlive.until("mutations==1");
    await socket.nextEvent("send.accepted");
    await abortAllDurableObjects();
    const again = await connect(channel, "?rewind=500");
    expect((await outcome(again)).data).toMatchObject({ reason: "outcome_unknown" });
    const path = `/channels/${channel}/events?types=send.*&order=asc`;
    const { body } = await call<{ events: ShownEvent[] }>("GET", path);
    expect(body.events.map(({ type }) => type)).toEqual(["send.accepted", "send.failed"]);
  });

  it("is shown by Restream's clients as a reply, from its words to its end", async ({ expect }) => {
    const socket = await linked(dlive, { credentials });
    const viewer = await dial(`/ws?accessToken=${await tokenOf(channel)}`);
    const { body } = await message("hello from here");
    const replies: { action: string; payload: Record<string, unknown> }[] = [];
    while (replies.at(-1)?.action !== "reply_confirmed") {
      const frame = await frameOf<(typeof replies)[number]>(viewer);
      if (frame.action.startsWith("reply_")) replies.push(frame);
    }
    const { number } = (await call<{ number: number }>("GET", `/channels/${channel}`)).body;
    const connectionIdentifier = `${number}-dlive-streamer`;
    const replyUuid = body.sendId;
    expect(replies).toMatchObject([
      {
        action: "reply_created",
        payload: {
          clientReplyUuid: replyUuid,
          connectionIdentifiers: [connectionIdentifier],
          replyUuid,
          text: "hello from here",
        },
      },
      { action: "reply_accepted", payload: { connectionIdentifier, replyUuid } },
      { action: "reply_confirmed", payload: { connectionIdentifier, replyUuid } },
    ]);
    viewer.close();
    socket.close();
  });

  it("fails with what DLive says of it", async ({ expect }) => {
    const socket = await linked(dlive, { credentials });
    await dlive.do({ action: "knobs", sendError: { code: 1040, message: "you are banned" } });
    await message("hello");
    expect((await outcome(socket)).data).toMatchObject({ reason: "refused", retryable: false });
  });

  it("is decided by its answer, also where the socket has gone by then", async ({ expect }) => {
    const socket = await linked(dlive, { credentials });
    await dlive.do({ action: "knobs", answerDelayMs: 300 });
    const { body } = await message("hello");
    await dlive.until("mutations==1");
    await dlive.do({ action: "cut" });
    const { type, data } = await outcome(socket);
    expect([type, data["sendId"]]).toEqual(["send.confirmed", body.sendId]);
  });

  it("is refused at once where there is no token to write with", async ({ expect }) => {
    await linked(dlive);
    expect(await message("hello")).toMatchObject({ status: 409, body: { code: "not_writable" } });
    const named = await message("hello", { to: ["dlive:streamer"] });
    expect(named.body).toMatchObject({ code: "not_writable", errors: [{ pointer: "/to/0" }] });
  });

  it("has one outcome and is said once, however often it is asked for", async ({ expect }) => {
    const socket = await linked(dlive, { credentials });
    socket.send({ type: "send", id: 1, text: "once", sendId: "mine" });
    socket.send({ type: "send", id: 2, text: "once", sendId: "mine" });
    socket.send({ type: "send", id: 3, text: "another", sendId: "mine" });
    const results = [];
    while (results.length < 3) results.push(await socket.nextOf("result"));
    expect(results).toMatchObject([
      { id: 1, ok: true, data: { sendId: "mine", targets: ["dlive:streamer"] } },
      { id: 2, ok: true, data: { sendId: "mine", targets: ["dlive:streamer"] } },
      { id: 3, ok: false, error: { code: "send_conflict", retryable: false } },
    ]);
    await dlive.until("mutations==1");
    expect((await dlive.truth()).mutations).toHaveLength(1);
  });
});

describe("a message to multistreamer", () => {
  const multistreamer = new Emulated("multistreamer");
  beforeEach(() => multistreamer.reset());

  it("goes to the accounts that are named, and is confirmed by its echo", async ({ expect }) => {
    const socket = await linked(multistreamer);
    const to = ["multistreamer:12"];
    const { body } = await message("hello there", { to });
    const end = await outcome(socket);
    expect(end).toMatchObject({
      type: "send.confirmed",
      data: { sendId: body.sendId, targets: to },
    });
    const { posted } = await multistreamer.truth();
    expect(posted).toMatchObject([{ text: "hello there", accountId: 12, fate: "network" }]);
  });

  it("asks for a writer first where the account is not ready", async ({ expect }) => {
    const socket = await linked(multistreamer);
    await message("from the other", { to: ["multistreamer:12"], as: "multistreamer:18" });
    expect((await outcome(socket)).type).toBe("send.confirmed");
    const { posted } = await multistreamer.truth();
    expect(posted).toMatchObject([{ text: "from the other", accountId: 18, fate: "network" }]);
  });

  it("is refused as a whole where one of those it names is not there", async ({ expect }) => {
    await linked(multistreamer);
    const refused = await message("hello", { to: ["multistreamer:12", "multistreamer:99"] });
    expect(refused).toMatchObject({
      status: 404,
      body: { code: "connection_not_found", errors: [{ pointer: "/to/1" }] },
    });
    expect((await multistreamer.truth()).posted).toEqual([]);
  });

  it("that was issued when its socket went has an unknown outcome, and is not said again", async ({
    expect,
  }) => {
    const socket = await linked(multistreamer);
    await multistreamer.do({ action: "cutOnMessage", when: "after-receipt" });
    await message("gone?", { to: ["multistreamer:12"] });
    const end = await outcome(socket);
    expect(end.data).toMatchObject({ reason: "outcome_unknown", retryable: false });
    await connected(socket);
    const { posted } = await multistreamer.truth();
    expect(posted.filter(({ text }) => text === "gone?").length).toBeLessThanOrEqual(1);
  });

  it("ends once also where the object is lost in the middle", async ({ expect }) => {
    const socket = await linked(multistreamer);
    await multistreamer.do({ action: "knobs", echo: "never" });
    const { body } = await message("is anybody there", { to: ["multistreamer:12"] });
    await multistreamer.until("posted>=1");
    await abortAllDurableObjects();
    const again = await connect(channel, "?rewind=500");
    const end = await outcome(again);
    expect(end.data).toMatchObject({ sendId: body.sendId, reason: "outcome_unknown" });
    expect((await multistreamer.truth()).posted).toHaveLength(1);
    socket.close();
  });
});

describe("an interface", () => {
  const sync = new Emulated("interactive-sync");
  const dawn = {
    id: "dawn",
    panel: { components: [{ type: "button", name: "jump", label: "Jump" }] },
  };
  const show = (body: object) =>
    call<{ sendId: string; code?: string }>("PUT", `/channels/${channel}/interface`, body);
  beforeEach(() => sync.reset());

  it("is shown, and taken away", async ({ expect }) => {
    const socket = await linked(sync);
    expect((await show(dawn)).status).toBe(202);
    expect((await outcome(socket)).type).toBe("send.confirmed");
    expect((await sync.truth()).interfaces.map((each) => each.interface.id)).toEqual(["dawn"]);
    const gone = await call("DELETE", `/channels/${channel}/interface`);
    expect(gone.status).toBe(202);
    expect((await outcome(socket)).type).toBe("send.confirmed");
  });

  it("is looked at before it goes out", async ({ expect }) => {
    await linked(sync);
    expect(await show({ id: "no blanks here" })).toMatchObject({
      status: 400,
      body: { code: "invalid_input" },
    });
    expect((await sync.truth()).counts["warnings"]).toBe(0);
  });

  it("is shown again on the next socket, since the provider forgets it", async ({ expect }) => {
    const socket = await linked(sync);
    await show(dawn);
    await outcome(socket);
    await sync.do({ action: "cut" });
    await connected(socket);
    expect((await outcome(socket)).type).toBe("send.confirmed");
    expect((await sync.truth()).interfaces).toHaveLength(2);
  });

  it("is shown to the relay's own viewers where no provider shows any", async ({ expect }) => {
    channel = await makeChannel();
    const socket = await connect(channel);
    const { status, body } = await show(dawn);
    expect(status).toBe(202);
    expect(await outcome(socket)).toMatchObject({
      type: "send.confirmed",
      provider: "relay",
      data: { sendId: body.sendId, kind: "ui", targets: [] },
    });
    expect(await show({ id: "no blanks here" })).toMatchObject({
      status: 400,
      body: { code: "invalid_input", errors: [{ pointer: "/interface/id" }] },
    });
  });
});

describe("an error of Interactive Sync", () => {
  const sync = new Emulated("interactive-sync");
  beforeEach(() => sync.reset());
  const map = async () =>
    (await call<{ data: Record<string, unknown>[] }>("GET", `/channels/${channel}/connections`))
      .body.data;

  it.for([
    ["configurationError", "configuration_failed"],
    ["userError", "user_lookup_failed"],
  ] as const)("at the door is shown as an error in the map: %s, %s", async (row, { expect }) => {
    const [knob, reason] = row;
    await sync.do({ action: "knobs", [knob]: "status code 503" });
    channel = await makeChannel();
    const socket = await connect(channel);
    await sync.link(channel);
    const { data } = await socket.nextEvent("connection.updated");
    expect(data).toMatchObject({ status: "error", reason });
    expect(await map()).toMatchObject([{ status: "error", reason }]);
    // It passes, and so it is dialled again.
    await sync.do({ action: "knobs", [knob]: null });
    await connected(socket);
  });

  it("that ends the connection closes it, and stays in the map", async ({ expect }) => {
    const socket = await linked(sync);
    await sync.do({ action: "knobs", channelLost: true });
    const shown = { id: "dawn", panel: { components: [{ type: "title", label: "Dawn" }] } };
    await call("PUT", `/channels/${channel}/interface`, shown);
    const reason = "channel_unknown";
    const closed = await socket.nextEvent("connection.closed");
    const updated = await socket.nextEvent("connection.updated");
    expect(closed.data).toMatchObject({ reason });
    expect(updated.data).toMatchObject({
      identifier: closed.data["identifier"],
      status: "error",
      reason,
    });
    expect(await map()).toMatchObject([{ identifier: closed.data["identifier"], reason }]);
  });
});

describe("a channel whose connections take different things", () => {
  const dlive = new Emulated("dlive");
  const sync = new Emulated("interactive-sync");
  beforeEach(() => Promise.all([dlive.reset(), sync.reset()]));

  it("says in the map what each takes, and a send to all goes to those that take it", async ({
    expect,
  }) => {
    const socket = await linked(sync);
    await dlive.link(channel, { credentials: { appToken: "an-app-token" } });
    const { data } = await connected(socket);
    expect(data).toMatchObject({ identifier: "dlive:streamer", takes: ["chat"] });
    const { body } = await call<{ data: Record<string, unknown>[] }>(
      "GET",
      `/channels/${channel}/connections`,
    );
    expect(body.data).toMatchObject([
      { provider: "dlive", writable: true, takes: ["chat"] },
      { provider: "interactive-sync", writable: true, takes: ["interface"] },
    ]);
    const hello = await (await connect(channel)).nextOf("hello");
    expect(hello).toMatchObject({ connections: [{ takes: ["chat"] }, { takes: ["interface"] }] });
    expect((await message("to all")).status).toBe(202);
    expect(await outcome(socket)).toMatchObject({
      type: "send.confirmed",
      data: { targets: ["dlive:streamer"] },
    });
  });

  it("says of one that cannot be written to that it takes nothing", async ({ expect }) => {
    await linked(dlive);
    const { body } = await call("GET", `/channels/${channel}/connections`);
    expect(body).toMatchObject({ data: [{ writable: false, takes: [] }] });
  });
});

describe("what cannot be written to", () => {
  it.for(["restream", "astro"] as const)("says so at once: %s", async (protocol, { expect }) => {
    const emulated = new Emulated(protocol);
    await emulated.reset();
    if (protocol === "restream") await emulated.do({ action: "connect", platform: "kick" });
    channel = await makeChannel();
    const socket = await connect(channel);
    await emulated.link(channel);
    const { data } = await socket.nextEvent("connection.updated");
    socket.send({ type: "send", id: 1, text: "hello", to: [data["identifier"]] });
    expect(await socket.nextOf("result")).toMatchObject({
      ok: false,
      error: { code: "not_writable", retryable: false },
    });
  });
});
