import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { findChannel } from "../../src/store/history/channels.ts";
import { takePurges } from "../../src/store/history/purges.ts";
import { remakeChannel } from "../../src/store/history/remaking.ts";
import { call, chat, makeChannel, postNotes, textsOf, type ShownPage } from "../support/api.ts";
import { dial, tokenOf } from "../support/gateways.ts";
import { Hook } from "../support/hooks.ts";
import { crowd } from "../support/hubs.ts";
import { Jurisdictions } from "../support/jurisdictions.ts";
import { runAt } from "../support/master-keys.ts";
import { connect } from "../support/sockets.ts";

const { CHANNEL_SOCKETS } = env;
let pretended: Jurisdictions | null = null;

afterEach(() => {
  pretended?.end();
  pretended = null;
  Object.assign(env, { CHANNEL_SOCKETS, HUB_JURISDICTION: "" });
  vi.restoreAllMocks();
});

const pretend = (): Jurisdictions => (pretended = new Jurisdictions());

const EU = { jurisdiction: "eu", locationHint: "weur" };

/** The requests for objects of these names that left their jurisdiction out. */
const strays = ({ asked }: Jurisdictions, names: RegExp) =>
  asked.filter(({ name, jurisdiction }) => names.test(name) && jurisdiction !== "eu");

describe("a channel in a jurisdiction", () => {
  it("is found there by whoever asks for its object, and so are its webhooks", async ({
    expect,
  }) => {
    const world = pretend();
    const channel = await makeChannel(EU);
    const { body } = await call("GET", `/channels/${channel}`);
    expect(body).toMatchObject(EU);
    const path = `/channels/${channel}`;
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    const socket = await connect(channel);
    await socket.nextOf("hello");
    await postNotes(channel, ["a"]);
    expect(textsOf(await socket.events(1))).toEqual(["a"]);
    await hook.until(2);
    const read = await call<ShownPage>("GET", `${path}/events`);
    expect(textsOf(read.body.events)).toEqual(["a"]);
    const made = { protocol: "dlive", target: { streamer: "s" }, enabled: false };
    expect((await call("POST", `${path}/providers`, made)).status).toBe(201);
    for (const part of ["status", "providers", "connections", "webhooks", `webhooks/${id}`]) {
      expect((await call("GET", `${path}/${part}`)).status, part).toBe(200);
    }
    expect((await call("POST", `${path}/tickets`)).status).toBe(201);
    expect((await call("POST", `${path}/webhooks/${id}/test`)).status).toBe(202);
    expect((await call("PATCH", path, { public: true })).status).toBe(200);
    expect((await call("POST", "/hand-over", { spreadMs: 0 })).status).toBe(202);
    await runAt(Math.ceil(Date.now() / 300_000) * 300_000);
    expect((await call("DELETE", path)).status).toBe(204);
    const names = new RegExp(`^(${channel}|${String(body["number"])}/.*)$`);
    expect(strays(world, names)).toEqual([]);
    const first = world.asked.find(({ name }) => name === channel);
    expect(first?.options).toEqual({ locationHint: "weur" });
    expect((await call("GET", path)).status).toBe(404);
  });

  it("has the sockets that it has no room for in hubs of its jurisdiction", async ({ expect }) => {
    const world = pretend();
    crowd(0);
    const channel = await makeChannel({ jurisdiction: "eu" });
    const key = (
      await call<{ key: string; id: string }>("POST", "/keys", {
        name: "n",
        scopes: ["events:read"],
      })
    ).body;
    const socket = await connect(channel, "", { key: key.key });
    await socket.nextOf("hello");
    const used = world.asked.filter(({ name }) => name.startsWith("hub-"));
    expect(new Set(used.map(({ jurisdiction }) => jurisdiction))).toEqual(new Set(["eu"]));
    // The hub finds the channel again after it has slept, and the channel the hub.
    const hub = used.at(-1)?.name.replace(/-eu$/, "") ?? "";
    await evictDurableObject(env.HUB.getByName(`${hub}-eu`));
    await postNotes(channel, ["a"]);
    expect(textsOf(await socket.events(1))).toEqual(["a"]);
    // What all hubs have to know, those of every jurisdiction in use are told.
    await call("DELETE", `/keys/${key.id}`);
    expect((await socket.closed).code).toBe(4001);
    expect(strays(world, new RegExp(`^${channel}$`))).toEqual([]);
  });

  it("is followed from where the sockets are that name their channels in frames", async ({
    expect,
  }) => {
    const world = pretend();
    Object.assign(env, { HUB_JURISDICTION: "us" });
    const channel = await makeChannel({ jurisdiction: "eu" });
    const socket = await dial("/", ["graphql-ws"]);
    const authorization = await tokenOf(channel);
    socket.send({ type: "connection_init", payload: { authorization } });
    const query = `subscription{streamMessageReceived(streamer:"${channel}"){__typename}}`;
    socket.send({ id: "1", type: "start", payload: { query } });
    await socket.nextOf("connection_ack");
    await vi.waitFor(() => {
      const attached = world.asked.filter(({ name }) => name.startsWith("hub-"));
      expect(attached.map(({ jurisdiction }) => jurisdiction)).toContain("us");
    });
    const hubs = world.asked.filter(({ name }) => name.startsWith("hub-"));
    for (const name of new Set(hubs.map((each) => each.name.replace(/-us$/, "")))) {
      await evictDurableObject(env.HUB.getByName(`${name}-us`)).catch(() => {});
    }
    await call("POST", `/channels/${channel}/events`, [chat("m-1", "hello there")]);
    await socket.nextOf("data");
    expect(strays(world, new RegExp(`^${channel}$`))).toEqual([]);
    socket.close();
  });

  it("is no channel of an object elsewhere that has its name", async ({ expect }) => {
    const world = pretend();
    const channel = await makeChannel({ jurisdiction: "eu" });
    const elsewhere = await makeChannel();
    world.end();
    vi.restoreAllMocks();
    // What is asked for without the jurisdiction is another object, and none of the channel's.
    await evictDurableObject(env.CHANNEL.getByName(channel)).catch(() => {});
    expect(await env.CHANNEL.getByName(channel).refresh()).toBe(false);
    expect(await env.CHANNEL.getByName(elsewhere).refresh()).toBe(true);
  });

  it("stays in it: neither jurisdiction nor hint can be changed", async ({ expect }) => {
    pretend();
    const channel = await makeChannel(EU);
    for (const change of [{ jurisdiction: "us" }, { jurisdiction: null }, { locationHint: "oc" }]) {
      expect((await call("PATCH", `/channels/${channel}`, change)).status).toBe(400);
    }
    expect((await call("GET", `/channels/${channel}`)).body).toMatchObject(EU);
  });

  it("stays in it where it is made anew in its place, and so does what is taken away of the old", async ({
    expect,
  }) => {
    pretend();
    const channel = await makeChannel(EU);
    const before = await findChannel(env.DB, channel);
    const anew = before && (await remakeChannel(env.DB, before, "madeanew00", Date.now()));
    expect(anew).toMatchObject({ id: channel, ...EU });
    expect(anew?.number).not.toBe(before?.number);
    const purges = await takePurges(env.DB, Date.now(), 100);
    const old = purges.find((purge) => purge.channel === before?.number);
    expect(old).toMatchObject({ id: channel, jurisdiction: "eu" });
  });

  it("is refused where the runtime has no jurisdictions, and nothing is made", async ({
    expect,
  }) => {
    const id = `nowhere-${crypto.randomUUID().slice(0, 8)}`;
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { status, body } = await call<{ code: string; errors: { pointer: string }[] }>(
      "POST",
      "/channels",
      { id, jurisdiction: "eu" },
    );
    expect([status, body.code]).toEqual([400, "invalid_input"]);
    expect(body.errors[0]?.pointer).toBe("/jurisdiction");
    expect(log).toHaveBeenCalled();
    expect((await call("GET", `/channels/${id}`)).status).toBe(404);
    expect((await call("POST", "/channels", { id })).status).toBe(201);
  });

  it("is one that the platform has, and so is a hint", async ({ expect }) => {
    for (const wrong of [{ jurisdiction: "mars" }, { locationHint: "near" }]) {
      const { status } = await call("POST", "/channels", { id: "wrongly-placed", ...wrong });
      expect(status).toBe(400);
    }
    const channel = await makeChannel({ locationHint: "oc" });
    const { body } = await call("GET", `/channels/${channel}`);
    expect(body).toMatchObject({ jurisdiction: null, locationHint: "oc" });
    await postNotes(channel, ["a"]);
  });
});
