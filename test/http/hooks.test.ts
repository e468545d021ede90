import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { formatTime } from "../../src/lib/time.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { call } from "../support/api.ts";
import { until } from "../support/hooks.ts";
import { deliver, kick, KickListener } from "../support/kick.ts";
import { methodOf } from "../support/methods.ts";

const SLUG = "otter-brook";
const CHAT = "chat.message.sent";
const KEY = "GET /public/v1/public-key";
let heard: KickListener;

beforeEach(async () => {
  // Some tests are far ahead in time.
  await env.DB.prepare("DELETE FROM hook_keys").run();
  await kick.reset();
  await kick.do({ action: "channel", slug: SLUG });
  heard = await KickListener.to(SLUG);
  await heard.untilConnection({ status: "connected" });
});
afterEach(async () => {
  await heard.end();
});

const keysAsked = async (): Promise<number> =>
  (await kick.truth()).asked.filter((each) => each === KEY).length;

describe("a delivery over a hook", () => {
  it("is refused where its body is not the one that was signed", async ({ expect }) => {
    expect(await deliver(await kick.delivery({ event: CHAT, isSpoilt: true }))).toBe(401);
    expect(await heard.said()).toEqual([]);
  });

  it("is refused where somebody else has signed it, or nobody", async ({ expect }) => {
    const foreign = await kick.delivery({ event: CHAT, key: "foreign" });
    expect(await deliver(foreign)).toBe(401);
    const { "kick-event-signature": _none, ...unsigned } = foreign.headers;
    expect(await deliver({ ...foreign, headers: unsigned })).toBe(401);
    const nonsense = { ...foreign.headers, "kick-event-signature": "%%%" };
    expect(await deliver({ ...foreign, headers: nonsense })).toBe(401);
    expect(await heard.said()).toEqual([]);
  });

  it("is refused under another name or time than it was signed with", async ({ expect }) => {
    const good = await kick.delivery({ event: CHAT });
    for (const name of ["kick-event-message-id", "kick-event-message-timestamp"]) {
      expect(await deliver({ ...good, headers: { ...good.headers, [name]: "other" } })).toBe(401);
    }
    expect(await deliver(good)).toBe(200);
  });

  it("has the key asked for at most once a minute, however many are refused", async ({
    expect,
  }) => {
    expect(await deliver(await kick.delivery({ event: CHAT }))).toBe(200);
    const before = await keysAsked();
    const forged = await kick.delivery({ event: CHAT, key: "foreign" });
    for (let again = 0; again < 5; again += 1) expect(await deliver(forged)).toBe(401);
    expect((await keysAsked()) - before).toBeLessThanOrEqual(1);
  });

  it("is refused before anything is looked at, where its address was refused too often", async ({
    expect,
  }) => {
    const { body } = await kick.delivery({ event: CHAT });
    const unsigned = { headers: {}, body };
    for (const from of ["9.9.9.9", "10.0.0.1"]) {
      for (let count = 0; count < 300; count += 1) {
        expect(await deliver(unsigned, "/hooks/kick", from)).toBe(401);
      }
    }
    const prepare = vi.spyOn(env.DB, "prepare");
    const good = await kick.delivery({ event: CHAT });
    expect(await deliver(good, "/hooks/kick", "9.9.9.9")).toBe(429);
    expect(prepare).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    // A proxy of the deployment's own stands for everybody.
    expect(await deliver(good, "/hooks/kick", "10.0.0.1")).toBe(200);
    expect(await deliver(good, "/hooks/kick", "9.9.9.8")).toBe(200);
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 60_000);
    expect(await deliver(good, "/hooks/kick", "9.9.9.9")).toBe(200);
    vi.restoreAllMocks();
    expect(await heard.said()).toEqual(["hello"]);
  });

  it("that is refused leaves a trace for whoever runs the relay, once a minute", async ({
    expect,
  }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const lines = (): number =>
      logged.mock.calls.filter(([line]) => String(line).includes("deliveries refused")).length;
    const forged = await kick.delivery({ event: CHAT, key: "foreign" });
    const refused = async () =>
      (
        await call<{ hooks: { protocol: string; refused: number; lastRefusedAt: string }[] }>(
          "GET",
          "/status",
        )
      ).body.hooks.find(({ protocol }) => protocol === "kick");
    const refuse = async (times: number, at: number): Promise<void> => {
      vi.spyOn(Date, "now").mockReturnValue(at);
      for (let count = 0; count < times; count += 1) expect(await deliver(forged)).toBe(401);
      vi.mocked(Date.now).mockRestore();
    };
    // Far ahead: what other tests have left is noted with the first.
    const at = Date.now() + 600_000;
    await refuse(1, at);
    const before = await until(refused, (hook) => hook?.lastRefusedAt === formatTime(at));
    const linesBefore = lines();
    await refuse(4, at + 59_999);
    await refuse(1, at + 60_000);
    const after = await until(refused, (hook) => hook?.lastRefusedAt === formatTime(at + 60_000));
    expect((after?.refused ?? 0) - (before?.refused ?? 0)).toBe(5);
    expect(lines() - linesBefore).toBe(1);
    vi.restoreAllMocks();
  });

  it("is heard by every channel that can hear it, and asked for again where one cannot", async ({
    expect,
  }) => {
    const other = await KickListener.to(SLUG);
    await other.untilConnection({ status: "connected" });
    const good = await kick.delivery({ event: CHAT });
    const hear = methodOf(ChannelObject.prototype, "hear");
    let isLost = true;
    vi.spyOn(ChannelObject.prototype, "hear").mockImplementation(function (
      this: ChannelObject,
      ...asked
    ) {
      if (!isLost) return hear.apply(this, asked);
      isLost = false;
      return Promise.reject(new Error("the object is away"));
    });
    vi.spyOn(console, "error").mockReturnValue();
    expect(await deliver(good)).toBe(429);
    const said = async () => [await heard.said(), await other.said()];
    expect((await said()).flat()).toEqual(["hello"]);
    expect(await deliver(good)).toBe(200);
    expect(await said()).toEqual([["hello"], ["hello"]]);
    vi.restoreAllMocks();
    await other.end();
  });

  it("is taken once the provider has another key, and one of the key before as well", async ({
    expect,
  }) => {
    expect(await deliver(await kick.delivery({ event: CHAT, text: "first" }))).toBe(200);
    await kick.do({ action: "rotateKey" });
    // A minute after the key was asked for last.
    await env.DB.prepare("UPDATE hook_keys SET asked_at = asked_at - 60000").run();
    expect(await deliver(await kick.delivery({ event: CHAT, text: "new key" }))).toBe(200);
    expect(await deliver(await kick.delivery({ event: CHAT, text: "old", key: "old" }))).toBe(200);
    expect(await heard.said()).toEqual(["first", "new key", "old"]);
  });

  it("that is for nobody here is taken, and told to nobody", async ({ expect }) => {
    expect(await deliver(await kick.delivery({ event: CHAT, slug: "somebody-else" }))).toBe(200);
    expect(await deliver(await kick.delivery({ event: CHAT, body: [1, 2] }))).toBe(200);
    expect(await deliver(await kick.delivery({ event: CHAT, body: { broadcaster: 7 } }))).toBe(200);
    expect(await heard.said()).toEqual([]);
  });

  it("of a kind that nobody knows is kept as it came", async ({ expect }) => {
    const unknown = await kick.delivery({ event: "channel.hosted", text: "from afar" });
    expect(await deliver(unknown)).toBe(200);
    await heard.until((events) => events.some(({ type }) => type === "provider.event"));
    const told = heard.events.find(({ type }) => type === "provider.event");
    expect(told?.data).toMatchObject({ nativeType: "channel.hosted" });
  });

  it("is never too much to be told, and is refused where it is longer than any", async ({
    expect,
  }) => {
    const good = await kick.delivery({ event: CHAT });
    expect(await deliver({ ...good, body: "x".repeat(300_000) })).toBe(413);
  });

  it("is asked for again where it cannot be taken, and never with a 5xx", async ({ expect }) => {
    const good = await kick.delivery({ event: CHAT });
    vi.spyOn(env.DB, "prepare").mockImplementation(() => {
      throw new Error("the database is away");
    });
    expect(await deliver(good)).toBe(429);
    vi.restoreAllMocks();
    expect(await deliver(good)).toBe(200);
    expect(await heard.said()).toEqual(["hello"]);
  });

  it("has no address but those of providers that tell so", async ({ expect }) => {
    const good = await kick.delivery({ event: CHAT });
    for (const path of ["/hooks/dlive", "/hooks/constructor", "/hooks/"]) {
      expect(await deliver(good, path)).toBe(404);
    }
  });

  it("goes nowhere once its channel is gone", async ({ expect }) => {
    const late = await kick.delivery({ event: CHAT });
    await call("DELETE", `/channels/${heard.channel}`);
    expect(await deliver(late)).toBe(200);
  });
});
