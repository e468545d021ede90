import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { REQUEST_MS } from "../../src/deadline.ts";
import { makeProblemResponse, toRelayError } from "../../src/http/problems.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { ADMIN, call, makeChannel, postNotes, textsOf, type ShownPage } from "../support/api.ts";
import { Hook } from "../support/hooks.ts";
import { crowd } from "../support/hubs.ts";
import { loseNext, type Moment } from "../support/losses.ts";
import { connect } from "../support/sockets.ts";

beforeEach(() => crowd(2_000));

const MOMENTS: readonly Moment[] = ["before", "after"];

/** An operation, and the calls to objects that it makes: each of them is lost once. */
interface Operation {
  readonly calls: readonly string[];
  readonly status: number;
  readonly body?: object | readonly object[];
  readonly query?: string;
  /** To ask once more could double something, unless the request has a name. */
  readonly isOnce?: true;
  /** It has no such name: what it does is wrong or too much the second time. */
  readonly isNameless?: true;
}

const NOTE = { type: "custom.note", data: { text: "once" } };
const LINK = { protocol: "dlive", target: { streamer: "nobody" }, url: "ws://127.0.0.1:9/" };

/** Every operation of the document. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET /channels": { calls: [], status: 200 },
  "POST /channels": { calls: ["refresh"], status: 201, body: {} },
  "GET /channels/{channel}": { calls: [], status: 200 },
  "PATCH /channels/{channel}": { calls: ["refresh"], status: 200, body: { name: "b" } },
  "DELETE /channels/{channel}": { calls: ["destroy"], status: 204 },
  "GET /channels/{channel}/connections": { calls: ["connections"], status: 200 },
  "GET /channels/{channel}/emotes": { calls: ["connections"], status: 200 },
  "GET /channels/{channel}/events": {
    calls: ["frontier", "seqBefore"],
    status: 200,
    query: "?since=2020-01-01T00:00:00Z",
  },
  "POST /channels/{channel}/events": { calls: ["post"], status: 201, body: NOTE, isOnce: true },
  "GET /channels/{channel}/events/{id}": { calls: ["eventAt"], status: 200 },
  "DELETE /channels/{channel}/events/{id}": { calls: ["eventAt", "post"], status: 204 },
  "GET /channels/{channel}/events/{id}/raw": { calls: ["eventAt"], status: 404 },
  "PUT /channels/{channel}/interface": { calls: ["send"], status: 202, body: {} },
  "DELETE /channels/{channel}/interface": { calls: ["send"], status: 202 },
  "POST /channels/{channel}/messages": { calls: ["send"], status: 409, body: { text: "a" } },
  "GET /channels/{channel}/metrics": { calls: ["metrics"], status: 200 },
  "GET /channels/{channel}/overlay-keys": { calls: [], status: 200 },
  "POST /channels/{channel}/overlay-keys": { calls: [], status: 201, body: { name: "a" } },
  "DELETE /channels/{channel}/overlay-keys/{id}": { calls: [], status: 404 },
  "GET /channels/{channel}/providers": { calls: ["listProviders"], status: 200 },
  "POST /channels/{channel}/providers": {
    calls: ["addProvider"],
    status: 201,
    body: { ...LINK, target: { streamer: "other" }, enabled: false },
    isOnce: true,
  },
  "GET /channels/{channel}/providers/authorizations": {
    calls: ["listAuthorizations"],
    status: 200,
  },
  "POST /channels/{channel}/providers/authorizations": {
    calls: ["beginAuthorization"],
    status: 201,
    body: { protocol: "restream", clientId: "c", clientSecret: "s" },
    isOnce: true,
  },
  "GET /channels/{channel}/providers/authorizations/{id}": {
    calls: ["findAuthorization"],
    status: 404,
  },
  "DELETE /channels/{channel}/providers/authorizations/{id}": {
    calls: ["dropAuthorization"],
    status: 404,
    isOnce: true,
    isNameless: true,
  },
  "GET /channels/{channel}/providers/{id}": { calls: ["findProvider"], status: 200 },
  "PATCH /channels/{channel}/providers/{id}": {
    calls: ["changeProvider"],
    status: 200,
    body: { enabled: false },
  },
  "DELETE /channels/{channel}/providers/{id}": {
    calls: ["removeProvider"],
    status: 204,
    isOnce: true,
    isNameless: true,
  },
  "POST /channels/{channel}/providers/{id}/reconnect": {
    calls: ["reconnectProvider"],
    status: 202,
    isOnce: true,
  },
  "GET /channels/{channel}/socket": { calls: [], status: 426 },
  "GET /channels/{channel}/sockets": { calls: ["sockets"], status: 200 },
  "DELETE /channels/{channel}/sockets/{id}": {
    calls: ["endSocket"],
    status: 404,
    isOnce: true,
    isNameless: true,
  },
  "GET /channels/{channel}/status": { calls: ["status"], status: 200 },
  "GET /channels/{channel}/stream": { calls: ["fetch"], status: 200 },
  "POST /channels/{channel}/tickets": { calls: ["keepTicket"], status: 201 },
  "POST /channels/{channel}/tokens": {
    calls: [],
    status: 201,
    body: { scopes: ["events:read"], ttlSeconds: 60 },
  },
  "GET /channels/{channel}/webhooks": { calls: ["webhookIds", "find"], status: 200 },
  "POST /channels/{channel}/webhooks": {
    calls: ["webhookIds", "create", "attachWebhook"],
    status: 201,
    body: { url: "https://hooks.example/", enabled: false },
  },
  "GET /channels/{channel}/webhooks/{webhook}": { calls: ["find"], status: 200 },
  "PATCH /channels/{channel}/webhooks/{webhook}": {
    calls: ["change"],
    status: 200,
    body: { ratePerSecond: 5 },
  },
  "DELETE /channels/{channel}/webhooks/{webhook}": {
    calls: ["destroy"],
    status: 204,
    isOnce: true,
    isNameless: true,
  },
  "GET /channels/{channel}/webhooks/{webhook}/deliveries": { calls: ["deliveries"], status: 200 },
  "GET /channels/{channel}/webhooks/{webhook}/deliveries/{delivery}": {
    calls: ["delivery"],
    status: 200,
  },
  "POST /channels/{channel}/webhooks/{webhook}/deliveries/{delivery}/retry": {
    calls: ["retry"],
    status: 202,
    isOnce: true,
  },
  "GET /channels/{channel}/webhooks/{webhook}/public-key": { calls: ["publicKeys"], status: 200 },
  "GET /channels/{channel}/webhooks/{webhook}/recoveries": { calls: ["recoveries"], status: 200 },
  "POST /channels/{channel}/webhooks/{webhook}/recoveries": {
    calls: ["seqBefore", "recover"],
    status: 202,
    body: { since: "2020-01-01T00:00:00Z", only: "failed" },
    isOnce: true,
  },
  "GET /channels/{channel}/webhooks/{webhook}/recoveries/{recovery}": {
    calls: ["recovery"],
    status: 200,
  },
  "POST /channels/{channel}/webhooks/{webhook}/recoveries/{recovery}/cancel": {
    calls: ["cancelRecovery"],
    status: 200,
  },
  "POST /channels/{channel}/webhooks/{webhook}/retry": { calls: ["retryWaiting"], status: 202 },
  "POST /channels/{channel}/webhooks/{webhook}/rotate": {
    calls: ["rotate"],
    status: 200,
    body: {},
    isOnce: true,
  },
  "POST /channels/{channel}/webhooks/{webhook}/test": {
    calls: ["sendTest"],
    status: 202,
    isOnce: true,
  },
  "POST /hand-over": { calls: ["handOver"], status: 202, body: { spreadMs: 0 } },
  "GET /credential": { calls: [], status: 200 },
  "GET /keys": { calls: [], status: 200 },
  "GET /status": { calls: [], status: 200 },
  "GET /master-key": { calls: [], status: 200 },
  "POST /keys": { calls: [], status: 201, body: { name: "a", scopes: ["events:read"] } },
  "DELETE /keys/{id}": { calls: ["dismiss"], status: 204 },
};

/** The names in an operation's address, as the document has them and as this table has. */
const plain = (path: string): string =>
  path.replaceAll(/\/webhooks\/\{\w+\}/g, "/webhooks/{webhook}");

type Names = Readonly<Record<string, string>>;

/** Makes whatever an operation is about. */
async function makeSubject(operation: string): Promise<Names> {
  const channel = await makeChannel();
  const at = `/channels/${channel}`;
  const [event = ""] = await postNotes(channel, ["a"]);
  const names: Record<string, string> = { channel, id: event };
  if (operation.includes("/providers/{id}")) {
    const { body } = await call<{ id: string }>("POST", `${at}/providers`, {
      ...LINK,
      enabled: false,
    });
    names["id"] = body.id;
  }
  if (operation.includes("/keys/{id}")) {
    const { body } = await call<{ id: string }>("POST", "/keys", {
      name: "a",
      scopes: ["events:read"],
    });
    names["id"] = body.id;
  }
  if (!operation.includes("/webhooks")) return names;
  const hook = new Hook();
  const { id } = await hook.attach(channel);
  await call("POST", `${at}/webhooks/${id}/test`);
  const { body } = await call<{ data: { id: string }[] }>("GET", `${at}/webhooks/${id}/deliveries`);
  const recovered = await call<{ id: string }>("POST", `${at}/webhooks/${id}/recoveries`, {
    since: "2020-01-01T00:00:00Z",
    only: "failed",
  });
  return { ...names, webhook: id, delivery: body.data[0]?.id ?? "", recovery: recovered.body.id };
}

async function carryOut(operation: string, names: Names, key?: string): Promise<Response> {
  const [method = "", template = ""] = operation.split(" ");
  const { body, query = "" } = OPERATIONS[operation] ?? { calls: [] };
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "none");
  const isNewChannel = operation === "POST /channels";
  return exports.default.fetch(`https://relay.test/v1${path}${query}`, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN}`,
      ...(key !== undefined && { "idempotency-key": key }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && {
      body: JSON.stringify(isNewChannel ? { id: `new-${crypto.randomUUID().slice(0, 8)}` } : body),
    }),
  });
}

interface Case {
  readonly operation: string;
  readonly lost: string;
  readonly moment: Moment;
}

const cases = (isWanted: (operation: Operation) => boolean): Case[] =>
  Object.entries(OPERATIONS).flatMap(([operation, about]) =>
    isWanted(about)
      ? about.calls.flatMap((lost) => MOMENTS.map((moment) => ({ operation, lost, moment })))
      : [],
  );

/** Which of an operation's calls must not be made twice: the last one does what was asked. */
const isRisky = ({ operation, lost }: Case): boolean =>
  OPERATIONS[operation]?.isOnce === true && OPERATIONS[operation].calls.at(-1) === lost;

const all = cases(() => true);

// Documents, and what the database alone is asked for; who is forgotten is told by the cron.
const ASKS_NO_OBJECT =
  /^(GET \/(schemas|openapi|asyncapi|\.well-known|livez|readyz|status)\b|(GET|DELETE) \/users\/)/;

describe("an operation whose object is lost in the middle of a call", () => {
  it("is any of the document's", async ({ expect }) => {
    const { body } = await call<{ paths: Record<string, object> }>("GET", "/openapi.json");
    const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((each) => `${each.toUpperCase()} ${plain(path.replace("/v1", ""))}`),
    );
    const asking = operations.filter((each) => !ASKS_NO_OBJECT.test(each));
    expect(asking.filter((each) => !Object.hasOwn(OPERATIONS, each))).toEqual([]);
  });

  it.for(all.filter((each) => !isRisky(each)))(
    "is asked once more, and answers as if nothing had been: $operation ($lost, $moment)",
    async ({ operation, lost, moment }, { expect }) => {
      const names = await makeSubject(operation);
      const losses = loseNext(lost, moment);
      const { status, body } = await carryOut(operation, names);
      expect([status, losses()]).toEqual([OPERATIONS[operation]?.status, 1]);
      await body?.cancel();
    },
  );

  it.for(all.filter(isRisky))(
    "is left to whoever asked where it could be done twice: $operation ($lost, $moment)",
    async ({ operation, lost, moment }, { expect }) => {
      const names = await makeSubject(operation);
      const losses = loseNext(lost, moment);
      const response = await carryOut(operation, names);
      const { code } = await response.json<{ code: string }>();
      expect([response.status, code, losses()]).toEqual([503, "unavailable", 1]);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    },
  );

  it.for(all.filter((each) => isRisky(each) && OPERATIONS[each.operation]?.isNameless !== true))(
    "is asked once more where the request has a name: $operation ($lost, $moment)",
    async ({ operation, lost, moment }, { expect }) => {
      const names = await makeSubject(operation);
      const losses = loseNext(lost, moment);
      const { status } = await carryOut(operation, names, crypto.randomUUID());
      expect([status, losses()]).toEqual([OPERATIONS[operation]?.status, 1]);
    },
  );

  it.for(MOMENTS)("posts no event twice, named or not (%s)", async (moment, { expect }) => {
    const channel = await makeChannel();
    const names = { channel };
    loseNext("post", moment);
    const refused = await carryOut("POST /channels/{channel}/events", names);
    loseNext("post", moment);
    const taken = await carryOut("POST /channels/{channel}/events", names, "a-name");
    expect([refused.status, taken.status]).toEqual([503, 201]);
    const { body } = await call<ShownPage>("GET", `/channels/${channel}/events`);
    expect(textsOf(body.events)).toEqual(moment === "before" ? ["once"] : ["once", "once"]);
  });

  it("is asked once more and no oftener", async ({ expect }) => {
    const channel = await makeChannel();
    const asked = vi
      .spyOn(ChannelObject.prototype, "connections")
      .mockImplementation(async function (this: ChannelObject): Promise<never> {
        (this as unknown as { ctx: DurableObjectState }).ctx.abort("lost again");
        return new Promise<never>(() => {});
      });
    const { status, headers } = await call("GET", `/channels/${channel}/connections`);
    expect([status, asked.mock.calls.length]).toEqual([503, 2]);
    expect(headers.get("retry-after")).toBe("1");
  });
});

describe("an object that has too much to do", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is not asked again, and whoever asks is told when to come back", async ({ expect }) => {
    const channel = await makeChannel();
    const overloaded = Object.assign(new Error("Durable Object is overloaded."), {
      overloaded: true,
    });
    const asked = vi.spyOn(ChannelObject.prototype, "connections").mockRejectedValue(overloaded);
    const { status, headers, body } = await call("GET", `/channels/${channel}/connections`);
    expect([status, body["code"], asked.mock.calls.length]).toEqual([503, "unavailable", 1]);
    expect(headers.get("retry-after")).toBe("10");
  });

  it("is what failed by itself no longer taken for: that is a 500", async ({ expect }) => {
    const channel = await makeChannel();
    const broken = new TypeError("x is not a function");
    const asked = vi.spyOn(ChannelObject.prototype, "connections").mockRejectedValue(broken);
    const { status, body } = await call("GET", `/channels/${channel}/connections`);
    expect([status, body["code"], asked.mock.calls.length]).toEqual([500, "internal", 1]);
  });
});

describe("an answer that did not come in time", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is waited for a minute at most, whatever it is that hangs", async ({ expect }) => {
    const { setTimeout: wait } = globalThis;
    // A minute goes by in a moment.
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((ring: () => void, ms?: number) =>
      wait(ring, ms === REQUEST_MS ? 1 : ms)) as typeof setTimeout);
    vi.spyOn(env.DB, "withSession").mockImplementation(() => {
      const all = { bind: () => all, all: () => new Promise(() => {}) };
      return { prepare: () => all } as unknown as D1DatabaseSession;
    });
    const { status, body } = await call("GET", "/channels");
    expect([status, body["code"]]).toEqual([503, "unavailable"]);
  });

  it("is told as one to come back for", async ({ expect }) => {
    const late = new Error("no answer within 20000 ms");
    const response = makeProblemResponse(toRelayError(late), "r");
    const { code } = await response.json<{ code: string }>();
    expect([response.status, code, response.headers.get("retry-after")]).toEqual([
      503,
      "unavailable",
      "5",
    ]);
  });
});

describe("a socket whose object is lost while it is opened", () => {
  it.for(MOMENTS)(
    "is opened by the next life of a channel's object (%s)",
    async (moment, { expect }) => {
      const channel = await makeChannel();
      const losses = loseNext("fetch", moment);
      const socket = await connect(channel);
      expect([(await socket.nextOf("hello")).type, losses()]).toEqual(["hello", 1]);
      socket.close();
    },
  );

  it.for(
    ["fetch", "attach", "look"].flatMap((lost) => MOMENTS.map((moment) => [lost, moment] as const)),
  )("is opened all the same in a hub (%s, %s)", async ([lost, moment], { expect }) => {
    crowd(0);
    const channel = await makeChannel();
    // The channel's own object has no room: the second upgrade is the hub's.
    if (lost === "fetch") await connect(channel).then((socket) => socket.close());
    const losses = loseNext(lost, moment);
    const socket = await connect(channel);
    expect([(await socket.nextOf("hello")).type, losses()]).toEqual(["hello", 1]);
    socket.close();
  });
});

describe("a message by a protocol's own request", () => {
  it.for(MOMENTS)(
    "is answered in its words where the object is lost (%s)",
    async (moment, { expect }) => {
      const channel = await makeChannel();
      const losses = loseNext("send", moment);
      const answer = await exports.default.fetch("https://relay.test/", {
        method: "POST",
        headers: { authorization: ADMIN, "content-type": "application/json" },
        body: JSON.stringify({
          query: `mutation { sendStreamchatMessage(input: { streamer: "${channel}", message: "a", roomRole: Member, subscribing: true }) { err { code } } }`,
        }),
      });
      expect([answer.status, losses()]).toEqual([200, 1]);
    },
  );
});
