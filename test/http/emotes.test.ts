import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { FETCH_MS } from "../../src/http/emotes/services.ts";
import { Weighed } from "../../src/lib/weighed.ts";
import { ADMIN, call, makeChannel, ORIGIN } from "../support/api.ts";
import { askForEmotes, beginDay, emoteServices } from "../support/emotes.ts";
import { Emulated } from "../support/emulated.ts";
import { Listener } from "../support/listener.ts";

const ACCOUNT = "620441700";
const NAMED = `?twitch=${ACCOUNT}`;
const MINUTES = 60_000;
const HOURS = 60 * MINUTES;

const SERVICES = ["7tv", "bttv", "ffz"] as const;

/** One word that each service alone has for an account. */
const WORD = { "7tv": "catJAM", bttv: "KEKW", ffz: "3Head" } as const;

let pass: (ms: number) => void;
beforeEach(async () => {
  await emoteServices.reset();
  pass = beginDay();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a channel's emotes", () => {
  it("are those of all three services, each with what a page needs of it", async ({ expect }) => {
    const channel = await makeChannel();
    const { status, headers, body } = await askForEmotes(channel, NAMED);
    expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(body).toEqual({
      emotes: expect.objectContaining({
        catJAM: {
          u: "https://cdn.7tv.app/emote/60ae7316f7c927fad14e6ca2/2x.webp",
          s: "https://cdn.7tv.app/emote/60ae7316f7c927fad14e6ca2/2x_static.webp",
          w: 64,
          h: 64,
          z: 0,
        },
        KEKW: {
          u: "https://cdn.betterttv.net/emote/5e9c6c187e090362f8b0b9e8/2x",
          w: 56,
          h: 56,
          z: 0,
        },
        "3Head": { u: "https://cdn.frankerfacez.com/emote/274406/2", w: 52, h: 64, z: 0 },
        EZ: { u: "https://cdn.7tv.app/emote/63071b80942ffb69e13d700f/2x.webp", w: 64, h: 64, z: 0 },
        SoSnowy: expect.objectContaining({ z: 1 }),
        RainTime: expect.objectContaining({ z: 1 }),
      }) as unknown,
      fetchedAt: new Date(Date.now()).toISOString(),
      missing: [],
    });
    expect(Object.keys(body.emotes)).not.toContain("ForSomeOnly");
  });

  it("are of the accounts that its connections name", async ({ expect }) => {
    // A provider is dialled, and that takes time.
    vi.restoreAllMocks();
    const restream = new Emulated("restream");
    await restream.reset();
    const listener = await Listener.to(restream);
    await restream.do(
      { action: "connect", platform: "twitch" },
      { action: "connect", platform: "youtube" },
      { action: "connect", platform: "kick" },
      { action: "connect", platform: "facebook" },
    );
    await listener.until((events) => {
      const told = events.filter(({ type }) => type === "connection.updated");
      const connected = told.filter(({ data }) => data["status"] === "connected");
      return new Set(connected.map(({ platform }) => platform)).size >= 4;
    });
    const { body } = await askForEmotes(listener.channel);
    expect(body.missing).toEqual([]);
    expect(await emoteServices.listAsked()).toEqual([
      "7tv everybody",
      "7tv kick/4415926",
      "7tv twitch/733918204",
      "7tv youtube/UCrivermoss00000000000000",
      "bttv everybody",
      "bttv twitch/733918204",
      "bttv youtube/UCrivermoss00000000000000",
      "ffz everybody",
      "ffz twitch/733918204",
      "ffz youtube/UCrivermoss00000000000000",
    ]);
    await listener.end();
  });

  it("are those that everybody has, where no connection tells an account", async ({ expect }) => {
    const { body } = await askForEmotes(await makeChannel());
    expect(await emoteServices.listAsked()).toEqual([
      "7tv everybody",
      "bttv everybody",
      "ffz everybody",
    ]);
    expect(Object.keys(body.emotes)).toEqual(expect.arrayContaining(["EZ", ":tf:", "ZrehplaR"]));
  });

  it("are of the services that were asked for only", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await askForEmotes(channel, `${NAMED}&sets=ffz`);
    expect(Object.keys(body.emotes).toSorted()).toEqual([
      "3Head",
      "LaterSooner",
      "ZrehplaR",
      "otter",
    ]);
    expect((await askForEmotes(channel, "?sets=ffz,none")).status).toBe(400);
    expect((await askForEmotes(channel, "?sets=")).status).toBe(400);
    expect((await askForEmotes(channel, "?twitch=../x")).status).toBe(400);
  });

  it("of one name are the first service's, and the channel's before everybody's", async ({
    expect,
  }) => {
    const same = { name: "Same", moves: false };
    await emoteServices.do(
      { action: "emotes", service: "7tv", account: null, emotes: [{ ...same, id: "a1" }] },
      {
        action: "emotes",
        service: "7tv",
        account: `twitch/${ACCOUNT}`,
        emotes: [{ ...same, id: "a2" }],
      },
      {
        action: "emotes",
        service: "bttv",
        account: `twitch/${ACCOUNT}`,
        emotes: [{ ...same, id: "a3" }],
      },
    );
    const { body } = await askForEmotes(await makeChannel(), NAMED);
    expect(body.emotes["Same"]?.u).toContain("/a2/");
  });

  it("may be named by anybody's words", async ({ expect }) => {
    const names = ["__proto__", "constructor", "toString", 'a"b', "</script>", "\\u0000", "é😀"];
    const bad = ["", "two words", "a\nb", "x".repeat(101), "a\u202eb"];
    await emoteServices.do({
      action: "emotes",
      service: "bttv",
      account: null,
      emotes: [...names, ...bad].map((name, index) => ({ name, id: `a${index}` })),
    });
    const { body } = await askForEmotes(await makeChannel(), "?sets=bttv");
    expect(Object.keys(body.emotes)).toEqual(names);
  });
});

const FAULTS = {
  "a 500": { kind: "status", status: 500 },
  "a 404 of no account": { kind: "status", status: 404 },
  "no answer": { kind: "hang" },
  "an answer that drips": { kind: "drip" },
  "an answer that breaks off": { kind: "cut" },
  "half of a list": { kind: "broken" },
  "a page for people": { kind: "page" },
  "a page for people, as a 404": { kind: "page", status: 404 },
  "a list without an end": { kind: "giant" },
  "other names for the fields": { kind: "renamed" },
  "a redirect to another host": { kind: "redirect", to: "https://elsewhere.example/" },
  "JSON that is no list": { kind: "body", text: "null" },
  "JSON of a hundred thousand levels": { kind: "body", text: "[".repeat(100_000) },
};

const SLOW = ["no answer", "an answer that drips"];

/** Five seconds go by in a moment. */
function hurry(): void {
  const { setTimeout: wait } = globalThis;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((ring: () => void, ms?: number) =>
    wait(ring, ms === FETCH_MS ? 100 : ms)) as typeof setTimeout);
}

describe("a service that is away", () => {
  it.for(
    SERVICES.flatMap((service) =>
      Object.entries(FAULTS).map(([name, fault]) => [service, name, fault] as const),
    ),
  )(
    "spoils no other, and is told as missing: %s, %s",
    async ([service, name, fault], { expect }) => {
      const channel = await makeChannel();
      await emoteServices.do({ action: "fault", service, fault });
      if (SLOW.includes(name)) {
        // The others are not to hurry.
        const others = SERVICES.filter((each) => each !== service);
        await askForEmotes(channel, `${NAMED}&sets=${others.join()}`);
        hurry();
      }
      const { status, headers, body } = await askForEmotes(channel, NAMED);
      expect([status, body.missing]).toEqual([200, [service]]);
      const others = SERVICES.filter((each) => each !== service).map((each) => WORD[each]);
      expect(Object.keys(body.emotes)).toEqual(expect.arrayContaining(others));
      expect(Object.keys(body.emotes)).not.toContain(WORD[service]);
      expect(headers.get("cache-control")).toBe("private, max-age=30");
    },
  );

  it("is stood in for by what was last known for a day, and that is told", async ({ expect }) => {
    const channel = await makeChannel();
    const first = await askForEmotes(channel, NAMED);
    await emoteServices.do({
      action: "fault",
      service: "7tv",
      fault: { kind: "status", status: 502 },
    });
    pass(11 * MINUTES);
    const { body } = await askForEmotes(channel, NAMED);
    expect([body.stale, body.missing]).toEqual([["7tv"], []]);
    expect([body.emotes, body.fetchedAt]).toEqual([first.body.emotes, first.body.fetchedAt]);
    pass(24 * HOURS);
    const late = await askForEmotes(channel, NAMED);
    expect([late.body.stale, late.body.missing]).toEqual([undefined, ["7tv"]]);
    expect(Object.keys(late.body.emotes)).not.toContain("catJAM");
    await emoteServices.do({ action: "release" });
    pass(2 * MINUTES);
    const well = await askForEmotes(channel, NAMED);
    expect([well.body.missing, Object.keys(well.body.emotes)]).toEqual([
      [],
      expect.arrayContaining(["catJAM"]),
    ]);
  });

  it("with one account only still gives what everybody has", async ({ expect }) => {
    await emoteServices.do({
      action: "fault",
      service: "bttv",
      account: `twitch/${ACCOUNT}`,
      fault: { kind: "status", status: 500 },
    });
    const { body } = await askForEmotes(await makeChannel(), NAMED);
    expect([body.missing, Object.keys(body.emotes)]).toEqual([
      ["bttv"],
      expect.arrayContaining([":tf:", "catJAM"]),
    ]);
  });

  it("that does not know the account has an empty list, and is not missing", async ({ expect }) => {
    await emoteServices.do(
      ...SERVICES.map((service) => ({ action: "unknown", service, account: `twitch/${ACCOUNT}` })),
    );
    const { body } = await askForEmotes(await makeChannel(), NAMED);
    expect([body.missing, Object.keys(body.emotes)]).toEqual([[], expect.arrayContaining(["EZ"])]);
    expect(Object.keys(body.emotes)).not.toContain("catJAM");
  });

  it("is left alone for a minute, and for as long as it says", async ({ expect }) => {
    const channel = await makeChannel();
    const count = async (): Promise<number> =>
      (await emoteServices.listAsked()).filter((each) => each.startsWith("ffz")).length;
    const fault = { kind: "status", status: 500 };
    await emoteServices.do({ action: "fault", service: "ffz", account: null, fault });
    await askForEmotes(channel);
    await askForEmotes(channel);
    expect(await count()).toBe(1);
    pass(MINUTES);
    const busy = { kind: "status", status: 429, retryAfter: "300" };
    await emoteServices.do({ action: "fault", service: "ffz", fault: busy });
    await emoteServices.do({ action: "fault", service: "ffz", account: null, fault: busy });
    await askForEmotes(channel);
    expect(await count()).toBe(2);
    await emoteServices.do({ action: "release" });
    pass(4 * MINUTES);
    await askForEmotes(channel, NAMED);
    expect(await count()).toBe(2);
    pass(MINUTES);
    expect((await askForEmotes(channel, NAMED)).body.missing).toEqual([]);
    expect(await count()).toBe(4);
  });

  it("that hangs is asked once in an answer, not for each of its lists, and the others meanwhile", async ({
    expect,
  }) => {
    await emoteServices.do({ action: "fault", service: "7tv", fault: { kind: "hang" } });
    const { body } = await askForEmotes(await makeChannel(), `${NAMED}&kick=17`);
    expect([body.missing, Object.keys(body.emotes)]).toEqual([
      ["7tv"],
      expect.arrayContaining(["KEKW", "3Head"]),
    ]);
    const asked = await emoteServices.listAsked();
    expect(asked.filter((each) => each.startsWith("7tv"))).toEqual([`7tv twitch/${ACCOUNT}`]);
  });
});

describe("the lists", () => {
  it("are asked for once in ten minutes, whichever channel wants them", async ({ expect }) => {
    await askForEmotes(await makeChannel(), NAMED);
    const asked = await emoteServices.listAsked();
    expect(asked).toHaveLength(6);
    pass(9 * MINUTES);
    await askForEmotes(await makeChannel(), NAMED);
    expect(await emoteServices.listAsked()).toEqual(asked);
    pass(2 * MINUTES);
    await askForEmotes(await makeChannel(), NAMED);
    expect(await emoteServices.listAsked()).toHaveLength(12);
  });

  it("are found by a Worker that has just begun, in the cache of the data centre", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const first = await askForEmotes(channel, NAMED);
    await emoteServices.reset();
    vi.spyOn(Weighed.prototype, "get").mockReturnValue(null);
    expect((await askForEmotes(channel, NAMED)).body).toEqual(first.body);
    expect(await emoteServices.listAsked()).toEqual([]);
    await emoteServices.do({ action: "fault", service: "ffz", fault: { kind: "hang" } });
    hurry();
    pass(11 * MINUTES);
    const { body } = await askForEmotes(channel, `${NAMED}&sets=ffz`);
    expect([body.stale, body.missing, Object.keys(body.emotes)]).toEqual([
      ["ffz"],
      [],
      expect.arrayContaining(["3Head"]),
    ]);
  });

  it("are given though the cache takes and gives nothing, as on workers.dev", async ({
    expect,
  }) => {
    const { prototype } = caches.default.constructor as unknown as { prototype: Cache };
    vi.spyOn(prototype, "put").mockRejectedValue(new Error("not here"));
    vi.spyOn(prototype, "match").mockRejectedValue(new Error("not here"));
    const channel = await makeChannel();
    expect((await askForEmotes(channel, NAMED)).body.missing).toEqual([]);
    const asked = await emoteServices.listAsked();
    expect((await askForEmotes(channel, NAMED)).body.missing).toEqual([]);
    expect(await emoteServices.listAsked()).toEqual(asked);
  });

  it("wait for no cache that hangs", async ({ expect }) => {
    const { prototype } = caches.default.constructor as unknown as { prototype: Cache };
    const never = new Promise<never>(() => {});
    vi.spyOn(prototype, "put").mockReturnValue(never);
    vi.spyOn(prototype, "match").mockReturnValue(never);
    const { body } = await askForEmotes(await makeChannel(), "?sets=bttv");
    expect([body.missing, Object.keys(body.emotes)]).toEqual([
      [],
      expect.arrayContaining([":tf:"]),
    ]);
  });

  it("are asked for once, though many ask at the same time", async ({ expect }) => {
    const channel = await makeChannel();
    await emoteServices.do({ action: "fault", service: "bttv", fault: { kind: "hold" } });
    const asking = Array.from({ length: 10 }, () => askForEmotes(channel, `${NAMED}&sets=bttv`));
    while ((await emoteServices.truth()).open === 0);
    await emoteServices.do({ action: "release" });
    const answers = await Promise.all(asking);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.body.missing).toEqual([]);
    expect(await emoteServices.listAsked()).toEqual(["bttv everybody", `bttv twitch/${ACCOUNT}`]);
  });

  it("of more bytes than are read are missing, and those of fewer are not", async ({ expect }) => {
    const channel = await makeChannel();
    const giant = (bytes: number) => ({
      action: "fault",
      service: "bttv",
      account: null,
      fault: { kind: "giant", bytes },
    });
    await emoteServices.do(giant(6_000_000));
    expect((await askForEmotes(channel, "?sets=bttv")).body.missing).toEqual(["bttv"]);
    pass(11 * MINUTES);
    await emoteServices.do(giant(3_900_000));
    expect((await askForEmotes(channel, "?sets=bttv")).body.missing).toEqual([]);
  });

  it("of some ten thousand emotes are joined into no more than two megabytes", async ({
    expect,
  }) => {
    const many = (prefix: string) =>
      Array.from({ length: 4_900 }, (_, index) => ({
        name: `${prefix}${"é".repeat(90)}${index}`,
        id: `${index}`,
        moves: true,
      }));
    await emoteServices.do(
      { action: "emotes", service: "bttv", account: null, emotes: many("b") },
      { action: "emotes", service: "ffz", account: null, emotes: many("f") },
    );
    const { body } = await askForEmotes(await makeChannel(), "?sets=bttv,ffz");
    const bytes = new TextEncoder().encode(JSON.stringify(body)).byteLength;
    expect(bytes).toBeGreaterThan(1_900_000);
    expect(bytes).toBeLessThan(2_100_000);
  });
});

describe("an answer with emotes", () => {
  it("is not sent again to whoever has it, also when it was fetched anew", async ({ expect }) => {
    const channel = await makeChannel();
    const { headers } = await askForEmotes(channel, NAMED);
    const tag = headers.get("etag") ?? "";
    expect(tag).toMatch(/^W\/".+"$/);
    expect(headers.get("cache-control")).toBe("private, max-age=300");
    expect(headers.get("vary")).toMatch(/authorization/i);
    pass(11 * MINUTES);
    const known = { headers: { "if-none-match": tag } };
    const again = await askForEmotes(channel, NAMED, known);
    expect([again.status, again.headers.get("etag"), again.body]).toEqual([304, tag, ""]);
    await emoteServices.do({ action: "emotes", service: "ffz", account: null, emotes: [] });
    pass(11 * MINUTES);
    expect((await askForEmotes(channel, NAMED, known)).status).toBe(200);
  });

  it("is of what is kept where a HEAD asks, which waits for no service", async ({ expect }) => {
    const channel = await makeChannel();
    await emoteServices.do(
      ...SERVICES.map((service) => ({ action: "fault", service, fault: { kind: "hang" } })),
    );
    const { status, body } = await call("HEAD", `/channels/${channel}/emotes`);
    expect([status, body]).toEqual([200, ""]);
    expect(await emoteServices.listAsked()).toEqual([]);
  });

  it("may be read by a page of another origin, tag and all", async ({ expect }) => {
    const channel = await makeChannel();
    const { headers } = await askForEmotes(channel, NAMED, {
      headers: { origin: "https://pages.example" },
    });
    expect(headers.get("access-control-allow-origin")).toBe("https://pages.example");
    expect(headers.get("access-control-expose-headers")).toMatch(/etag/);
    expect(headers.get("vary")).toMatch(/origin/i);
    expect(headers.get("vary")).toMatch(/authorization/i);
  });
});

describe("who may ask", () => {
  it("is everybody on a public channel, but for accounts that they name", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    expect((await askForEmotes(channel, "", { key: null })).status).toBe(200);
    const { status, body } = await askForEmotes(channel, NAMED, { key: null });
    expect([status, body]).toMatchObject([401, { code: "unauthorized" }]);
    expect((await askForEmotes(channel, NAMED, { key: ADMIN })).status).toBe(200);
    expect((await askForEmotes(await makeChannel(), "", { key: null })).status).toBe(401);
  });

  it("is an overlay's page, by its key", async ({ expect }) => {
    const channel = await makeChannel();
    const made = await call<{ key: string }>("POST", `/channels/${channel}/overlay-keys`, {
      name: "chat",
    });
    const { status } = await askForEmotes(channel, `${NAMED}&token=${made.body.key}`, {
      key: null,
    });
    expect(status).toBe(200);
  });
});

describe("the services' address", () => {
  afterEach(() => {
    Object.assign(env, { ALLOW_PRIVATE_NETWORK: "on" });
  });

  it("is no private one where the relay is not on one's own machine", async ({ expect }) => {
    Object.assign(env, { ALLOW_PRIVATE_NETWORK: "off" });
    const { status } = await askForEmotes(await makeChannel());
    expect(status).toBe(500);
    expect(await emoteServices.listAsked()).toEqual([]);
  });

  it("is the relay's own for nothing that is kept", async ({ expect }) => {
    await askForEmotes(await makeChannel(), NAMED);
    const { exports } = await import("cloudflare:workers");
    const response = await exports.default.fetch(`${ORIGIN}/.emotes/v1/7tv/global`);
    expect(response.status).toBe(404);
  });
});
