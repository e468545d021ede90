import { describe, it } from "vitest";

import { listConnections } from "../../src/channel/connection-map.ts";
import { settle } from "../../src/channel/connections.ts";
import { dial, ID, Story } from "./support/map.ts";

describe("a link that is lost", () => {
  it("leaves what it told of in the map, as no longer there", ({ expect }) => {
    const story = new Story().seen(10, "u-1").lost(50, { lastSeenAt: 40, reason: "socket_closed" });
    expect(story.entry).toMatchObject({
      uuid: "u-1",
      status: "connecting",
      reason: "socket_closed",
      ready: false,
      since: 50,
      missingSince: 40,
    });
    expect(story.told.at(-1)).toBe("updated connecting u-1");
  });

  it("is told of once, and again only if it is for another reason", ({ expect }) => {
    const story = new Story().seen(10, "u-1").lost(50).lost(60);
    expect(story.told).toHaveLength(2);
    expect(story.lost(70, { reason: "refused" }).told).toHaveLength(3);
    expect(story.entry).toMatchObject({ since: 50, missingSince: 50, missingCause: "silent" });
  });

  it("has its claims in the map from the first, and their trouble with them", ({ expect }) => {
    const claims = ["dlive:ada", "dlive:grace"];
    const link = dial("d_1", { provider: "dlive" });
    const story = new Story().lost(10, { claims, status: "error", reason: "token_invalid" }, link);
    expect(listConnections(story.map)).toMatchObject([
      { identifier: "dlive:ada", uuid: "d_1", platform: "dlive", status: "error", target: null },
      { identifier: "dlive:grace", reason: "token_invalid", since: 10, missingSince: null },
    ]);
    const unknown = { writable: false, ready: false, live: null };
    expect(listConnections(story.map)).toMatchObject([unknown, unknown]);
    expect(story.seen(20, "d_2", { identifier: "dlive:ada" }, link).told.at(-1)).toMatch(
      /^updated/,
    );
  });

  it("that claims nothing and has told of nothing is in the map by its own name, until it has", ({
    expect,
  }) => {
    const story = new Story().lost(10, { reason: "refused" }).lost(20);
    expect(listConnections(story.map)).toMatchObject([
      { identifier: "restream:p_1", status: "connecting" },
    ]);
    story.seen(30, "u-1", {}, dial("d_2")).take((map) => settle(map, dial("d_2")));
    expect(story.told.slice(-2)).toEqual(["updated connected u-1", "closed d_1 not_announced"]);
    expect(listConnections(story.map)).toMatchObject([{ identifier: ID }]);
  });

  it("that was hung up on purpose has left the map, and claims nothing", ({ expect }) => {
    const hungUp = { claims: ["restream:x"], status: "closed", reason: "disabled" } as const;
    const story = new Story().seen(10, "u-1").lost(50, hungUp);
    expect(listConnections(story.map)).toEqual([]);
    expect(story.told.at(-1)).toBe("closed u-1 disabled");
    expect(new Story().lost(50, hungUp).map).toEqual({});
  });

  it("brings back what it claims when it is wanted again, and what was missed of it", ({
    expect,
  }) => {
    const story = new Story()
      .seen(10, "u-1")
      .lost(50, { status: "closed", reason: "on_demand" })
      .lost(80, { claims: [ID] }, dial("d_2"));
    expect(story.entry).toMatchObject({ status: "connecting", dialId: "d_2", missingSince: 50 });
    expect(story.seen(90, "u-2", {}, dial("d_2")).told.at(-1)).toBe("gap 50-90 on_demand");
  });
});
