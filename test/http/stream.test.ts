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

  it.for([
    ["junk", {}],
    ["k3f9w2ab7q-", {}],
    [null, { "last-event-id": "junk" }],
    ["junk", { "last-event-id": "\u00e9" }],
  ] as const)(
    "says that a last event id which cannot be read is not known: %j, %j",
    async ([inQuery, headers], { expect }) => {
      const channel = await makeChannel();
      const [id] = await postNotes(channel, ["a"]);
      const query = inQuery === null ? "" : `?lastEventId=${inQuery}`;
      const stream = await openStream(channel, query, headers);
      const gap = await stream.nextEvent();
      expect(gap).toMatchObject({ id, event: "gap" });
      expect(JSON.parse(gap.data ?? "")).toMatchObject({ cause: "unknown_position", to: id });
      const [next] = await postNotes(channel, ["b"]);
      expect((await stream.nextEvent()).id).toBe(next);
      await stream.cancel();
    },
  );

  it("goes on after lastEventId in its address, as polyfills send it; the header beats it", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [first, second, third] = await postNotes(channel, ["a", "b", "c"]);
    const byAddress = await openStream(channel, `?rewind=1&lastEventId=${first}`);
    expect((await byAddress.nextEvent()).id).toBe(second);
    await byAddress.cancel();
    const headers = { "last-event-id": second ?? "" };
    const byHeader = await openStream(channel, `?lastEventId=${first}`, headers);
    expect((await byHeader.nextEvent()).id).toBe(third);
    await byHeader.cancel();
    // One that has lost its id has none: an EventSource then leaves it out, some send it empty.
    const empty = await openStream(channel, `?after=${second}&lastEventId=`);
    expect((await empty.nextEvent()).id).toBe(third);
    await empty.cancel();
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
