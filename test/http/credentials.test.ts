import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { call, makeChannel, postNotes } from "../support/api.ts";
import { connect, upgrade } from "../support/sockets.ts";

interface ShownKey {
  readonly id: string;
  readonly key: string;
  readonly revokedAt: string | null;
}

const makeKey = async (scopes: string[], more: Record<string, unknown> = {}): Promise<ShownKey> =>
  (await call<ShownKey>("POST", "/keys", { name: "a key", scopes, ...more })).body;

const makeToken = async (channel: string, scopes: string[], ttlSeconds = 60): Promise<string> =>
  (await call<{ token: string }>("POST", `/channels/${channel}/tokens`, { scopes, ttlSeconds }))
    .body.token;

describe("API keys", () => {
  it("are shown once, in a form that shows a typing error", async ({ expect }) => {
    const made = await makeKey(["events:read"]);
    expect(made.key).toMatch(/^trb_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/);
    const { body } = await call<{ data: ShownKey[] }>("GET", "/keys?limit=200");
    expect(JSON.stringify(body)).not.toContain(made.key.split("_")[2]);
    expect(body.data.map(({ id }) => id)).toContain(made.id);
    const typo = made.key.slice(0, -1) + (made.key.endsWith("a") ? "b" : "a");
    expect((await call("GET", "/channels", undefined, { key: typo })).status).toBe(401);
  });

  it("do what their scopes say, and nothing else", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await makeKey(["events:read"]);
    const as = { key };
    expect((await call("GET", `/channels/${channel}/events`, undefined, as)).status).toBe(200);
    const refused = await Promise.all([
      call("POST", `/channels/${channel}/events`, { type: "custom.a", data: {} }, as),
      call("POST", "/channels", { id: "nope" }, as),
      call("PATCH", `/channels/${channel}`, { name: "x" }, as),
      call("GET", `/channels/${channel}/providers`, undefined, as),
      call("GET", "/keys", undefined, as),
      call("POST", `/channels/${channel}/tokens`, { scopes: ["events:read"], ttlSeconds: 9 }, as),
    ]);
    expect(refused.map(({ status, body }) => [status, body["code"]])).toEqual(
      refused.map(() => [403, "forbidden"]),
    );
  });

  it("reach only the channels they are bound to", async ({ expect }) => {
    const [mine, other] = [await makeChannel(), await makeChannel()];
    const { key } = await makeKey(["events:read", "events:write", "keys:manage"], {
      channels: [mine],
    });
    const as = { key };
    expect((await call("GET", `/channels/${mine}`, undefined, as)).status).toBe(200);
    expect((await call("GET", `/channels/${other}`, undefined, as)).status).toBe(403);
    expect((await call("GET", "/channels/never-made", undefined, as)).status).toBe(403);
    const listed = await call<{ data: { id: string }[] }>("GET", "/channels", undefined, as);
    expect(listed.body.data.map(({ id }) => id)).toEqual([mine]);
    const wider = await call("POST", "/keys", { name: "w", scopes: ["events:read"] }, as);
    expect(wider.status).toBe(403);
  });

  it("cannot give what they do not have", async ({ expect }) => {
    const { key } = await makeKey(["keys:manage", "events:read"]);
    const made = await call("POST", "/keys", { name: "k", scopes: ["channels:manage"] }, { key });
    expect([made.status, made.body["code"]]).toEqual([403, "forbidden"]);
  });

  it("end when they are revoked, and their sockets with them", async ({ expect }) => {
    const channel = await makeChannel();
    const { id, key } = await makeKey(["events:read"]);
    const socket = await connect(channel, "", { key });
    await socket.nextOf("hello");
    expect((await call("DELETE", `/keys/${id}`)).status).toBe(204);
    expect((await socket.closed).code).toBe(4001);
    expect((await call("GET", `/channels/${channel}`, undefined, { key })).status).toBe(401);
    expect((await call("DELETE", "/keys/none")).status).toBe(404);
  });

  it("end at their time, which cannot have passed", async ({ expect }) => {
    const past = { name: "p", scopes: ["events:read"], expiresAt: "2020-01-01T00:00:00Z" };
    expect((await call("POST", "/keys", past)).status).toBe(400);
  });
});

describe("tokens", () => {
  it("read one channel, by header or in the address", async ({ expect }) => {
    const [channel, other] = [await makeChannel(), await makeChannel()];
    const token = await makeToken(channel, ["events:read"]);
    const as = { key: token };
    expect((await call("GET", `/channels/${channel}/events`, undefined, as)).status).toBe(200);
    expect((await call("GET", `/channels/${other}/events`, undefined, as)).status).toBe(403);
    const inAddress = `/channels/${channel}/events?token=${token}`;
    expect((await call("GET", inAddress, undefined, { key: null })).status).toBe(200);
  });

  it("do not outlive their channel", async ({ expect }) => {
    const channel = await makeChannel();
    const token = await makeToken(channel, ["events:read"]);
    await call("DELETE", `/channels/${channel}`);
    await call("POST", "/channels", { id: channel });
    const { status } = await call("GET", `/channels/${channel}/events`, undefined, { key: token });
    expect(status).toBe(403);
  });

  it("last a day at most, and close their sockets when they end", async ({ expect }) => {
    const channel = await makeChannel();
    const long = { scopes: ["events:read"], ttlSeconds: 86_401 };
    expect((await call("POST", `/channels/${channel}/tokens`, long)).status).toBe(400);
    const token = await makeToken(channel, ["events:read"], 1);
    const socket = await connect(channel, `?token=${token}`, { key: null });
    await socket.nextOf("hello");
    // Nothing wakes an object for this: whoever has run out is shown out when something comes.
    const expired = async (): Promise<boolean> =>
      (await call("GET", `/channels/${channel}`, undefined, { key: token })).status === 401;
    while (!(await expired())) await postNotes(channel, ["meanwhile"]);
    await postNotes(channel, ["too late"]);
    expect((await socket.closed).code).toBe(4103);
  });
});

describe("overlay keys", () => {
  it("read their channel and do nothing else, until they are revoked", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<ShownKey>("POST", `/channels/${channel}/overlay-keys`, {
      name: "o",
    });
    expect(body.key).toMatch(/^trbo_/);
    const socket = await connect(channel, `?token=${body.key}`, { key: null });
    await socket.nextOf("hello");
    const posted = await call("POST", `/channels/${channel}/events`, {}, { key: body.key });
    expect(posted.status).toBe(403);
    await call("DELETE", `/channels/${channel}/overlay-keys/${body.id}`);
    expect((await socket.closed).code).toBe(4001);
    const again = await upgrade(`/channels/${channel}/socket?token=${body.key}`, { key: null });
    expect(again.status).toBe(401);
    const listed = await call<{ data: ShownKey[] }>("GET", `/channels/${channel}/overlay-keys`);
    expect(listed.body.data).toMatchObject([{ id: body.id, revokedAt: expect.any(String) }]);
  });
});

describe("an overlay key's list", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  interface Listed {
    readonly label: string | null;
    readonly lastUsedAt: string | null;
  }

  const make = async (channel: string, about: object = {}) =>
    (
      await call<ShownKey & Listed>("POST", `/channels/${channel}/overlay-keys`, {
        name: "o",
        ...about,
      })
    ).body;

  const list = async (channel: string): Promise<Listed[]> => {
    const { body } = await call<{ data: Listed[] }>("GET", `/channels/${channel}/overlay-keys`);
    return body.data.map(({ label, lastUsedAt }) => ({ label, lastUsedAt }));
  };

  /** Midnight of a day in UTC, so many days from now. */
  const midnight = (days: number): string =>
    new Date(Math.floor(Date.now() / 86_400_000 + days) * 86_400_000).toISOString();

  it("says where each was put, as whoever made it has put it", async ({ expect }) => {
    const channel = await makeChannel();
    const made = await make(channel, { label: "alerts, OBS on the studio PC" });
    expect(made).toMatchObject({ label: "alerts, OBS on the studio PC", lastUsedAt: null });
    expect(await list(channel)).toEqual([{ label: made.label, lastUsedAt: null }]);
    const { status } = await call("POST", `/channels/${channel}/overlay-keys`, {
      name: "o",
      label: "x".repeat(201),
    });
    expect(status).toBe(400);
  });

  it("says on which day each was last used, by whatever it was used for", async ({ expect }) => {
    const channel = await makeChannel();
    const [asked, dialled] = [await make(channel), await make(channel)];
    await call("GET", `/channels/${channel}/events`, undefined, { key: asked.key });
    (await connect(channel, `?token=${dialled.key}`, { key: null })).close();
    expect((await list(channel)).map(({ lastUsedAt }) => lastUsedAt)).toEqual([
      midnight(0),
      midnight(0),
    ]);
    const tomorrow = Date.now() + 86_400_000;
    vi.spyOn(Date, "now").mockReturnValue(tomorrow);
    await call("GET", "/credential", undefined, { key: asked.key });
    vi.restoreAllMocks();
    const days = (await list(channel)).map(({ lastUsedAt }) => lastUsedAt);
    expect(new Set(days)).toEqual(new Set([midnight(0), midnight(1)]));
  });

  it("has no use of one that was revoked by then", async ({ expect }) => {
    const channel = await makeChannel();
    const { id, key } = await make(channel);
    await call("DELETE", `/channels/${channel}/overlay-keys/${id}`);
    expect((await call("GET", "/credential", undefined, { key })).status).toBe(401);
    expect(await list(channel)).toEqual([{ label: null, lastUsedAt: null }]);
  });

  it("costs one row a day, and whoever uses a key nothing where it cannot be written", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { key } = await make(channel);
    // Whatever is written is asked of the database itself, and what is read of a session of it.
    const written = vi.spyOn(env.DB, "prepare").mockImplementation(() => {
      throw new Error("no writing");
    });
    vi.spyOn(console, "error").mockReturnValue();
    for (let n = 0; n < 3; n += 1) {
      expect((await call("GET", "/credential", undefined, { key })).status).toBe(200);
    }
    expect(written).toHaveBeenCalledTimes(1);
  });
});

describe("a credential", () => {
  const ask = async (key: string | null, query = "") =>
    call("GET", `/credential${query}`, undefined, { key });

  it("is told what it is and what it may, and none of its secret", async ({ expect }) => {
    const channel = await makeChannel();
    const expiresAt = "2099-01-01T00:00:00.000Z";
    const bound = await makeKey(["events:read"], { channels: [channel], expiresAt });
    const { status, body } = await ask(bound.key);
    const { id } = bound;
    const said = { kind: "key", id, name: "a key", scopes: ["events:read"], channels: [channel] };
    expect([status, body]).toEqual([200, { ...said, expiresAt }]);

    const path = `/channels/${channel}/overlay-keys`;
    const overlay = (await call<ShownKey>("POST", path, { name: "left" })).body;
    expect((await ask(null, `?token=${overlay.key}`)).body).toEqual({
      ...said,
      kind: "overlay",
      id: overlay.id,
      name: "left",
      expiresAt: null,
    });
    const token = await makeToken(channel, ["events:read"]);
    expect((await ask(token)).body).toEqual({
      ...said,
      kind: "token",
      id: expect.any(String),
      name: null,
      expiresAt: expect.any(String),
    });
  });

  it("may be none, or the admin's: then it is of no channel and has no end", async ({ expect }) => {
    const none = { id: null, name: null, channels: null, expiresAt: null };
    expect((await ask(null)).body).toEqual({ kind: "anonymous", scopes: [], ...none });
    const { body } = await call("GET", "/credential");
    expect(body).toMatchObject({ kind: "admin", ...none });
    expect(body["scopes"]).toContain("keys:manage");
  });

  it("that does not hold is refused, and is not taken for none", async ({ expect }) => {
    const { status, body } = await ask("trb_wrong");
    expect([status, body["code"]]).toEqual([401, "unauthorized"]);
  });
});

describe("tickets", () => {
  const makeTicket = async (channel: string): Promise<string> =>
    (await call<{ ticket: string }>("POST", `/channels/${channel}/tickets`)).body.ticket;

  it("open one socket, once, and are never echoed", async ({ expect }) => {
    const channel = await makeChannel();
    const protocols = ["tributary.v1", `ticket.${await makeTicket(channel)}`];
    const socket = await connect(channel, "", { key: null, protocols });
    expect(socket.protocol).toBe("tributary.v1");
    expect((await socket.next()).type).toBe("hello");
    const again = await upgrade(`/channels/${channel}/socket`, { key: null, protocols });
    expect([again.status, (await again.json<{ code: string }>()).code]).toEqual([
      401,
      "ticket_invalid",
    ]);
    socket.close();
  });

  it("hold for their channel only", async ({ expect }) => {
    const [channel, other] = [await makeChannel(), await makeChannel()];
    const protocols = ["tributary.v1", `ticket.${await makeTicket(channel)}`];
    const response = await upgrade(`/channels/${other}/socket`, { key: null, protocols });
    expect(response.status).toBe(401);
  });
});

describe("raw=true with a ticket", () => {
  const ticketOf = async (channel: string, key: string): Promise<string> => {
    const path = `/channels/${channel}/tickets`;
    return (await call<{ ticket: string }>("POST", path, undefined, { key })).body.ticket;
  };

  it("is for whoever made it with the right to manage the channel", async ({ expect }) => {
    const channel = await makeChannel();
    const scopes = ["events:read", "channels:manage"];
    const { key } = await makeKey(scopes);
    const protocols = ["tributary.v1", `ticket.${await ticketOf(channel, key)}`];
    const socket = await connect(channel, "?raw=true", { key: null, protocols });
    expect((await socket.next()).type).toBe("hello");
    socket.close();
    const reader = await makeKey(["events:read"]);
    const weak = ["tributary.v1", `ticket.${await ticketOf(channel, reader.key)}`];
    const path = `/channels/${channel}/socket?raw=true`;
    const refused = await upgrade(path, { key: null, protocols: weak });
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: "forbidden" }]);
    const unknown = ["tributary.v1", "ticket.none"];
    expect((await upgrade(path, { key: null, protocols: unknown })).status).toBe(401);
  });
});

describe("the right to manage channels", () => {
  it("is enough to list and read channels, their connections and their status", async ({
    expect,
  }) => {
    const [channel, other] = [await makeChannel(), await makeChannel()];
    const keys = [
      await makeKey(["channels:manage"]),
      await makeKey(["channels:manage"], { channels: [channel] }),
    ];
    for (const { key } of keys) {
      const as = { key };
      const list = await call<{ data: { id: string }[] }>(
        "GET",
        "/channels?limit=200",
        undefined,
        as,
      );
      expect(list.status).toBe(200);
      expect(list.body.data.map(({ id }) => id)).toContain(channel);
      for (const path of ["", "/connections", "/status", "/providers"]) {
        const { status } = await call("GET", `/channels/${channel}${path}`, undefined, as);
        expect([path, status]).toEqual([path, 200]);
      }
      // What was said there is another matter.
      expect((await call("GET", `/channels/${channel}/events`, undefined, as)).status).toBe(403);
      expect((await upgrade(`/channels/${channel}/socket`, { key })).status).toBe(403);
    }
    const bound = { key: keys[1]?.key ?? "" };
    expect((await call("GET", `/channels/${other}`, undefined, bound)).status).toBe(403);
    const none = { key: (await makeKey(["webhooks:manage"])).key };
    expect((await call("GET", `/channels/${channel}`, undefined, none)).status).toBe(403);
  });
});

describe("a key", () => {
  it("is bound to no channel that is not there", async ({ expect }) => {
    const channel = await makeChannel();
    const asked = { name: "k", scopes: ["events:read"], channels: [channel, "not-there"] };
    const { status, body } = await call<{ errors: object[] }>("POST", "/keys", asked);
    expect([status, body.errors]).toMatchObject([400, [{ pointer: "/channels/1" }]]);
    await call("DELETE", `/channels/${channel}`);
    const gone = await call("POST", "/keys", { ...asked, channels: [channel] });
    expect(gone.status).toBe(400);
  });
});

describe("origins", () => {
  it("are let in where they are the relay's own or listed", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const statuses = await Promise.all(
      ["https://relay.test", "https://pages.example", "https://evil.example", "null"].map(
        async (origin) => {
          const response = await upgrade(`/channels/${channel}/socket`, { headers: { origin } });
          response.webSocket?.accept();
          response.webSocket?.close();
          return response.status;
        },
      ),
    );
    expect(statuses).toEqual([101, 101, 403, 403]);
  });

  it("may call from a page when they are listed", async ({ expect }) => {
    const allow = async (origin: string): Promise<string | null> =>
      (await call("GET", "/schemas", undefined, { headers: { origin } })).headers.get(
        "access-control-allow-origin",
      );
    expect(await allow("https://pages.example")).toBe("https://pages.example");
    expect(await allow("https://evil.example")).toBe(null);
  });
});
