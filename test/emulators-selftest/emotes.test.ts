import { test, type ExpectStatic } from "vitest";

import { type EmoteServices, startEmoteServices } from "../emulators/emotes/server.ts";

/** Each test has services of its own, on a port of their own, closed when it is over. */
const it = test.extend<{ readonly services: EmoteServices }>({
  // oxlint-disable-next-line no-empty-pattern -- the runner reads a fixture's needs from this pattern.
  services: async ({}, use) => {
    const services = await startEmoteServices();
    await use(services);
    await services.close();
  },
});

const paths = [
  "/7tv/v3/emote-sets/global",
  "/7tv/v3/users/kick/17",
  "/bttv/3/cached/emotes/global",
  "/bttv/3/cached/users/twitch/17",
  "/ffz/v1/set/global",
  "/ffz/v1/room/id/17",
  "/ffz/v1/room/yt/UC17",
];

it.for(paths)(
  "answers %s with a list, and notes that it was asked",
  async (path, { expect, services }) => {
    const response = await fetch(services.url + path);
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringMatching(/"(name|code)":/),
    ]);
    expect(services.truth()).toMatchObject({ asked: [{ service: path.split("/")[1] }] });
  },
);

it("has no list at another address", async ({ expect, services }) => {
  for (const path of ["/7tv/v2/users/1/emotes", "/bttv/3/cached/users/kick/17", "/"]) {
    expect((await fetch(services.url + path)).status).toBe(404);
  }
  expect(services.truth().asked).toEqual([]);
});

it("does not know an account that it was told not to", async ({ expect, services }) => {
  services.do({ action: "unknown", service: "ffz", account: "twitch/17" });
  const response = await fetch(`${services.url}/ffz/v1/room/id/17`);
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { message: "No such room" },
  ]);
});

it("fails as it was told, for a service or one of its lists, until it is released", async ({
  expect,
  services,
}) => {
  const [everybody = "", account = ""] = paths.filter((path) => path.startsWith("/bttv"));
  const get = async (path: string) => (await fetch(services.url + path)).status;
  const fault = { kind: "status", status: 503, retryAfter: "7" };
  services.do({ action: "fault", service: "bttv", account: null, fault });
  expect([await get(everybody), await get(account)]).toEqual([503, 200]);
  services.do({ action: "fault", service: "bttv", fault });
  expect(await get(account)).toBe(503);
  services.do({ action: "release" });
  expect([await get(everybody), await get(account)]).toEqual([200, 200]);
});

it("breaks off, breaks its JSON, and ends no list that is without an end", async ({
  expect,
  services,
}) => {
  const url = `${services.url}/7tv/v3/emote-sets/global`;
  const fail = (fault: object): void => {
    services.do({ action: "fault", service: "7tv", fault });
  };
  fail({ kind: "cut" });
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  fail({ kind: "broken" });
  await expect(fetch(url).then((response) => response.json())).rejects.toThrow();
  fail({ kind: "giant", bytes: 500_000 });
  await expectList(expect, await fetch(url), 300_000);
  fail({ kind: "giant" });
  const reader = (await fetch(url)).body?.getReader();
  let bytes = 0;
  while (bytes < 10_000_000) bytes += (await reader?.read())?.value?.length ?? 0;
  await reader?.cancel();
});

async function expectList(
  expect: ExpectStatic,
  response: Response,
  leastBytes: number,
): Promise<void> {
  const text = await response.text();
  expect(text.length).toBeGreaterThan(leastBytes);
  expect(JSON.parse(text)).toMatchObject({ emotes: expect.any(Array) as unknown });
}

it("refuses what it cannot be told, over HTTP as well", async ({ expect, services }) => {
  expect(() => services.do({ action: "fault", service: "7tv", fault: { kind: "sulk" } })).toThrow();
  const response = await fetch(`${services.url}/__emulator/do`, { method: "POST", body: "[{}]" });
  expect(response.status).toBe(400);
});
