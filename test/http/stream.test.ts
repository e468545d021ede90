import { exports } from "cloudflare:workers";
import { describe, it } from "vitest";

import { call, makeChannel, ORIGIN, postNotes, type ShownPage } from "../support/api.ts";
import { openStream } from "../support/streams.ts";

describe("a stream", () => {
  it("brings the same events as history does, with their positions and types", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const stream = await openStream(channel);
    const [id] = await postNotes(channel, ["a"]);
    const block = await stream.nextEvent();
    const { body } = await call<ShownPage>("GET", `/channels/${channel}/events`);
    expect(block).toEqual({ id, event: "custom.note", data: JSON.stringify(body.events[0]) });
    await stream.cancel();
  });

  it("says where it begins, before anything has come", async ({ expect }) => {
    const channel = await makeChannel();
    const [id] = await postNotes(channel, ["a"]);
    const stream = await openStream(channel);
    expect(await stream.next()).toEqual({ retry: "1000" });
    expect(await stream.next()).toEqual({ id });
    await stream.cancel();
  });

  it("goes on after Last-Event-ID, which beats its address", async ({ expect }) => {
    const channel = await makeChannel();
    const [first, second, third] = await postNotes(channel, ["a", "b", "c"]);
    const stream = await openStream(channel, `?after=${first}`, { "last-event-id": second ?? "" });
    expect((await stream.nextEvent()).id).toBe(third);
    await stream.cancel();
  });

  it("moves its position on where the filter leaves nothing", async ({ expect }) => {
    const channel = await makeChannel();
    const stream = await openStream(channel, "?types=chat.*");
    const [id] = await postNotes(channel, ["unheard"]);
    let block = await stream.next();
    while (block.id !== id) block = await stream.next();
    expect(block).toEqual({ id });
    await stream.cancel();
  });

  it("tells of a gap as an event of its own", async ({ expect }) => {
    const channel = await makeChannel();
    const [id] = await postNotes(channel, ["a"]);
    const stream = await openStream(channel, "?after=aaaaaaaaaa-5");
    const gap = await stream.nextEvent();
    expect(gap).toMatchObject({ id, event: "gap" });
    expect(JSON.parse(gap.data ?? "")).toMatchObject({ cause: "unknown_position", to: id });
    await stream.cancel();
  });

  it("gives the provider's words to those who manage the channel", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const response = await exports.default.fetch(
      `${ORIGIN}/v1/channels/${channel}/stream?raw=true`,
    );
    expect(response.status).toBe(403);
    await response.body?.cancel();
  });
});
