import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { Scope, type Principal } from "../../src/event/principal.ts";
import { Config } from "../../src/objects/channel/meta.ts";
import { Hub } from "../../src/objects/hub/object.ts";
import { readMeta, writeMeta } from "../../src/store/object/meta.ts";
import { call, chat, makeChannel, ORIGIN, type ShownPage } from "../support/api.ts";
import { keyFor, makeCredential } from "../support/authority.ts";
import { dial, frameOf, post } from "../support/gateways.ts";
import { crowd, evictHubs } from "../support/hubs.ts";
import { connect, upgrade, type TestSocket } from "../support/sockets.ts";

/*
 * What somebody was let in with is looked at when it is used: whatever listens or acts when its
 * credential or its channel changes, and whichever object holds it.
 */

beforeEach(() => crowd(2_000));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  crowd(2_000);
});

/** Somebody who listens. */
interface Listener {
  /** All that has come so far. */
  heard(): string;
  readonly ended: Promise<unknown>;
}

interface Who {
  readonly channel: string;
  readonly credential: string | null;
}

const say = (channel: string, text: string) =>
  post(channel, chat(`m-${crypto.randomUUID()}`, text));

function listenOn(socket: TestSocket): Listener {
  return { heard: () => socket.unread.join("\n"), ended: socket.closed };
}

const LISTENERS: Record<string, (who: Who) => Promise<Listener>> = {
  "a native socket": async ({ channel, credential }) =>
    listenOn(await connect(channel, "", { key: credential })),
  "a native socket in a hub": async ({ channel, credential }) => {
    crowd(0);
    return listenOn(await connect(channel, "", { key: credential }));
  },
  "a socket by a ticket": async ({ channel, credential }) => {
    const path = `/channels/${channel}/tickets`;
    const { body } = await call<{ ticket: string }>("POST", path, undefined, { key: credential });
    const protocols = ["tributary.v1", `ticket.${body.ticket}`];
    return listenOn(await connect(channel, "", { key: null, protocols }));
  },
  "a stream of Server-Sent Events": (who) => stream(who),
  "a stream of Server-Sent Events by a hub": (who) => {
    crowd(0);
    return stream(who);
  },
  "a multistreamer client": async ({ channel, credential }) =>
    listenOn(await dial(`/ws/${channel}?token=${credential ?? ""}`)),
  "a DLive client": async ({ channel, credential }) => {
    const socket = await dial("/gateways/dlive/", ["graphql-ws"]);
    const payload = credential === null ? {} : { authorization: credential };
    socket.send({ type: "connection_init", payload });
    const query = `subscription{streamMessageReceived(streamer:"${channel}"){__typename}}`;
    socket.send({ id: "1", type: "start", payload: { query } });
    return listenOn(socket);
  },
};

/** Those that need a credential of this very channel. */
const BOUND: typeof LISTENERS = {
  "a Restream client": async ({ credential }) =>
    listenOn(await dial(`/gateways/restream/ws?accessToken=${credential ?? ""}`)),
  "a Restream client in a hub": async ({ credential }) => {
    crowd(0);
    return listenOn(await dial(`/gateways/restream/ws?accessToken=${credential ?? ""}`));
  },
  "an Astro client": async ({ channel, credential }) => {
    const socket = await dial("/gateways/astro/");
    const data = { topic: "channel.chat.message", room: channel, token: credential };
    socket.send({ type: "subscribe", nonce: "n", data });
    return listenOn(socket);
  },
};

async function stream({ channel, credential }: Who): Promise<Listener> {
  const response = await exports.default.fetch(`${ORIGIN}/v1/channels/${channel}/stream`, {
    headers: credential === null ? {} : { authorization: `Bearer ${credential}` },
  });
  if (response.body === null || response.status !== 200) throw new Error("no stream");
  let heard = "";
  const decoder = new TextDecoder();
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) {
      heard += decoder.decode(chunk as Uint8Array, { stream: true });
    }
  };
  return { heard: () => heard, ended: read() };
}

/** Somebody who listens, and has heard something by now. */
async function listening(listen: (who: Who) => Promise<Listener>, who: Who): Promise<Listener> {
  const listener = await listen(who);
  while (!listener.heard().includes("it begins")) await say(who.channel, "it begins");
  return listener;
}

/** Ends what listens, and what it was about to hear is not heard. */
async function hearsNoMore(listener: Listener, channel: string): Promise<string> {
  await say(channel, "the secret");
  await listener.ended;
  return listener.heard();
}

const EVERYONE = Object.entries({ ...LISTENERS, ...BOUND });

describe("whoever listens by a key", () => {
  it.for(EVERYONE)("that is revoked hears no more: %s", async ([, listen], { expect }) => {
    const channel = await makeChannel();
    const { id, key } = await keyFor([channel]);
    const listener = await listening(listen, { channel, credential: key });
    await call("DELETE", `/keys/${id}`);
    expect(await hearsNoMore(listener, channel)).not.toContain("the secret");
  });

  it.for(EVERYONE)(
    "whose token goes with its key hears no more: %s",
    async ([, listen], { expect }) => {
      const channel = await makeChannel();
      const { credential, revoke } = await makeCredential("token", channel);
      const listener = await listening(listen, { channel, credential });
      await revoke?.();
      expect(await hearsNoMore(listener, channel)).not.toContain("the secret");
    },
  );

  it.for(EVERYONE)("that runs out hears no more: %s", async ([, listen], { expect }) => {
    const channel = await makeChannel();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const about = { name: "k", scopes: ["events:read"], channels: [channel], expiresAt };
    const { body } = await call<{ key: string }>("POST", "/keys", about);
    const listener = await listening(listen, { channel, credential: body.key });
    vi.setSystemTime(Date.now() + 3_600_001);
    expect(await hearsNoMore(listener, channel)).not.toContain("the secret");
  });
});

describe("whoever listens only because everybody may", () => {
  it.for(Object.entries(LISTENERS))(
    "hears no more once the channel is private: %s",
    async ([name, listen], { expect }) => {
      const channel = await makeChannel({ public: true });
      const stranger =
        name === "a multistreamer client" ? (await keyFor([await makeChannel()])).key : null;
      const listener = await listening(listen, { channel, credential: stranger });
      await call("PATCH", `/channels/${channel}`, { public: false });
      expect(await hearsNoMore(listener, channel)).not.toContain("the secret");
    },
  );

  it.for(Object.entries(LISTENERS))(
    "hears no more where its objects died before they could end it: %s",
    async ([name, listen], { expect }) => {
      // A stream's socket is cut with the object that holds it.
      const channel = await makeChannel({ public: true });
      const stranger =
        name === "a multistreamer client" ? (await keyFor([await makeChannel()])).key : null;
      const listener = await listening(listen, { channel, credential: stranger });
      await closeUnseen(channel, true);
      await evictHubs(channel);
      await evictDurableObject(env.CHANNEL.getByName(channel));
      expect(await hearsNoMore(listener, channel)).not.toContain("the secret");
    },
  );
});

describe("a hub that could not be told that a channel is private", () => {
  it.for(["a native socket in a hub", "a DLive client"])(
    "gives its strangers nothing that comes after: %s",
    async (name, { expect }) => {
      vi.spyOn(Hub.prototype, "changed").mockRejectedValue(new Error("lost on the way"));
      const channel = await makeChannel({ public: true });
      const listen = LISTENERS[name];
      if (listen === undefined) throw new Error("no such client");
      const listener = await listening(listen, { channel, credential: null });
      await call("PATCH", `/channels/${channel}`, { public: false });
      expect(await hearsNoMore(listener, channel)).not.toContain("the secret");
    },
  );
});

/** Makes a channel private in the database, and maybe in its object's own copy, and tells nobody. */
async function closeUnseen(channel: string, isKept: boolean): Promise<void> {
  await env.DB.prepare("UPDATE channels SET public = 0, updated_at = updated_at + 1 WHERE id = ?")
    .bind(channel)
    .run();
  if (!isKept) return;
  await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
    const kept = readMeta(storage.sql, "channel", Config);
    if (kept === null) throw new Error("no channel");
    const changed = { ...kept, public: false, updatedAt: kept.updatedAt + 1 };
    writeMeta(storage.sql, "channel", changed);
  });
}

describe("a channel whose object was not told that it is private", () => {
  it("lets in nobody who has no right of his own", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const path = `/channels/${channel}/tickets`;
    const { body } = await call<{ ticket: string }>("POST", path, undefined, { key: null });
    await closeUnseen(channel, false);
    const protocols = ["tributary.v1", `ticket.${body.ticket}`];
    expect((await upgrade(`/channels/${channel}/socket`, { key: null })).status).toBe(401);
    const redeemed = await upgrade(`/channels/${channel}/socket`, { key: null, protocols });
    expect([redeemed.status, (await redeemed.json<{ code: string }>()).code]).toEqual([
      401,
      "ticket_invalid",
    ]);
  });

  it("lets no follower in by a gateway, and lets go of those who are there", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const dlive = LISTENERS["a DLive client"];
    if (dlive === undefined) throw new Error("no such client");
    const before = await listening(dlive, { channel, credential: null });
    const alsoBefore = await connect(channel, "", { key: null });
    await closeUnseen(channel, false);
    const late = await dial("/gateways/dlive/", ["graphql-ws"]);
    late.send({ type: "connection_init", payload: {} });
    const query = `subscription{streamMessageReceived(streamer:"${channel}"){__typename}}`;
    late.send({ id: "1", type: "start", payload: { query } });
    for (const type of ["connection_ack", "ka", "error"]) {
      expect((await frameOf<{ type: string }>(late)).type).toBe(type);
    }
    await before.ended;
    expect((await alsoBefore.closed).code).toBe(4001);
    late.close();
  });
});

describe("whoever acts by a key that has run out since", () => {
  const keyOfAnHour = async (channel: string): Promise<string> => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const about = { name: "k", scopes: Scope.options, channels: [channel], expiresAt };
    return (await call<{ key: string }>("POST", "/keys", about)).body.key;
  };
  const later = (): void => void vi.setSystemTime(Date.now() + 3_600_001);
  const typesOn = async (channel: string): Promise<string[]> =>
    (await call<ShownPage>("GET", `/channels/${channel}/events`)).body.events.map(
      ({ type }) => type,
    );

  it.for([0, 2_000])(
    "says nothing on a native socket, with %i sockets a channel",
    async (sockets, { expect }) => {
      crowd(sockets);
      const channel = await makeChannel();
      const socket = await connect(channel, "", { key: await keyOfAnHour(channel) });
      await socket.nextOf("hello");
      later();
      socket.send({ type: "send", id: 1, text: "too late" });
      expect((await socket.closed).code).toBe(4103);
      expect(socket.unread.join()).not.toContain("result");
    },
  );

  it("says nothing by multistreamer", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await dial(`/ws/${channel}?token=${await keyOfAnHour(channel)}`);
    later();
    socket.send({ type: "text", text: "/irc too late", account_id: -1 });
    expect((await socket.closed).code).toBe(1008);
    expect(await typesOn(channel)).toEqual([]);
  });

  it("shows nothing by Interactive Sync", async ({ expect }) => {
    const channel = await makeChannel();
    const key = await keyOfAnHour(channel);
    const socket = await dial(`/gateways/interactive-sync/?client_id=g&access_token=${key}`);
    await frameOf(socket);
    later();
    socket.send({ context: "user_interface", data: { id: "x", panel: { components: [] } } });
    expect((await socket.closed).code).toBe(1008);
    expect(await typesOn(channel)).toEqual([]);
  });
});

describe("a ticket", () => {
  const ticketOf = async (channel: string, key: string | null): Promise<string[]> => {
    const path = `/channels/${channel}/tickets`;
    const { body } = await call<{ ticket: string }>("POST", path, undefined, { key });
    return ["tributary.v1", `ticket.${body.ticket}`];
  };
  const redeem = async (channel: string, protocols: readonly string[]): Promise<number> =>
    (await upgrade(`/channels/${channel}/socket`, { key: null, protocols })).status;

  it.for([0, 2_000])(
    "is worth nothing once its key was revoked, with %i sockets a channel",
    async (sockets, { expect }) => {
      crowd(sockets);
      const channel = await makeChannel({ public: true });
      const { id, key } = await keyFor([channel]);
      const protocols = await ticketOf(channel, key);
      await call("DELETE", `/keys/${id}`);
      expect(await redeem(channel, protocols)).toBe(401);
    },
  );

  it("is worth nothing once the channel that everybody might read is private", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const protocols = await ticketOf(channel, null);
    await call("PATCH", `/channels/${channel}`, { public: false });
    expect(await redeem(channel, protocols)).toBe(401);
  });

  it("is worth nothing once its maker has run out", async ({ expect }) => {
    const channel = await makeChannel();
    const expiresAt = new Date(Date.now() + 10_000).toISOString();
    const about = { name: "k", scopes: ["events:read"], channels: [channel], expiresAt };
    const { body } = await call<{ key: string }>("POST", "/keys", about);
    const protocols = await ticketOf(channel, body.key);
    vi.setSystemTime(Date.now() + 10_001);
    expect(await redeem(channel, protocols)).toBe(401);
  });

  it("is worth nothing on the next channel of its name", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await keyFor([channel]);
    const protocols = await ticketOf(channel, key);
    await call("DELETE", `/channels/${channel}`);
    await call("POST", "/channels", { id: channel });
    expect(await redeem(channel, protocols)).toBe(401);
  });
});

describe("a long poll", () => {
  it.for([
    [
      "its key was revoked",
      async (_channel: string, key: string) => call("DELETE", `/keys/${key}`),
    ],
  ] as const)("brings nothing once %s", async ([, change], { expect }) => {
    const channel = await makeChannel();
    const { id, key } = await keyFor([channel]);
    const [after] = await say(channel, "it begins");
    const path = `/channels/${channel}/events?order=asc&after=${after}&wait=30`;
    const asked = call<ShownPage>("GET", path, undefined, { key });
    await someoneListensOn(channel);
    await change(channel, id);
    expect((await asked).body.events).toEqual([]);
  });

  it("brings nothing to whoever might only because everybody did", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const [after] = await say(channel, "it begins");
    const path = `/channels/${channel}/events?order=asc&after=${after}&wait=30`;
    const asked = call<ShownPage>("GET", path, undefined, { key: null });
    await someoneListensOn(channel);
    await call("PATCH", `/channels/${channel}`, { public: false });
    expect((await asked).body.events).toEqual([]);
  });

  it("brings what comes on a private channel to whoever may read it", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await keyFor([channel]);
    const [after] = await say(channel, "it begins");
    const path = `/channels/${channel}/events?order=asc&after=${after}&wait=30`;
    const asked = call<ShownPage>("GET", path, undefined, { key });
    await someoneListensOn(channel);
    await say(channel, "what comes");
    expect((await asked).body.events).toHaveLength(1);
  });

  async function someoneListensOn(channel: string): Promise<void> {
    interface Status {
      readonly sockets: { readonly count: number };
    }
    for (;;) {
      const { body } = await call<Status>("GET", `/channels/${channel}/status`);
      if (body.sockets.count > 0) return;
    }
  }
});

describe("a channel's object that cannot ask the database", () => {
  it("lets in those with a right of their own, and tells the others to come back", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const { number } = (await call<{ number: number }>("GET", `/channels/${channel}`)).body;
    const object = env.CHANNEL.getByName(channel);
    const reader: Principal = {
      kind: "key",
      credentialId: "key:reader",
      scopes: ["events:read"],
      channels: [{ id: channel, number }],
    };
    const stranger: Principal = { ...reader, channels: [] };
    expect(await object.admit(stranger)).toMatchObject({ ok: true });
    vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(env.DB, "withSession").mockImplementation(() => {
      throw new Error("the database is away");
    });
    const answers = [await object.admit(reader), await object.admit(stranger)];
    expect(answers).toMatchObject([{ ok: true }, { ok: false, code: "unavailable" }]);
  });
});

describe("a channel's object", () => {
  const nobody: Principal = {
    kind: "anonymous",
    credentialId: "anonymous",
    scopes: [],
    channels: null,
  };

  it("does by itself nothing for whom the door should not have let through", async ({ expect }) => {
    const channel = await makeChannel();
    const { number } = (await call<{ number: number }>("GET", `/channels/${channel}`)).body;
    const object = env.CHANNEL.getByName(channel);
    const good: Principal = {
      kind: "key",
      credentialId: "key:good",
      scopes: [...Scope.options],
      channels: [{ id: channel, number }],
    };
    await object.dismiss("key:revoked");
    const bad: Principal[] = [
      nobody,
      { ...good, scopes: [] },
      { ...good, expiresAt: Date.now() },
      { ...good, channels: [{ id: channel, number: number - 1 }] },
      { ...good, channels: [{ id: "elsewhere", number }] },
      { ...good, credentialId: "key:revoked" },
      { ...good, kind: "token", credentialId: "t", maker: "key:revoked" },
    ];
    const ask = { sendId: null, to: null, sender: "s" };
    const words = { kind: "chat" as const, style: "text" as const, text: "hello" };
    const viewing = { method: "GET", path: "/action/query", body: "" };
    const viewer = { id: "v", name: null, platform: "api" };
    const deeds = (who: Principal) => [
      object.post(who, [{ type: "custom.a", platform: "api", data: {} }], 10),
      object.post(who, [{ type: "custom.a", platform: "api", data: {} }], 10, "dlive"),
      object.send(who, { ...ask, content: words }),
      object.send(who, { ...ask, content: { kind: "ui", interface: {} } }),
      object.callOfViewer(who, viewing, viewer),
      object.keepTicket(who, `digest-${crypto.randomUUID()}`, Date.now() + 1_000),
      object.status(who),
      object.addProvider(
        who,
        { protocol: "dlive", target: { streamer: "s" }, enabled: false },
        null,
      ),
      object.changeProvider(who, "none", {}, null),
      object.removeProvider(who, "none"),
      object.reconnectProvider(who, "none", null),
      object.admit(who),
    ];
    const isDenied = (answer: object): boolean =>
      "code" in answer && (answer.code === "unauthorized" || answer.code === "forbidden");
    for (const who of bad) {
      const answers = (await Promise.all(deeds(who))) as object[];
      expect([who, answers.map(isDenied)]).toEqual([who, answers.map(() => true)]);
    }
    const answers = (await Promise.all(deeds(good))) as object[];
    expect(answers.map(isDenied)).toEqual(answers.map(() => false));
  });
});
