import { resolve } from "node:path";

import { afterEach, describe, it, vi } from "vitest";

import { linkTwitch } from "../../scripts/local/demo.ts";
import { readOptions } from "../../scripts/local/options.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("npm start", () => {
  it("hears a Twitch channel beside the demo where it is told to", ({ expect }) => {
    expect(readOptions(["--twitch", "TwitchDev", "--data", "x"])).toEqual({
      port: 8787,
      data: resolve("x"),
      demo: true,
      twitch: "twitchdev",
    });
    expect(readOptions([]).twitch).toBeNull();
  });

  it.for([
    ["--twitch", "two words"],
    ["--twitch", ""],
    ["--twitch", "a", "--no-demo"],
    ["--twich"],
  ])("says what is wrong with %j, and does not start", (args, { expect }) => {
    const said = vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(process, "exit").mockImplementation(() => {
      throw new Error("ended");
    });
    expect(() => readOptions(args)).toThrow("ended");
    expect(said.mock.calls.join("")).toContain("npm start -- ");
  });

  it("links the channel by its login alone, once", async ({ expect }) => {
    const asked: { url: string; body: unknown }[] = [];
    vi.stubGlobal("fetch", (url: string, { body }: { body: string }) => {
      asked.push({ url, body: JSON.parse(body) });
      return Promise.resolve(Response.json({}, { status: 409 }));
    });
    await linkTwitch("http://127.0.0.1:8787", "key", "twitchdev");
    expect(asked).toEqual([
      {
        url: "http://127.0.0.1:8787/v1/channels/demo/providers",
        body: { protocol: "twitch-irc", target: { channel: "twitchdev" } },
      },
    ]);
  });
});
