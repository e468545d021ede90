import { describe, it } from "vitest";

import { Target } from "../../../../src/event/shapes.ts";
import { toTarget } from "../../../../src/protocols/restream/codec/target.ts";
import connections from "../frames/connections.json";

const avatar = "https://images.example/restream/rivermill.png";

describe("a connection's target", () => {
  it.for([
    [
      "twitch",
      { id: "440021", name: "RiverMill", url: "https://twitch.example/rivermill", avatar },
    ],
    [
      "youtube",
      {
        id: "UCrivermill",
        name: "RiverMill",
        url: "https://youtube.example/watch?v=rM1llWeir01",
      },
    ],
    [
      "facebook",
      { id: "551", name: "River Mill", url: "https://facebook.example/watch/77001", avatar },
    ],
    [
      "facebook page",
      { id: "552", name: "River Mill builds", url: "https://facebook.example/watch/77002", avatar },
    ],
    [
      "dlive",
      { id: "rivermill", name: "RiverMill", url: "https://dlive.example/rivermill", avatar },
    ],
    ["discord", { id: "98002", name: "rivermill", url: "https://discord.example/98001", avatar }],
    ["discord without an owner", { id: "98004", url: "https://discord.example/98004" }],
    [
      "linkedin",
      { id: "61001", name: "River Mill Ltd", url: "https://linkedin.example/posts/71001", avatar },
    ],
    ["a platform nobody knows", {}],
  ] as const)("of %s is %j beside all that was said of it", ([name, own], { expect }) => {
    const said = connections[name].payload.target as Record<string, unknown>;
    expect(toTarget("here", said)).toEqual({ ...said, platform: "here", ...own });
  });

  it("leads to where the chat is, before it leads to whose it is", ({ expect }) => {
    const url = "https://x.example/event";
    const owner = { id: "1", url: "https://x.example/owner" };
    expect(toTarget("x", { owner, event: { url } })).toMatchObject({ url });
    expect(toTarget("x", { owner, event: {} })).toMatchObject({ url: owner.url });
    expect(toTarget("x", { owner, url })).toMatchObject({ url: owner.url });
  });

  it("is of our platform, whatever it says itself", ({ expect }) => {
    expect(toTarget("twitch", { platform: "elsewhere" })).toEqual({ platform: "twitch" });
    expect(toTarget("twitch", null)).toEqual({ platform: "twitch" });
    expect(toTarget("twitch", undefined)).toEqual({ platform: "twitch" });
  });

  it("has text in our four fields, or nothing", ({ expect }) => {
    const odd = { id: 5, name: null, url: {}, avatar: [], kept: { id: 5 } };
    expect(toTarget("x", odd)).toEqual({ platform: "x", id: "5", kept: { id: 5 } });
    const flat = { id: "5", name: "Mill", url: "https://x.example/mill", avatar };
    expect(toTarget("x", flat)).toEqual({ platform: "x", ...flat });
    for (const owner of [null, 7, [], "mill", { id: "", name: false }]) {
      expect(toTarget("x", { owner })).toEqual({ platform: "x", owner });
      expect(Target.safeParse(toTarget("x", { ...odd, owner })).success).toBe(true);
    }
  });
});
