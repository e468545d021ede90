import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { SignJWT } from "jose";
import { beforeEach, describe, it, vi } from "vitest";

import { call, makeChannel } from "../support/api.ts";
import { tokenOf } from "../support/gateways.ts";
import { connect } from "../support/sockets.ts";
import { page } from "../support/viewers.ts";

const shown = {
  id: "dawn",
  panel: { components: [{ type: "button", name: "open-sluice", cooldown: { duration: 60_000 } }] },
};
const press = { id: "open-sluice", view: "panel" };
const BASE = "/gateways/interactive-sync";

const refused = (statusCode: number, error: string, message: string) => ({
  status: statusCode,
  body: { statusCode, error, message },
});
const NO_HEADER = refused(401, "Unauthorized", "Invalid authorization header");
const BAD_TOKEN = refused(401, "Unauthorized", "Invalid JWT");

let channel: string;
let token: string;
beforeEach(async () => {
  channel = await makeChannel();
  token = await tokenOf(channel, ["interact:write"], { subject: "v-1", name: "Reedling" });
  await call("PUT", `/channels/${channel}/interface`, shown);
});

/** A token as Twitch gives one to the page of an extension. */
function extensionToken(
  claims: Record<string, unknown>,
  {
    secret = "extension-secret-of-the-tests",
    expiresIn = "5m",
  }: { secret?: string; expiresIn?: string | null } = {},
): Promise<string> {
  const jwt = new SignJWT({ role: "viewer", ...claims }).setProtectedHeader({
    alg: "HS256",
    typ: "JWT",
  });
  return (expiresIn === null ? jwt : jwt.setExpirationTime(expiresIn)).sign(
    new TextEncoder().encode(secret),
  );
}

describe("a viewer's page", () => {
  it("is answered by path, by host and by the protocol's own path", async ({ expect }) => {
    const answers = await Promise.all([
      page("GET", `${BASE}/user/interface/query`, { token }),
      page("GET", "/user/interface/query", { token, origin: "https://interactive-sync.example" }),
      page("GET", "/user/interface/query", { token }),
      page("GET", `/user/interface/query?token=${token}`),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ id: "dawn", config: { ripple: true } });
    }
  });

  it("may be of any origin", async ({ expect }) => {
    const headers = { origin: "https://extension.example" };
    const asked = await page("OPTIONS", `${BASE}/action/input`, {
      headers: {
        ...headers,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-headers")).toContain("authorization");
    const { headers: told } = await page("GET", "/action/query", { headers });
    for (const each of [asked.headers, told]) {
      expect(each.get("access-control-allow-origin")).toBe("*");
    }
    expect(told.get("cache-control")).toBe("no-store");
  });

  it("presses, which is an event of the channel and blocked for a while, also across sleep", async ({
    expect,
  }) => {
    const cooldown = { duration: 60_000, broadcast: true };
    // Nobody may press anything for three seconds after a press: a slow machine takes longer.
    const realNow = Date.now.bind(Date);
    const began = realNow();
    const clock = vi
      .spyOn(Date, "now")
      .mockImplementation(() => Math.floor(began + (realNow() - began) / 10));
    const answer = await page("POST", "/action/input", { token, body: press });
    expect(answer).toMatchObject({ status: 200, body: cooldown });
    await evictDurableObject(env.CHANNEL.getByName(channel));
    expect(await page("POST", "/action/input", { token, body: press })).toMatchObject(
      refused(429, "Too Many Requests", "You trying to bypass the cooldown. Shame."),
    );
    clock.mockRestore();
    const other = await tokenOf(channel, ["interact:write"], { subject: "v-2" });
    expect(await page("POST", "/action/input", { token: other, body: press })).toMatchObject(
      refused(406, "Not Acceptable", "Action has been pushed recently, please wait."),
    );
    const { body: blocked } = await page("GET", "/action/query", { token: other });
    expect(blocked).toEqual({ "open-sluice": expect.any(Number) as number });
    const { body } = await call<{ events: object[] }>(
      "GET",
      `/channels/${channel}/events?types=interaction.*`,
    );
    expect(body.events).toMatchObject([
      {
        type: "interaction.input",
        provider: "interactive-sync",
        platform: "api",
        data: { component: "open-sluice", user: { id: "v-1", name: "Reedling" } },
      },
    ]);
  });

  it("is told what is wrong with what it posts before who it is", async ({ expect }) => {
    const invalid = refused(400, "Bad Request", "Invalid request payload input");
    expect(await page("POST", "/action/input", { body: {} })).toMatchObject(invalid);
    expect(await page("POST", "/action/input", { body: press })).toMatchObject(NO_HEADER);
    expect(await page("POST", "/action/input", { body: "{" })).toMatchObject(
      refused(400, "Bad Request", "Invalid request payload JSON format"),
    );
    expect(await page("POST", "/action/input", { body: "x".repeat(16_385) })).toMatchObject(
      refused(
        413,
        "Request Entity Too Large",
        "Payload content length greater than maximum allowed: 16384",
      ),
    );
  });

  it.for([
    ["GET", `${BASE}/nowhere`],
    ["GET", BASE],
    ["GET", `${BASE}/action/input`],
    ["DELETE", "/action/query"],
  ])(
    "is told with 200 that there is nothing: %s %s",
    async ([method = "", path = ""], { expect }) => {
      expect(await page(method, path, { token })).toMatchObject({
        status: 200,
        body: "404 Error! Page Not Found!",
      });
    },
  );
});

describe("who is no viewer", () => {
  it("is told so, whatever is the matter", async ({ expect }) => {
    const query = (credential: string | null, headers = {}) =>
      page("GET", "/user/interface/query", { token: credential, headers });
    expect(await query(null)).toMatchObject(NO_HEADER);
    expect(await query(null, { authorization: "Basic eDp5" })).toMatchObject(NO_HEADER);
    expect(await query(null, { authorization: "Bearer" })).toMatchObject(NO_HEADER);
    expect(await query("nope")).toMatchObject(BAD_TOKEN);
    expect(await query("admin-key-of-the-tests")).toMatchObject(BAD_TOKEN);
    expect(await query(await tokenOf(channel, ["interface:write"]))).toMatchObject(BAD_TOKEN);
    await call("DELETE", `/channels/${channel}`);
    expect(await query(token)).toMatchObject(BAD_TOKEN);
    // A channel of the same name is another one.
    await call("POST", "/channels", { id: channel });
    expect(await query(token)).toMatchObject(BAD_TOKEN);
  });
});

describe("a viewer whom Twitch knows", () => {
  it("is known by the extension's token, with the channel's id or number", async ({ expect }) => {
    const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
    const socket = await connect(channel, "?types=interaction.*");
    const pressed = async (channelId: string, viewer: string) => {
      const claims = { channel_id: channelId, opaque_user_id: viewer, user_id: "441502883" };
      const jwt = await extensionToken(claims);
      return (await page("POST", "/action/input", { token: jwt, body: press })).status;
    };
    expect(await pressed(String(body.number), "U1")).toBe(200);
    expect(await socket.nextEvent("interaction.input")).toMatchObject({
      platform: "twitch",
      data: { user: { key: "twitch:U1", id: "U1", anonymous: true } },
    });
    expect(await pressed(channel, "U2")).toBe(406);
    socket.close();
  });

  it("is not taken for a viewer of the channel whose number is the streamer's at Twitch", async ({
    expect,
  }) => {
    const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
    // As Twitch makes them.
    const claims = {
      channel_id: String(body.number),
      opaque_user_id: "U1",
      is_unlinked: true,
      pubsub_perms: { listen: ["broadcast"], send: [] },
    };
    const query = async (channelId: string) => {
      const token = await extensionToken({ ...claims, channel_id: channelId });
      return page("GET", "/user/interface/query", { token });
    };
    expect(await query(String(body.number))).toMatchObject(BAD_TOKEN);
    // A channel that is called by the streamer's number is his.
    const streamer = String(900_000_000 + body.number);
    await call("POST", "/channels", { id: streamer });
    expect((await query(streamer)).status).toBe(200);
  });

  it("may do nothing else with it", async ({ expect }) => {
    const jwt = await extensionToken({ channel_id: channel, opaque_user_id: "U1" });
    for (const path of ["events", "status"]) {
      const { status } = await call("GET", `/channels/${channel}/${path}`, undefined, { key: jwt });
      expect(status).toBe(403);
    }
  });

  it("is nobody with another secret's token, an old one, or another channel's", async ({
    expect,
  }) => {
    const claims = { channel_id: channel, opaque_user_id: "U1" };
    const { alg: none } = { alg: btoa('{"alg":"none"}').replaceAll("=", "") };
    for (const jwt of [
      await extensionToken(claims, { secret: "another-secret" }),
      await extensionToken(claims, { expiresIn: "-1m" }),
      await extensionToken(claims, { expiresIn: null }),
      await extensionToken({ ...claims, channel_id: "no-such-channel" }),
      await extensionToken({ channel_id: channel }),
      `${none}.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.`,
    ]) {
      expect(await page("GET", "/action/query", { token: jwt })).toMatchObject(BAD_TOKEN);
    }
  });
});
