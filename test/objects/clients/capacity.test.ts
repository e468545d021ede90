import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { isCrowd, isFull } from "../../../src/objects/clients/capacity.ts";
import { makeChannel } from "../../support/api.ts";
import { dial, knock, tokenOf } from "../../support/gateways.ts";

describe("an object's sockets", () => {
  it("are no more than the platform holds, whatever a setting says", ({ expect }) => {
    const [CHANNEL_SOCKETS, HUB_SOCKETS] = ["1000000", "1000000"];
    expect([31_999, 32_000].map((count) => isCrowd(count, { CHANNEL_SOCKETS }))).toEqual([
      false,
      true,
    ]);
    expect([31_999, 32_000].map((count) => isFull(count, { HUB_SOCKETS }))).toEqual([false, true]);
    expect(isCrowd(2_000, { CHANNEL_SOCKETS: "not a number" })).toBe(true);
  });

  it("that can be nowhere else come back later where it holds no more", async ({ expect }) => {
    const channel = await makeChannel();
    const token = await tokenOf(channel);
    const path = `/gateways/interactive-sync/?client_id=c&access_token=${token}`;
    const socket = await dial(path);
    await runInDurableObject(env.CHANNEL.getByName(channel), (object) => {
      const { runtime } = object as unknown as { runtime: { clients: object } };
      Object.defineProperty(runtime.clients, "count", { get: () => 32_000 });
    });
    const refused = await knock(path);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "30"]);
    socket.close();
  });
});
