import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { HubChannels, type ChannelsPort } from "../../../src/objects/hub/channels.ts";

/** A hub without sockets, which notes whose sockets it was to close and which names it let go. */
function makePort(ctx: DurableObjectState, closed: string[], forgotten: string[]): ChannelsPort {
  const port = {
    ctx,
    name: "hub-0",
    revoked: { has: () => false, revision: 0 },
    names: { forget: (id: string) => void forgotten.push(id) },
    gateways: { follows: () => false, gone: (id: string) => void closed.push(id) },
    populationChanged: () => {},
    keepRenewal: () => {},
  };
  return port as unknown as ChannelsPort;
}

describe("the channels of a hub", () => {
  it("are let go of by the feed that they have, and not by one that they had before", async ({
    expect,
  }) => {
    await runInDurableObject(env.HUB.getByName("hub-0"), (_, ctx) => {
      const closed: string[] = [];
      const forgotten: string[] = [];
      const channels = new HubChannels(makePort(ctx, closed, forgotten));
      const before = channels.open("demo", null);
      channels.settle("demo");
      expect([channels.find("demo"), forgotten]).toEqual([undefined, ["demo"]]);
      const now = channels.open("demo", null);
      channels.onGone(before.feed);
      expect(channels.find("demo")).toBe(now);
      expect(closed).toEqual([]);
      channels.onGone(now.feed);
      expect(channels.find("demo")).toBeUndefined();
      expect(closed).toEqual(["demo"]);
    });
  });

  it("are kept as long as somebody is on the way in", async ({ expect }) => {
    await runInDurableObject(env.HUB.getByName("hub-0"), (_, ctx) => {
      const channels = new HubChannels(makePort(ctx, [], []));
      const channel = channels.open("demo", null);
      channel.feed.arriving += 1;
      channels.settle("demo");
      expect(channels.find("demo")).toBe(channel);
      channel.feed.arriving -= 1;
      channels.settle("demo");
      expect(channels.size).toBe(0);
    });
  });
});
