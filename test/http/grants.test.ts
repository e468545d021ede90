import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { parseCursor } from "../../src/http/lists.ts";
import { call, makeChannel } from "../support/api.ts";
import { keyFor } from "../support/authority.ts";

interface Shown {
  readonly id: string;
  readonly key: string;
  readonly channels: readonly string[] | null;
  readonly expiresAt: string | null;
}

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly next: string | null;
}

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

/** A key that ends in an hour, and may make others. */
async function mortalKey(channel: string): Promise<Shown> {
  const about = {
    name: "m",
    scopes: ["events:read", "keys:manage"],
    channels: [channel],
    expiresAt: inAnHour(),
  };
  return (await call<Shown>("POST", "/keys", about)).body;
}

describe("what is made with a credential", () => {
  it("ends no later than it, whatever it is", async ({ expect }) => {
    const channel = await makeChannel();
    const maker = await mortalKey(channel);
    const as = { key: maker.key };
    const end = Date.parse(maker.expiresAt ?? "");
    const scopes = ["events:read"];
    const ends = await Promise.all([
      call<Shown>("POST", "/keys", { name: "k", scopes, channels: [channel] }, as),
      call<Shown>("POST", `/channels/${channel}/overlay-keys`, { name: "o" }, as),
      call<Shown>("POST", `/channels/${channel}/tokens`, { scopes, ttlSeconds: 86_400 }, as),
    ]);
    for (const { status, body } of ends) {
      expect(status).toBe(201);
      expect(Date.parse(body.expiresAt ?? "")).toBeLessThanOrEqual(end);
    }
    await env.DB.prepare("UPDATE overlay_keys SET expires_at = 1 WHERE id = ?")
      .bind(ends[1]?.body.id)
      .run();
    const read = await call("GET", `/channels/${channel}`, undefined, {
      key: ends[1]?.body.key ?? "",
    });
    expect(read.status).toBe(401);
  });

  it("by a token of a minute lasts no longer than that", async ({ expect }) => {
    const channel = await makeChannel();
    const path = `/channels/${channel}/tokens`;
    const scopes = ["events:read", "keys:manage"];
    const { token, expiresAt } = (
      await call<{ token: string; expiresAt: string }>("POST", path, { scopes, ttlSeconds: 60 })
    ).body;
    const about = { name: "k", scopes, channels: [channel] };
    const made = await call<Shown>("POST", "/keys", about, { key: token });
    expect([made.status, made.body.expiresAt]).toEqual([201, expiresAt]);
  });

  it("by a token of a channel that is gone is nothing", async ({ expect }) => {
    const channel = await makeChannel();
    const scopes = ["events:read", "keys:manage"];
    const { body } = await call<{ token: string }>("POST", `/channels/${channel}/tokens`, {
      scopes,
      ttlSeconds: 600,
    });
    const about = { name: "k", scopes, channels: [channel] };
    await call("DELETE", `/channels/${channel}`);
    for (const isAnew of [false, true]) {
      if (isAnew) await call("POST", "/channels", { id: channel });
      const answers = await Promise.all([
        call("POST", "/keys", about, { key: body.token }),
        call("GET", "/keys", undefined, { key: body.token }),
        call("GET", "/channels", undefined, { key: body.token }),
        call("POST", `/channels/${channel}/overlay-keys`, { name: "o" }, { key: body.token }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    }
  });
});

describe("a key that is bound to channels", () => {
  it("does not survive into the next channel of a name, and manages none of its keys", async ({
    expect,
  }) => {
    const [channel, other] = [await makeChannel(), await makeChannel()];
    const old = await keyFor([channel, other]);
    await call("DELETE", `/channels/${channel}`);
    await call("POST", "/channels", { id: channel });
    const fresh = await keyFor([channel], ["events:read"]);
    const as = { key: old.key };
    expect((await call("GET", `/channels/${channel}`, undefined, as)).status).toBe(403);
    expect((await call("GET", `/channels/${other}`, undefined, as)).status).toBe(200);
    expect((await call("DELETE", `/keys/${fresh.id}`, undefined, as)).status).toBe(404);
    const listed = await call<Page>("GET", "/keys", undefined, as);
    expect(listed.body.data.map(({ id }) => id)).not.toContain(fresh.id);
    const wide = { name: "w", scopes: ["events:read"], channels: [channel] };
    expect((await call("POST", "/keys", wide, as)).status).toBe(403);
    const channels = await call<Page>("GET", "/channels", undefined, as);
    expect(channels.body.data.map(({ id }) => id)).toEqual([other]);
    expect((await call("POST", "/channels", { id: "made-by-a-bound-key" }, as)).status).toBe(403);
  });

  it("is bound to channels that are there", async ({ expect }) => {
    const channel = await makeChannel();
    const about = { name: "k", scopes: ["events:read"], channels: [channel, "never-made"] };
    expect(await call("POST", "/keys", about)).toMatchObject({
      status: 400,
      body: { code: "invalid_input", errors: [{ pointer: "/channels/1" }] },
    });
    // Whoever is bound to channels learns nothing of others.
    const { key } = await keyFor([channel]);
    for (const named of ["never-made", await makeChannel()]) {
      const asked = { ...about, channels: [named] };
      expect((await call("POST", "/keys", asked, { key })).status).toBe(403);
    }
  });

  it("lists the keys that it manages, page by page, and names no other", async ({ expect }) => {
    const [mine, other] = [await makeChannel(), await makeChannel()];
    const maker = await keyFor([mine]);
    const own = [maker.id];
    for (let n = 0; n < 6; n += 1) {
      await keyFor([other], ["events:read"]);
      await keyFor([mine, other], ["events:read"]);
      own.push((await keyFor([mine], ["events:read"])).id);
    }
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const path: string = `/keys?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const { body } = await call<Page>("GET", path, undefined, { key: maker.key });
      expect(body.data.length).toBeGreaterThan(0);
      seen.push(...body.data.map(({ id }) => id));
      if (body.next !== null) expect(own).toContain(parseCursor("keys", body.next));
      cursor = body.next;
    }
    expect(seen).toEqual(own.toSorted());
  });
});

describe("an overlay key", () => {
  it("is made by whoever may read the channel himself", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await keyFor([channel], ["keys:manage"]);
    const path = `/channels/${channel}/overlay-keys`;
    expect(await call("POST", path, { name: "o" }, { key })).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
  });
});

describe("a token", () => {
  it("is revoked with the key that it was made with, through however many tokens", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { id, key } = await keyFor([channel]);
    const path = `/channels/${channel}/tokens`;
    const about = { scopes: ["events:read", "keys:manage"], ttlSeconds: 600 };
    const first = (await call<{ token: string }>("POST", path, about, { key })).body.token;
    const second = (await call<{ token: string }>("POST", path, about, { key: first })).body.token;
    const status = async (token: string): Promise<number> =>
      (await call("GET", `/channels/${channel}`, undefined, { key: token })).status;
    expect([await status(first), await status(second)]).toEqual([200, 200]);
    await call("DELETE", `/keys/${id}`);
    expect([await status(first), await status(second)]).toEqual([401, 401]);
  });
});
