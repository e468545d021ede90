import { describe, it } from "vitest";

import {
  ConnectionEntry,
  listConnections,
  toConnection,
} from "../../src/channel/connection-map.ts";
import {
  CONNECTION_MAX_BYTES,
  CONNECTIONS_MAX,
  drop,
  observe,
  remove,
  settle,
} from "../../src/channel/connections.ts";
import { connection } from "../support/samples.ts";
import { LINK } from "./support/log.ts";
import { dial, ID, Story } from "./support/map.ts";

const OTHER = dial("d_9", { providerId: "p_2" });

describe("the connection map", () => {
  it("has a connection as soon as it is told of, and tells of it", ({ expect }) => {
    const { map, drafts } = observe({}, LINK, connection, 5);
    expect(Object.keys(map)).toEqual([ID]);
    expect(drafts).toEqual([
      { type: "connection.updated", platform: "twitch", connectionId: ID, data: connection },
    ]);
    expect(map[ID]).toMatchObject({ ...connection, ...LINK, since: 5, missingSince: null });
  });

  it("has so many at most: those that were closed go first, and then one more is refused", ({
    expect,
  }) => {
    let { map } = observe({}, LINK, { ...connection, identifier: "closed" }, 1);
    map = drop(map, LINK, { uuid: connection.uuid, reason: "x", final: false }, 2).map;
    for (let index = 1; index < CONNECTIONS_MAX; index++) {
      const each = { ...connection, identifier: `c${index}`, uuid: `u${index}` };
      map = observe(map, LINK, each, 3).map;
    }
    const more = { ...connection, identifier: "one more", uuid: "u-more" };
    const { map: full } = observe(map, LINK, more, 4);
    expect(Object.keys(full)).toHaveLength(CONNECTIONS_MAX);
    expect([full["closed"], full["one more"]?.uuid]).toEqual([undefined, "u-more"]);
    const tooMany = { ...more, identifier: "two more" };
    expect(() => observe(full, LINK, tooMany, 5)).toThrow("at most 500 connections");
    // One that is there may change all the same.
    expect(observe(full, LINK, { ...more, status: "error" }, 6).drafts).toHaveLength(1);
  });

  it("refuses one that is larger than what all of them are answered with", ({ expect }) => {
    const large = { ...connection, reason: "字".repeat(CONNECTION_MAX_BYTES / 3) };
    expect(() => observe({}, LINK, large, 5)).toThrow("may take at most");
  });

  it("takes exactly the same again for no event, and stays the same map", ({ expect }) => {
    const { map } = observe({}, LINK, connection, 5);
    const reordered = Object.fromEntries(Object.entries(connection).toReversed());
    const again = observe(map, LINK, reordered as typeof connection, 9);
    expect(again.map).toBe(map);
    expect(again.drafts).toEqual([]);
  });

  it.for<[string, Partial<typeof connection>]>([
    ["uuid", { uuid: "u-2" }],
    ["status", { status: "error" }],
    ["reason", { reason: "internal" }],
    ["target", { target: { platform: "twitch", name: "Ada L." } }],
    ["what can be written to", { writable: false }],
    ["what is on air", { live: null }],
  ])("tells of a change of %s", ([, change], { expect }) => {
    const { map } = observe({}, LINK, connection, 5);
    const { drafts } = observe(map, LINK, { ...connection, ...change }, 6);
    expect(drafts.map(({ type }) => type)).toEqual(["connection.updated"]);
  });

  it("belongs to the dial that told of it last", ({ expect }) => {
    const { map } = observe({}, LINK, connection, 5);
    const again = observe(map, dial("d_2"), connection, 9);
    expect(again.drafts).toEqual([]);
    expect(again.map[ID]).toEqual({ ...map[ID], dialId: "d_2" });
  });

  it("says since when a connection has had its status, whatever else changes", ({ expect }) => {
    const story = new Story().seen(1, "u-1").seen(2, "u-1", { live: false }).seen(3, "u-2");
    expect(story.entry).toMatchObject({ uuid: "u-2", since: 1 });
    expect(story.seen(4, "u-2", { status: "error" }).entry).toMatchObject({ since: 4 });
  });

  it("lists what is there by identifier, and not what has left", ({ expect }) => {
    const story = new Story()
      .seen(1, "u-1", { identifier: "restream:b" })
      .seen(1, "u-2", { identifier: "restream:a" })
      .seen(1, "u-3", { identifier: "restream:c" })
      .dropped(2, "u-3");
    expect(listConnections(story.map).map(({ identifier }) => identifier)).toEqual([
      "restream:a",
      "restream:b",
    ]);
  });

  it("shows of an entry what the provider says, and nothing that the relay remembers", ({
    expect,
  }) => {
    const { entry } = new Story().seen(1, connection.uuid);
    expect(entry && toConnection(entry)).toEqual(connection);
  });

  it("is read back from what it is kept as", ({ expect }) => {
    const { entry } = new Story().seen(1, "u-1").lost(9, { lastSeenAt: 4 });
    expect(ConnectionEntry.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
  });
});

describe("a connection that is closed", () => {
  it("leaves by its own uuid only", ({ expect }) => {
    const story = new Story().seen(1, "u-1").dropped(2, "u-0").dropped(2, ID);
    expect(story.told).toEqual(["updated connected u-1"]);
    expect(story.dropped(3, "u-1").told).toEqual(["updated connected u-1", "closed u-1 replaced"]);
    expect(listConnections(story.map)).toEqual([]);
  });

  it("is closed once", ({ expect }) => {
    const story = new Story().seen(1, "u-1").dropped(2, "u-1").dropped(3, "u-1");
    expect(story.told).toEqual(["updated connected u-1", "closed u-1 replaced"]);
  });

  it("is not closed by another link that knows its uuid", ({ expect }) => {
    const story = new Story().seen(1, "u-1").dropped(2, "u-1", "removed", OTHER);
    expect(story.told).toEqual(["updated connected u-1"]);
  });

  it("by somebody's will is forgotten: that it comes back is news", ({ expect }) => {
    const story = new Story().seen(1, "u-1").dropped(2, "u-1", "removed");
    expect(story.map).toEqual({});
    expect(story.seen(3, "u-2").told.slice(2)).toEqual(["updated connected u-2"]);
  });
});

describe("a connection that is replaced", () => {
  it("gives way to the newest at once, and its late close is no event", ({ expect }) => {
    const story = new Story().seen(1, "u-1").seen(2, "u-2").dropped(3, "u-1");
    expect(story.told).toEqual(["updated connected u-1", "updated connected u-2"]);
    expect(story.entry).toMatchObject({ uuid: "u-2", status: "connected", predecessor: null });
  });

  it("may be announced again late: the newest word wins, and its uuid closes it", ({ expect }) => {
    const story = new Story()
      .seen(1, "u-1")
      .seen(2, "u-2", { status: "connecting" })
      .seen(3, "u-1")
      .dropped(4, "u-1");
    expect(story.told.at(-1)).toBe("closed u-1 replaced");
    expect(listConnections(story.map)).toEqual([]);
  });

  it("more than once misses nothing as long as the last that worked lives", ({ expect }) => {
    const story = new Story()
      .seen(1, "u-1")
      .seen(2, "u-2", { status: "connecting" })
      .seen(3, "u-3", { status: "connecting" })
      .dropped(4, "u-2")
      .seen(5, "u-3")
      .dropped(6, "u-1");
    expect(story.told.filter((each) => !each.startsWith("updated"))).toEqual([]);
  });
});

describe("two links to one account", () => {
  it("leave it to the first, whatever the second says", ({ expect }) => {
    const story = new Story().seen(1, "u-1").seen(2, "u-2", { status: "error" }, OTHER);
    expect(story.told).toEqual(["updated connected u-1"]);
    expect(story.entry).toMatchObject({ uuid: "u-1", providerId: "p_1" });
  });

  it("do not end each other's: what one has lost, the other has not", ({ expect }) => {
    const claims = [ID];
    const story = new Story().seen(1, "u-1").lost(2, { claims, status: "error" }, OTHER);
    expect(story.entry).toMatchObject({ uuid: "u-1", providerId: "p_1", status: "connected" });
    expect(story.take((map) => settle(map, OTHER)).entry).toMatchObject({ uuid: "u-1" });
    expect(story.take((map) => remove(map, "p_2")).entry).toMatchObject({ uuid: "u-1" });
  });

  it("leave it to the second once the first has gone", ({ expect }) => {
    const gone = new Story().seen(1, "u-1").take((map) => remove(map, "p_1"));
    expect(gone.seen(2, "u-2", {}, OTHER).entry).toMatchObject({ uuid: "u-2", providerId: "p_2" });
    const closed = new Story().seen(1, "u-1").dropped(2, "u-1").seen(3, "u-2", {}, OTHER);
    expect(closed.entry).toMatchObject({ uuid: "u-2", providerId: "p_2" });
  });
});

describe("a provider that has told of all it has", () => {
  it("has no more of what it did not tell of on this dial", ({ expect }) => {
    const story = new Story()
      .seen(1, "u-1")
      .seen(1, "u-9", { identifier: "restream:gone" })
      .lost(2)
      .seen(3, "u-2", {}, dial("d_2"))
      .take((map) => settle(map, dial("d_2")));
    expect(story.told.at(-1)).toBe("closed u-9 not_announced");
    expect(Object.keys(story.map)).toEqual([ID]);
  });

  it("changes nothing where it has told of everything", ({ expect }) => {
    const { map } = new Story().seen(1, "u-1");
    expect(settle(map, LINK)).toEqual({ map, drafts: [] });
    expect(settle(map, LINK).map).toBe(map);
  });

  it("says nothing more of what has left before", ({ expect }) => {
    const story = new Story().seen(1, "u-1").dropped(2, "u-1");
    expect(settle(story.map, dial("d_2"))).toEqual({ map: {}, drafts: [] });
  });
});

it("a provider that is unlinked takes its connections with it, and only those", ({ expect }) => {
  const story = new Story()
    .seen(1, "u-1")
    .seen(1, "u-2", { identifier: "restream:x" })
    .seen(1, "u-3", { identifier: "restream:y" }, OTHER)
    .dropped(2, "u-2")
    .take((map) => remove(map, "p_1"));
  expect(story.told.slice(-1)).toEqual(["closed u-1 unlinked"]);
  expect(Object.keys(story.map)).toEqual(["restream:y"]);
});
