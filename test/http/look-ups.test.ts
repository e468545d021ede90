import { beforeEach, describe, it } from "vitest";

import { call, makeChannel } from "../support/api.ts";
import { Emulated } from "../support/emulated.ts";

const dlive = new Emulated("dlive");
beforeEach(() => dlive.reset());

const link = (channel: string, url: string) => {
  const target = { streamer: "https://dlive.tv/River" };
  const asked = { protocol: "dlive", url, target, enabled: false };
  return call<{ target: { streamer: string }; code?: string }>(
    "POST",
    `/channels/${channel}/providers`,
    asked,
  );
};

describe("a provider that is linked by the address of its page", () => {
  it("is kept by the name that it leads to", async ({ expect }) => {
    const { status, body } = await link(await makeChannel(), dlive.url);
    expect(status).toBe(201);
    expect(body.target.streamer).not.toContain("dlive.tv");
    expect(body.target.streamer).not.toBe("River");
  });

  it("is not linked where nobody can be asked", async ({ expect }) => {
    const { status, body } = await link(await makeChannel(), "ws://127.0.0.1:9/");
    expect([status, body.code]).toEqual([503, "unavailable"]);
  });
});
