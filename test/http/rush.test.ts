import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { KEEP_MS } from "../../src/http/look-ups.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { Hub } from "../../src/objects/hub/object.ts";
import { call, makeChannel } from "../support/api.ts";
import { keyFor } from "../support/authority.ts";
import { dial } from "../support/gateways.ts";
import { crowd } from "../support/hubs.ts";
import { upgrade } from "../support/sockets.ts";

afterEach(() => {
  crowd(2_000);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function open(channel: string, key: string | null): Promise<number> {
  const { status, webSocket } = await upgrade(`/channels/${channel}/socket`, { key });
  webSocket?.accept();
  webSocket?.close();
  return status;
}

/** A token of a channel, made with a key. */
async function tokenOf(channel: string, key: string): Promise<string> {
  const path = `/channels/${channel}/tokens`;
  const about = { scopes: ["events:read"], ttlSeconds: 600 };
  return (await call<{ token: string }>("POST", path, about, { key })).body.token;
}

/** An overlay key of a channel. */
async function overlayKeyOf(channel: string): Promise<string> {
  const path = `/channels/${channel}/overlay-keys`;
  return (await call<{ key: string }>("POST", path, { name: "o" })).body.key;
}

/** Has nobody told of revocations, so that only the database knows. */
function tellNobody(): void {
  vi.spyOn(ChannelObject.prototype, "dismiss").mockRejectedValue(new Error("lost on the way"));
  vi.spyOn(Hub.prototype, "dismiss").mockRejectedValue(new Error("lost on the way"));
  vi.spyOn(console, "error").mockReturnValue();
}

describe("clients that come back all at once", () => {
  it.for(["a key", "an overlay key", "a token", "nobody's"] as const)(
    "cost the database nothing after the first, with %s",
    async (kind, { expect }) => {
      const channel = await makeChannel({ public: true });
      const { key } = await keyFor([channel]);
      const credentials = {
        "a key": key,
        "an overlay key": await overlayKeyOf(channel),
        "a token": await tokenOf(channel, key),
        "nobody's": null,
      };
      expect(await open(channel, credentials[kind])).toBe(101);
      const asked = vi.spyOn(env.DB, "withSession");
      const written = vi.spyOn(env.DB, "prepare");
      for (let index = 0; index < 5; index++) {
        expect(await open(channel, credentials[kind])).toBe(101);
      }
      expect(asked).not.toHaveBeenCalled();
      expect(written).not.toHaveBeenCalled();
    },
  );

  it("cost the database nothing by a gateway either", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await keyFor([channel]);
    const path = `/gateways/restream/ws?accessToken=${key}`;
    (await dial(path)).close();
    const asked = vi.spyOn(env.DB, "withSession");
    (await dial(path)).close();
    expect(asked).not.toHaveBeenCalled();
  });

  it("are looked up again after a few seconds", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await keyFor([channel]);
    await open(channel, key);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + KEEP_MS });
    const asked = vi.spyOn(env.DB, "withSession");
    await open(channel, key);
    expect(asked).toHaveBeenCalledTimes(2);
  });
});

describe("a key that was used a moment ago", () => {
  it.for([2_000, 0])(
    "opens nothing once it is revoked, nor do its tokens, with %i sockets a channel",
    async (sockets, { expect }) => {
      crowd(sockets);
      const channel = await makeChannel();
      const { id, key } = await keyFor([channel]);
      const token = await tokenOf(channel, key);
      expect([await open(channel, key), await open(channel, token)]).toEqual([101, 101]);
      await call("DELETE", `/keys/${id}`);
      expect([await open(channel, key), await open(channel, token)]).toEqual([401, 401]);
    },
  );

  it("reads nothing once it is revoked, though nobody could be told", async ({ expect }) => {
    const channel = await makeChannel();
    const { id, key } = await keyFor([channel]);
    expect(await open(channel, key)).toBe(101);
    tellNobody();
    await call("DELETE", `/keys/${id}`);
    const { status } = await call("GET", `/channels/${channel}/events`, undefined, { key });
    expect(status).toBe(401);
  });

  it("opens sockets for a few seconds more at most where nobody could be told", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { id, key } = await keyFor([channel]);
    expect(await open(channel, key)).toBe(101);
    tellNobody();
    await call("DELETE", `/keys/${id}`);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + KEEP_MS });
    expect(await open(channel, key)).toBe(401);
  });
});

describe("a channel that was asked for a moment ago", () => {
  it("is as it is now: closed, opened, and made anew", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const path = `/channels/${channel}`;
    expect(await open(channel, null)).toBe(101);
    await call("PATCH", path, { public: false });
    expect(await open(channel, null)).toBe(401);
    await call("PATCH", path, { public: true });
    expect(await open(channel, null)).toBe(101);
    await call("DELETE", path);
    expect(await open(channel, null)).toBe(401);
    await call("POST", "/channels", { id: channel, public: true });
    expect(await open(channel, null)).toBe(101);
    await call("DELETE", path);
    await call("POST", "/channels", { id: channel, public: true });
    expect(await open(channel, null)).toBe(101);
  });

  it("is what it is by gateways as well", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await keyFor(null);
    const path = `/ws/${channel}?token=${key}`;
    (await dial(path)).close();
    await call("DELETE", `/channels/${channel}`);
    await call("POST", "/channels", { id: channel });
    const socket = await dial(path);
    socket.close();
    expect(socket).toBeDefined();
  });
});
