import { exports } from "cloudflare:workers";
import { beforeAll, describe, it } from "vitest";

import type { Scope } from "../../src/event/principal.ts";
import { protocols } from "../../src/protocols/registry.ts";
import { call, chat, makeChannel, ORIGIN } from "../support/api.ts";
import { everyCell, KINDS, mayIn, nameOf, type Cell } from "../support/authority.ts";
import { dial, frameOf, knock, post } from "../support/gateways.ts";
import { crowd } from "../support/hubs.ts";
import { connect, TestSocket, upgrade } from "../support/sockets.ts";
import { page } from "../support/viewers.ts";

/*
 * Every credential in every state, by every way to read or to act: each answer is the right one.
 */

let cells: readonly Cell[] = [];
beforeAll(async () => {
  crowd(2_000);
  cells = await everyCell();
});

/** What each operation on a channel needs. One that is not here is not looked at by anybody. */
const OPERATIONS: Record<string, Scope> = {
  "GET /channels/{channel}": "events:read",
  "PATCH /channels/{channel}": "channels:manage",
  "DELETE /channels/{channel}": "channels:manage",
  "GET /channels/{channel}/providers": "channels:manage",
  "POST /channels/{channel}/providers": "channels:manage",
  "GET /channels/{channel}/providers/authorizations": "channels:manage",
  "POST /channels/{channel}/providers/authorizations": "channels:manage",
  "GET /channels/{channel}/providers/authorizations/{id}": "channels:manage",
  "DELETE /channels/{channel}/providers/authorizations/{id}": "channels:manage",
  "GET /channels/{channel}/providers/{id}": "channels:manage",
  "PATCH /channels/{channel}/providers/{id}": "channels:manage",
  "DELETE /channels/{channel}/providers/{id}": "channels:manage",
  "POST /channels/{channel}/providers/{id}/reconnect": "channels:manage",
  "GET /channels/{channel}/connections": "events:read",
  "GET /channels/{channel}/events": "events:read",
  "POST /channels/{channel}/events": "events:write",
  "GET /channels/{channel}/events/{id}": "events:read",
  "DELETE /channels/{channel}/events/{id}": "channels:manage",
  "GET /channels/{channel}/events/{id}/raw": "channels:manage",
  "GET /channels/{channel}/status": "events:read",
  "GET /channels/{channel}/metrics": "events:read",
  "GET /channels/{channel}/emotes": "events:read",
  "POST /channels/{channel}/messages": "chat:write",
  "PUT /channels/{channel}/interface": "interface:write",
  "DELETE /channels/{channel}/interface": "interface:write",
  "GET /channels/{channel}/sockets": "channels:manage",
  "DELETE /channels/{channel}/sockets/{id}": "channels:manage",
  "POST /channels/{channel}/tokens": "keys:manage",
  "POST /channels/{channel}/tickets": "events:read",
  "GET /channels/{channel}/overlay-keys": "keys:manage",
  "POST /channels/{channel}/overlay-keys": "keys:manage",
  "DELETE /channels/{channel}/overlay-keys/{id}": "keys:manage",
};

const WEBHOOKS = /^[A-Z]+ \/channels\/\{channel\}\/webhooks\b/;

/** Operations that are on no channel. */
const RELAY: Record<string, Scope> = {
  "POST /channels": "channels:manage",
  "GET /channels": "events:read",
  "POST /keys": "keys:manage",
  "GET /keys": "keys:manage",
  "DELETE /keys/{id}": "keys:manage",
};

/** Of the relay as a whole, for whoever is bound to no channel. */
const UNBOUND: Record<string, Scope> = {
  "POST /hand-over": "channels:manage",
  "GET /master-key": "keys:manage",
  "DELETE /users/{key}": "channels:manage",
  "GET /users/{key}": "channels:manage",
  "GET /status": "channels:manage",
};

/** Looked at below, as ways of their own; and what is about no channel and everybody's. */
const OTHERS =
  /^GET \/(credential|channels\/\{channel\}\/(socket|stream)|schemas|livez|readyz|\.well-known|docs|openapi|asyncapi)\b/;

async function operations(): Promise<string[]> {
  const { body } = await call<{ paths: Record<string, Record<string, unknown>> }>(
    "GET",
    "/openapi.json",
  );
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/^\/v1/, "")}`),
  );
}

/** Is whoever asks let past the door? What is asked for is wrong or not there, and changes nothing. */
async function isLetPast(
  { channel, credential }: Cell,
  operation: string,
  given: object = {},
): Promise<boolean> {
  const [method = "", template = ""] = operation.split(" ");
  const path = template.replace("{channel}", channel).replaceAll(/\{\w+\}/g, "none");
  const body = method === "GET" || method === "DELETE" ? undefined : given;
  const headers = { "if-match": '"never"' };
  const { status } = await call(method, path, body, { key: credential, headers });
  return status !== 401 && status !== 403;
}

/** Where everybody may read, so that nobody is refused for what he may not see. */
const open = (): readonly Cell[] => cells.filter(({ door }) => door === "public");

type Verdicts = Record<string, boolean>;

async function verdicts(
  some: readonly Cell[],
  of: (cell: Cell) => boolean | Promise<boolean>,
): Promise<Verdicts> {
  const entries = some.map(async (cell) => [nameOf(cell), await of(cell)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

describe("every operation of the API", () => {
  it("is in this table", async ({ expect }) => {
    const known = new Set([OPERATIONS, RELAY, UNBOUND].flatMap((each) => Object.keys(each)));
    const isKnown = (each: string): boolean =>
      known.has(each) || WEBHOOKS.test(each) || OTHERS.test(each);
    expect((await operations()).filter((each) => !isKnown(each))).toEqual([]);
  });

  it.for(Object.entries(UNBOUND))(
    "%s is for whoever has %s, bound to no channel",
    async ([operation, needs], { expect }) => {
      expect(await verdicts(open(), (cell) => isLetPast(cell, operation, { spreadMs: 0 }))).toEqual(
        await verdicts(open(), (cell) => {
          const isFree = cell.kind === "admin" || cell.kind === "unbound key";
          return isFree && mayIn(cell, needs);
        }),
      );
    },
  );

  it.for(Object.entries(OPERATIONS))(
    "%s is for whoever has %s on this very channel",
    async ([operation, needs], { expect }) => {
      const some = needs === "events:read" ? cells : open();
      expect(await verdicts(some, (cell) => isLetPast(cell, operation))).toEqual(
        await verdicts(some, (cell) => mayIn(cell, needs)),
      );
    },
  );

  it("of webhooks is for whoever has webhooks:manage on this very channel", async ({ expect }) => {
    const found = (await operations()).filter((each) => WEBHOOKS.test(each));
    expect(found.length).toBeGreaterThan(5);
    for (const operation of found) {
      expect(await verdicts(open(), (cell) => isLetPast(cell, operation))).toEqual(
        await verdicts(open(), (cell) => mayIn(cell, "webhooks:manage")),
      );
    }
  });

  it.for(Object.entries(RELAY))(
    "%s is for whoever has %s, on a channel that is there",
    async ([operation, needs], { expect }) => {
      expect(await verdicts(open(), (cell) => isLetPast(cell, operation))).toEqual(
        await verdicts(open(), (cell) => {
          // Bound elsewhere is bound to a channel that is there.
          const state = cell.state === "bound elsewhere" ? "bound here" : cell.state;
          return mayIn({ ...cell, state, door: "made private a moment ago" }, needs);
        }),
      );
    },
  );
});

describe("whoever asks what their own credential may do", () => {
  it("is told its scopes and the channels that are still there, if it holds", async ({
    expect,
  }) => {
    const told = await Promise.all(
      cells.map(async (cell) => {
        const as = { key: cell.credential };
        const { status, body } = await call("GET", "/credential", undefined, as);
        const { scopes, channels } = body as { scopes?: unknown; channels?: unknown[] | null };
        return [nameOf(cell), status, scopes, channels?.length ?? null];
      }),
    );
    const right = cells.map((cell) => {
      const { kind, state } = cell;
      const isOld = state === "of an earlier channel of that name";
      // An overlay key went with its channel.
      const isGone = state === "expired" || state === "revoked a moment ago";
      if (isGone || (isOld && kind === "overlay key")) return [nameOf(cell), 401, undefined, null];
      const bound = isOfOne(kind) ? (isOld ? 0 : 1) : null;
      return [nameOf(cell), 200, KINDS[kind], bound];
    });
    expect(told).toEqual(right);
  });
});

/** A way to read or to act that is none of the API's operations. */
interface Way {
  readonly needs: Scope;
  /** Which credentials can be tried on a channel that they are not for. */
  readonly only?: (cell: Cell) => boolean;
  readonly tries: (cell: Cell) => Promise<boolean>;
}

async function opened(response: Response): Promise<TestSocket | null> {
  if (response.webSocket !== null) return new TestSocket(response.webSocket, "");
  await response.body?.cancel();
  return null;
}

/** A native socket; null where it is refused. */
async function native(
  { channel, credential }: Cell,
  query = "",
  protocolsOffered: readonly string[] = [],
): Promise<TestSocket | null> {
  const key = protocolsOffered.length > 0 ? null : credential;
  const response = await upgrade(`/channels/${channel}/socket${query}`, {
    key,
    protocols: protocolsOffered,
  });
  const socket = await opened(response);
  await socket?.nextOf("hello");
  return socket;
}

/** Was a command refused for want of a right? */
async function isCarriedOut(socket: TestSocket | null, command: object): Promise<boolean> {
  if (socket === null) return false;
  socket.send({ id: 1, ...command });
  const { ok, error } = await socket.nextOf("result");
  socket.close();
  return ok === true || (error as { code: string }).code !== "forbidden";
}

async function isDetailed(socket: TestSocket | null): Promise<boolean> {
  if (socket === null) return false;
  socket.send({ type: "status", id: 1 });
  const { data } = await socket.nextOf("result");
  socket.close();
  return hasDetails(data);
}

function hasDetails(status: unknown): boolean {
  const { providers = [] } = status as { providers?: readonly object[] };
  return providers.some((each) => "rejects" in each);
}

const hears = (socket: TestSocket | null): boolean => {
  socket?.close();
  return socket !== null;
};

/** A native socket by a ticket of its own; null where that is refused. */
async function byTicket(cell: Cell, query = ""): Promise<TestSocket | null> {
  const path = `/channels/${cell.channel}/tickets`;
  const { body } = await call<{ ticket?: string }>("POST", path, undefined, {
    key: cell.credential,
  });
  if (body.ticket === undefined) return null;
  return native(cell, query, ["tributary.v1", `ticket.${body.ticket}`]);
}

const NATIVE: Record<string, Way> = {
  "a native socket": { needs: "events:read", tries: async (cell) => hears(await native(cell)) },
  "a native socket with the providers' words": {
    needs: "channels:manage",
    tries: async (cell) => hears(await native(cell, "?raw=true")),
  },
  "a message on a native socket": {
    needs: "chat:write",
    tries: async (cell) => isCarriedOut(await native(cell), { type: "send", text: "hello" }),
  },
  "an interface on a native socket": {
    needs: "interface:write",
    tries: async (cell) => isCarriedOut(await native(cell), { type: "interface", interface: {} }),
  },
  "the status in detail on a native socket": {
    needs: "channels:manage",
    tries: async (cell) => isDetailed(await native(cell)),
  },
  "a socket by a ticket": {
    needs: "events:read",
    tries: async (cell) => hears(await byTicket(cell)),
  },
  "a message on a socket by a ticket": {
    needs: "chat:write",
    tries: async (cell) => isCarriedOut(await byTicket(cell), { type: "send", text: "hello" }),
  },
  "the status in detail on a socket by a ticket": {
    needs: "channels:manage",
    tries: async (cell) => isDetailed(await byTicket(cell)),
  },
};

const restream: Way = {
  needs: "events:read",
  // The channel is the credential's own.
  only: ({ kind, state }) => isOfOne(kind) && state !== "bound elsewhere",
  async tries({ credential }) {
    const socket = await dial(`/gateways/restream/ws?accessToken=${credential ?? ""}`);
    try {
      await socket.nextText();
      socket.close();
      return true;
    } catch {
      return false;
    }
  },
};

const dlive: Way = {
  needs: "events:read",
  async tries({ channel, credential }) {
    const socket = await dial("/gateways/dlive/", ["graphql-ws"]);
    const payload = credential === null ? {} : { authorization: credential };
    socket.send({ type: "connection_init", payload });
    const first = await frameOf<{ type: string }>(socket);
    if (first.type !== "connection_ack") return false;
    await socket.nextText();
    const query = `subscription{streamMessageReceived(streamer:"${channel}"){__typename}}`;
    socket.send({ id: "1", type: "start", payload: { query } });
    for (let n = 0; socket.unread.length === 0; n += 1)
      await post(channel, chat(`m-${n}`, "hello"));
    const { type } = await frameOf<{ type: string }>(socket);
    socket.close();
    return type === "data";
  },
};

const astro: Way = {
  needs: "events:read",
  // Its token is for one room: one that is for another is refused, whatever the room is.
  only: ({ kind, state }) =>
    kind !== "nobody" && kind !== "extension token" && state !== "bound elsewhere",
  async tries({ channel, credential }) {
    const socket = await dial("/gateways/astro/");
    await frameOf(socket);
    const data = { topic: "channel.chat.message", room: channel, token: credential };
    socket.send({ type: "subscribe", nonce: "n", data });
    const answer = await frameOf<{ error?: string }>(socket);
    socket.close();
    return answer.error === undefined;
  },
};

/** The next line of a socket of Twitch's chat with one of these commands. */
async function lineOf(socket: TestSocket, commands: RegExp): Promise<string> {
  for (;;) {
    const line = (await socket.nextText()).trim();
    if (commands.test(line.replace(/^@\S+ /, ""))) return line;
  }
}

/**
 * A socket of Twitch's chat that has asked for a room, and whether it is in; null where it is not let
 * in at all. A room that is refused is answered with silence, so that whoever may come in is waited
 * for. All others have time enough to be let in wrongly: another room, which is everybody's, is
 * entered and left meanwhile.
 */
async function enter(cell: Cell): Promise<[TestSocket, boolean] | null> {
  const { channel, credential } = cell;
  everybodys ??= await makeChannel({ public: true });
  const socket = await dial("/gateways/twitch-irc/");
  socket.send("CAP REQ :twitch.tv/tags twitch.tv/commands");
  if (credential !== null) socket.send(`PASS oauth:${credential}`);
  socket.send(credential === null ? "NICK justinfan1" : "NICK ada");
  if ((await lineOf(socket, /^\S+ (?:376|NOTICE) /)).includes(" NOTICE ")) return null;
  socket.send(`JOIN #${channel}`);
  if (mayIn(cell, "events:read")) {
    await lineOf(socket, / ROOMSTATE /);
    return [socket, true];
  }
  let isIn = false;
  for (let n = 0; n < JOINS; n += 1) {
    socket.send(`JOIN #${everybodys}`);
    while (!(await lineOf(socket, / ROOMSTATE /)).endsWith(`#${everybodys}`)) isIn = true;
    socket.send(`PART #${everybodys}`);
  }
  return [socket, isIn];
}
const JOINS = 3;
let everybodys: string | null = null;

function isOfOne(kind: Cell["kind"]): boolean {
  return kind !== "admin" && kind !== "unbound key" && kind !== "nobody";
}

/** By protocol: a gateway that has no way here is not looked at by anybody. */
const GATEWAYS: Record<string, Record<string, Way>> = {
  "twitch-irc": {
    "a client of Twitch's chat": {
      needs: "events:read",
      async tries(cell) {
        const [socket, isIn] = (await enter(cell)) ?? [];
        socket?.close();
        return isIn === true;
      },
    },
    "words of a client of Twitch's chat": {
      needs: "chat:write",
      async tries(cell) {
        const [socket, isIn] = (await enter(cell)) ?? [];
        if (socket === undefined || isIn !== true) return false;
        socket.send(`PRIVMSG #${cell.channel} :hello`);
        // Nothing is linked that could say it: whoever may write is told that.
        const notice = await lineOf(socket, / NOTICE /);
        socket.close();
        return !notice.includes("no_permission");
      },
    },
  },
  restream: { "a Restream client": restream },
  dlive: {
    "a DLive client": dlive,
    "a message by DLive's GraphQL": {
      needs: "chat:write",
      async tries({ channel, credential }) {
        const response = await exports.default.fetch(`${ORIGIN}/`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            ...(credential !== null && { authorization: credential }),
          },
          body: JSON.stringify({
            query:
              "mutation S($input: SendStreamchatMessageInput!) { sendStreamchatMessage(input: $input) { err { code } } }",
            variables: { input: { streamer: channel, message: "hello" } },
          }),
        });
        const { data } = await response.json<{
          data: { sendStreamchatMessage: { err: { code: number } | null } } | null;
        }>();
        const code = data === null ? 401 : (data.sendStreamchatMessage.err?.code ?? 200);
        return code !== 401 && code !== 403;
      },
    },
    "the stream by DLive's GraphQL": {
      needs: "events:read",
      async tries({ channel, credential }) {
        const response = await exports.default.fetch(`${ORIGIN}/`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            ...(credential !== null && { authorization: credential }),
          },
          body: JSON.stringify({
            query: `{userByDisplayName(displayname:"${channel}"){username}}`,
          }),
        });
        const { data } = await response.json<{
          data: { userByDisplayName: object | null } | null;
        }>();
        return data !== null && data.userByDisplayName !== null;
      },
    },
  },
  astro: { "an Astro client": astro },
  multistreamer: {
    "a multistreamer client": {
      needs: "events:read",
      // There is no socket without a token.
      only: ({ kind }) => kind !== "nobody",
      async tries({ channel, credential }) {
        return hears(await opened(await knock(`/ws/${channel}?token=${credential ?? ""}`)));
      },
    },
    "words of a multistreamer client": {
      needs: "chat:write",
      only: ({ kind }) => kind !== "nobody",
      async tries(cell) {
        const { channel, credential } = cell;
        const socket = await opened(await knock(`/ws/${channel}?token=${credential ?? ""}`));
        if (socket === null) return false;
        const words = { type: "text", text: "/irc I am here", account_id: -1 };
        socket.send(words);
        socket.send({ type: "status" });
        // What was said is heard by whoever said it; the status is answered at once.
        for (;;) {
          const { type } = await frameOf<{ type: string }>(socket);
          if (type === "status") break;
        }
        socket.close();
        const said = await call<{ events: object[] }>("GET", `/channels/${channel}/events`);
        return JSON.stringify(said.body.events).includes("I am here");
      },
    },
  },
  "interactive-sync": {
    "a game": {
      needs: "interface:write",
      only: ({ kind, state }) => isOfOne(kind) && state !== "bound elsewhere",
      async tries({ credential }) {
        const path = `/gateways/interactive-sync/?client_id=game&access_token=${credential ?? ""}`;
        const socket = await dial(path);
        const { status } = await frameOf<{ status: string }>(socket);
        socket.close();
        return status === "ok";
      },
    },
    "a viewer's page": {
      needs: "interact:write",
      only: ({ kind, state }) => isOfOne(kind) && state !== "bound elsewhere",
      async tries({ credential }) {
        const path = "/gateways/interactive-sync/user/interface/query";
        return (await page("GET", path, { token: credential })).status !== 401;
      },
    },
  },
};

const SSE: Way = {
  needs: "events:read",
  async tries({ channel, credential }) {
    const response = await exports.default.fetch(`${ORIGIN}/v1/channels/${channel}/stream`, {
      headers: credential === null ? {} : { authorization: `Bearer ${credential}` },
    });
    await response.body?.cancel();
    return response.status === 200;
  },
};

async function judged(
  way: Way,
  among: readonly Cell[] = cells,
): Promise<{ found: Verdicts; right: Verdicts }> {
  const some = among.filter((cell) => way.only?.(cell) ?? true);
  return {
    found: await verdicts(some, (cell) => way.tries(cell)),
    right: await verdicts(some, (cell) => mayIn(cell, way.needs)),
  };
}

describe("in the channel's own object", () => {
  const ways = { ...NATIVE, "a stream of Server-Sent Events": SSE };
  it.for(Object.entries(ways))(
    "%s is for whoever has the right on this very channel",
    async ([, way], { expect }) => {
      const { found, right } = await judged(way);
      expect(found).toEqual(right);
    },
  );

  it("the status is told in detail to whoever may manage this very channel", async ({ expect }) => {
    const found = await verdicts(cells, async ({ channel, credential }) => {
      const path = `/channels/${channel}/status`;
      return hasDetails((await call("GET", path, undefined, { key: credential })).body);
    });
    expect(found).toEqual(await verdicts(cells, (cell) => mayIn(cell, "channels:manage")));
  });
});

describe("in a hub, where the channel is crowded", () => {
  const ways = { ...NATIVE, "a stream of Server-Sent Events": SSE, "a Restream client": restream };
  it.for(Object.entries(ways))(
    "%s is for whoever has the right on this very channel",
    async ([, way], { expect }) => {
      crowd(0);
      try {
        // What is private is refused before it is known where the socket is to be.
        const { found, right } = await judged(way, open());
        expect(found).toEqual(right);
      } finally {
        crowd(2_000);
      }
    },
  );
});

describe("every gateway", () => {
  it("is in this table", ({ expect }) => {
    const served = Object.entries(protocols).filter(([, { gateway }]) => gateway !== undefined);
    expect(Object.keys(GATEWAYS).toSorted()).toEqual(served.map(([name]) => name).toSorted());
  });

  const ways = Object.values(GATEWAYS).flatMap((each) => Object.entries(each));
  it.for(ways)(
    "%s is for whoever has the right on this very channel",
    async ([, way], { expect }) => {
      const { found, right } = await judged(way);
      expect(found).toEqual(right);
    },
  );
});

describe("a socket of a public channel", () => {
  it("is nobody's to speak with who has no right of his own there", async ({ expect }) => {
    const stranger = cells.find(
      ({ kind, state, door }) =>
        kind === "bound key" && state === "bound elsewhere" && door === "public",
    );
    if (stranger === undefined) throw new Error("no such cell");
    const socket = await connect(stranger.channel, "", { key: stranger.credential });
    await socket.nextOf("hello");
    socket.send({ type: "send", id: 1, text: "I was never allowed to say this" });
    expect(await socket.nextOf("result")).toMatchObject({
      ok: false,
      error: { code: "forbidden", retryable: false },
    });
    socket.close();
  });
});
