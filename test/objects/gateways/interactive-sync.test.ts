import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";
import { z } from "zod";

import { readMeta, writeMeta } from "../../../src/store/object/meta.ts";
import { call, makeChannel } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { dial, frameOf, knock, post, tokenOf } from "../../support/gateways.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";
import { page } from "../../support/viewers.ts";

interface Told {
  readonly status: string;
  readonly context: string;
  readonly message: string | null;
  readonly data: { readonly type: string; readonly payload: Record<string, unknown> };
}

const dawn = {
  id: "dawn",
  panel: { components: [{ type: "button", name: "open-sluice", label: "Open" }] },
};
const press = { id: "open-sluice", view: "panel" };

let channel: string;
beforeEach(async () => {
  channel = await makeChannel({ name: "Heron Watch" });
});
afterEach(() => {
  vi.restoreAllMocks();
});

// A game may say something once a second. Time goes on meanwhile, as it always does.
const realNow = Date.now.bind(Date);
let aheadMs = 0;
function skip(ms: number): void {
  aheadMs += ms;
  vi.spyOn(Date, "now").mockImplementation(() => realNow() + aheadMs);
}

/** The channel's own object, asleep with its sockets. */
function evict(): Promise<void> {
  return evictDurableObject(env.CHANNEL.getByName(channel));
}

/** A game that has been greeted. */
async function game(path = "/gateways/interactive-sync/"): Promise<TestSocket> {
  const socket = await dial(`${path}?client_id=game&access_token=${await tokenOf(channel)}`);
  await frameOf(socket);
  return socket;
}

/** Shows an interface, a while after whatever was shown before. */
async function shows(socket: TestSocket, data: object): Promise<Told> {
  skip(1500);
  socket.send({ context: "user_interface", data });
  return frameOf<Told>(socket);
}

async function viewer(subject: string, name?: string): Promise<string> {
  return tokenOf(channel, ["interact:write"], { subject, ...(name !== undefined && { name }) });
}

async function shownTo(token: string): Promise<unknown> {
  return (await page("GET", "/user/interface/query", { token })).body;
}

describe("the Interactive Sync gateway", () => {
  it("reads a binary frame with JSON text as text, as game engines send it", async ({ expect }) => {
    const socket = await game();
    skip(1500);
    socket.sendBinary(
      new TextEncoder().encode(JSON.stringify({ context: "user_interface", data: dawn })),
    );
    expect(await frameOf<Told>(socket)).toMatchObject({ status: "ok", context: "message" });
    expect(await shownTo(await viewer("v-1"))).toMatchObject({ id: "dawn" });
    skip(1500);
    socket.sendBinary(new Uint8Array([0xff, 0xfe, 0x00]));
    expect(await frameOf<Told>(socket)).toMatchObject({
      status: "warning",
      message: "A parsing error occured with the JSON received ; message is ignored.",
    });
  });

  it("greets a game with its channel, by path, by host and by the protocol's own path", async ({
    expect,
  }) => {
    const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
    const query = `/?client_id=game&access_token=${await tokenOf(channel)}`;
    for (const [path, origin] of [
      [`/gateways/interactive-sync${query}`],
      [`/gateways/interactive-sync${query.slice(1)}`],
      [query],
      [query, "https://interactive-sync.example.com"],
    ] as const) {
      const socket = await dial(path, [], origin);
      expect(await frameOf(socket)).toEqual({
        status: "ok",
        context: "connection",
        message: "You are well connected with the channel",
        data: { displayName: "Heron Watch", channelId: String(body.number) },
      });
      socket.close();
      await socket.closed;
    }
  });

  it.for([
    ["/gateways/interactive-sync/", "Query parameters are missing ; connection"],
    ["/?client_id=game", "ClientID or accessToken is missing ; connection"],
    ["/gateways/interactive-sync/ws?client_id=game&access_token=t", "ClientID or accessToken"],
    ["/?client_id=game&access_token=nope", "An error occurred on token validation: invalid"],
    [
      "/?client_id=game&access_token=admin-key-of-the-tests",
      "We cant find user_id with your token",
    ],
  ])("turns away with one frame, and a close: %s", async ([path = "", words = ""], { expect }) => {
    const socket = await dial(path);
    const told = await frameOf<Told>(socket);
    expect(told).toMatchObject({ status: "error", context: "connection", data: null });
    expect(told.message).toContain(words);
    expect((await socket.closed).code).toBe(1008);
    expect(socket.unread).toEqual([]);
  });

  it("turns away who may not show interfaces", async ({ expect }) => {
    const token = await tokenOf(channel, ["events:read", "interact:write"]);
    const socket = await dial(`/?client_id=game&access_token=${token}`);
    expect((await frameOf<Told>(socket)).message).toContain("We cant find user_id");
    expect((await socket.closed).code).toBe(1008);
  });

  it("goes on where it was while its object sleeps, and counts on", async ({ expect }) => {
    const socket = await game();
    expect((await shows(socket, dawn)).status).toBe("ok");
    await evict();
    expect(await shows(socket, dawn)).toMatchObject({
      status: "warning",
      data: { previousID: "dawn", newID: "dawn" },
    });
    for (let warnings = 2; warnings < 5; warnings++) {
      await evict();
      expect((await shows(socket, { id: "a b" })).status).toBe("warning");
    }
    await evict();
    expect((await shows(socket, { id: "c d" })).status).toBe("warning");
    expect(await frameOf(socket)).toEqual({
      status: "error",
      context: "message",
      message: "You have exceeded the warning limit ; connection will be terminated.",
      data: { limit: 5 },
    });
    expect((await socket.closed).code).toBe(1008);
    // What it showed is gone with it.
    expect(await shownTo(await viewer("v-1"))).toEqual({});
  });

  it("tells all games of a channel what viewers do, each once and in order, across sleep", async ({
    expect,
  }) => {
    const [one, other] = [await game(), await game()];
    await shows(one, { ...dawn, video_overlay: { mouse: [{ type: "mousedown" }] } });
    const native = await connect(channel);
    const mouse = {
      type: "mousedown",
      clientWidth: 1280,
      clientHeight: 720,
      clientX: 4,
      clientY: 2,
    };
    const call = async (path: string, body: object, subject: string, name?: string) => {
      const token = await viewer(subject, name);
      return (await page("POST", path, { token, body })).status;
    };
    expect(await call("/action/input", press, "v-1", "Reedling")).toBe(200);
    await evict();
    expect(await call("/action/input", press, "v-2")).toBe(406);
    expect(await call("/action/mouse", mouse, "v-2")).toBe(200);
    await evict();
    await post(channel, {
      type: "interaction.input",
      platform: "kick",
      data: { view: "mobile", component: "posted" },
    });
    const emits = [
      { type: "input", payload: { ...press, username: "Reedling" } },
      { type: "mousedown", payload: { ...mouse, username: null } },
      { type: "input", payload: { id: "posted", view: "mobile", username: null } },
    ];
    for (const socket of [one, other]) {
      for (const data of emits) {
        expect(await frameOf(socket)).toEqual({
          status: "ok",
          context: "emit",
          message: null,
          data,
        });
      }
      expect(socket.unread).toEqual([]);
    }
    expect(await native.nextEvent("interaction.input")).toMatchObject({
      provider: "interactive-sync",
      platform: "api",
      data: { component: "open-sluice", user: { key: "api:v-1", name: "Reedling" } },
    });
    expect(await native.nextEvent("interaction.mouse")).toMatchObject({
      data: { button: "down", x: 4, y: 2, user: { id: "v-2", anonymous: true } },
    });
    for (const socket of [one, other, native]) socket.close();
  });

  it("shows what was shown last, by whichever way, to whoever asks", async ({ expect }) => {
    const socket = await game();
    const token = await viewer("v-1");
    const pushes = await dial(`/gateways/interactive-sync/viewer?token=${token}`);
    expect(await frameOf(pushes)).toEqual({ type: "user_interface" });
    const config = { transparent: false, ripple: true };
    await shows(socket, { id: "game" });
    expect(await frameOf(pushes)).toEqual({ type: "user_interface", data: { id: "game", config } });
    await evict();
    await call("PUT", `/channels/${channel}/interface`, { id: "put", config: { ripple: 0 } });
    const put = { id: "put", config: { transparent: false, ripple: false } };
    expect(await frameOf(pushes)).toEqual({ type: "user_interface", data: put });
    expect(await shownTo(token)).toEqual(put);
    expect(await shows(socket, { id: "put" })).toMatchObject({
      data: { previousID: "put", newID: "put" },
    });
    const native = await connect(channel);
    native.send({ type: "interface", id: 1, interface: { id: "native" } });
    expect(await native.nextOf("result")).toMatchObject({ ok: true });
    expect(await frameOf(pushes)).toMatchObject({ data: { id: "native" } });
    await call("DELETE", `/channels/${channel}/interface`);
    expect(await frameOf(pushes)).toEqual({ type: "user_interface" });
    expect(await shownTo(token)).toBeNull();
    await shows(socket, { id: "game" });
    expect(await frameOf(pushes)).toMatchObject({ data: { id: "game" } });
    await evict();
    socket.close();
    expect(await frameOf(pushes)).toEqual({ type: "user_interface", data: {} });
    expect(await shownTo(token)).toEqual({});
    for (const each of [native, pushes]) each.close();
  });

  it("takes away what is shown if a game was cut while nobody was looking", async ({ expect }) => {
    const socket = await game();
    await shows(socket, dawn);
    const token = await viewer("v-1");
    // As at a deployment: the socket is gone, and no word of it came.
    await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage: { sql } }) => {
      const kept = readMeta(
        sql,
        "viewer-interface",
        z.looseObject({ sockets: z.array(z.string()) }),
      );
      writeMeta(sql, "viewer-interface", {
        ...kept,
        sockets: [...(kept?.sockets ?? []), "another"],
      });
    });
    await evict();
    expect(await shownTo(token)).toEqual({});
    expect((await shows(socket, dawn)).status).toBe("ok");
    socket.close();
  });

  it("ends with its token, and leaves nothing shown", async ({ expect }) => {
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "game",
      scopes: ["interface:write"],
      channels: [channel],
    });
    const socket = await dial(`/?client_id=game&access_token=${body.key}`);
    await frameOf(socket);
    await shows(socket, dawn);
    await evict();
    await call("DELETE", `/keys/${body.id}`);
    expect((await socket.closed).code).toBe(1008);
    expect(await shownTo(await viewer("v-1"))).toEqual({});
  });

  it("goes with its channel", async ({ expect }) => {
    const socket = await game();
    await shows(socket, dawn);
    expect((await call("DELETE", `/channels/${channel}`)).status).toBe(204);
    expect((await socket.closed).code).toBe(1001);
  });

  it("refuses a page's socket as it refuses its calls", async ({ expect }) => {
    for (const [query, message] of [
      ["", "Invalid authorization header"],
      ["?token=nope", "Invalid JWT"],
      [`?token=${await tokenOf(channel, ["interface:write"])}`, "Invalid JWT"],
    ] as const) {
      const response = await knock(`/gateways/interactive-sync/viewer${query}`);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ statusCode: 401, error: "Unauthorized", message });
    }
  });
});

describe("a channel with an Interactive Sync provider", () => {
  const sync = new Emulated("interactive-sync");
  beforeEach(() => sync.reset());

  it("has the provider show what a game shows, and take it away when the game ends", async ({
    expect,
  }) => {
    const native = await connect(channel);
    await sync.link(channel);
    const { data } = await native.nextEvent("connection.updated");
    expect(data["status"]).toBe("connected");
    const socket = await game();
    expect((await shows(socket, dawn)).status).toBe("ok");
    expect((await native.nextEvent("send.confirmed")).data).toMatchObject({
      kind: "ui",
      targets: [data["identifier"]],
    });
    expect((await sync.truth()).interfaces.map((each) => each.interface.id)).toEqual(["dawn"]);
    // What its viewers do, games that are our clients are told of.
    await sync.do({ action: "input", id: "open-sluice", view: "panel", username: "Reedling" });
    expect(await frameOf(socket)).toMatchObject({
      context: "emit",
      data: { type: "input", payload: { id: "open-sluice", view: "panel", username: "Reedling" } },
    });
    socket.close();
    expect((await native.nextEvent("send.confirmed")).data).toMatchObject({ kind: "ui" });
    expect((await sync.truth()).interfaces).toHaveLength(2);
    native.close();
  });
});
