import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { call, makeChannel, postNotes, textsOf, type ShownPage } from "../../support/api.ts";
import { connect } from "../../support/sockets.ts";

describe("a channel's log", () => {
  it("numbers events densely from 1, in the order they were posted", async ({ expect }) => {
    const channel = await makeChannel();
    const ids = await postNotes(channel, ["a", "b", "c"]);
    expect(ids.map((id) => id.split("-")[1])).toEqual(["1", "2", "3"]);
    expect(await postNotes(channel, ["d"])).toEqual([ids[0]?.replace(/1$/, "4")]);
  });

  it("says the same of an event on the socket, in history and by its id", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    const [id] = await postNotes(channel, ["one and the same"]);
    const [heard] = await socket.events(1);
    const page = await call<ShownPage>("GET", `/channels/${channel}/events`);
    const single = await call("GET", `/channels/${channel}/events/${id}`);
    expect(page.body.events).toEqual([heard]);
    expect(single.body).toEqual(heard);
    socket.close();
  });

  it("has one event for a key, and answers its repeat with the same id", async ({ expect }) => {
    const channel = await makeChannel();
    const event = { type: "custom.note", data: { text: "once" }, key: "k1" };
    const first = await call<{ ids: string[] }>("POST", `/channels/${channel}/events`, event);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    const again = await call<{ ids: string[] }>("POST", `/channels/${channel}/events`, [
      event,
      { ...event, key: "k2" },
    ]);
    expect(again.body.ids[0]).toBe(first.body.ids[0]);
    const page = await call<ShownPage>("GET", `/channels/${channel}/events`);
    expect(textsOf(page.body.events)).toEqual(["once", "once"]);
  });

  it("goes on with its numbers after it has slept", async ({ expect }) => {
    const channel = await makeChannel();
    const [first] = await postNotes(channel, ["before"]);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    const [second] = await postNotes(channel, ["after"]);
    expect(second).toBe(first?.replace(/1$/, "2"));
  });
});
