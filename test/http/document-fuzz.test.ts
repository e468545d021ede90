import { env, exports } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeEach, describe, it, vi } from "vitest";

import { ADMIN, call, makeChannel, ORIGIN, postNotes } from "../support/api.ts";
import { Hook } from "../support/hooks.ts";
import { AnswerChecker, type OpenApiDocument, type Parameter } from "../support/openapi.ts";
import { connect } from "../support/sockets.ts";

/** Calls of each operation. What is found in more of them is worth a test of its own. */
const RUNS = 30;

const { body: document } = await call<OpenApiDocument>("GET", "/openapi.json");
const checker = new AnswerChecker(document);
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    ...operation,
    path,
    method: method.toUpperCase(),
  })),
);
type Operation = (typeof operations)[number];

/** A body that each operation takes; one that is missing here fails the test. */
const BODIES: Readonly<Record<string, () => unknown>> = {
  createChannel: () => ({ id: `fuzz-${crypto.randomUUID()}`, public: true }),
  updateChannel: () => ({ name: "New", retentionDays: 3 }),
  createKey: () => ({ name: "k", scopes: ["events:read"] }),
  createToken: () => ({ scopes: ["events:read"], ttlSeconds: 60 }),
  createOverlayKey: () => ({ name: "o" }),
  createProvider: () => ({ protocol: "dlive", target: { streamer: "s" }, enabled: false }),
  createAuthorization: () => ({ protocol: "restream", clientId: "c", clientSecret: "s" }),
  updateProvider: () => ({ mode: "on_demand" }),
  postEvents: () => [{ type: "custom.note", data: { text: "a" } }],
  sendMessage: () => ({ text: "hello" }),
  showInterface: () => ({}),
  createWebhook: () => ({ url: "https://receiver.example/hook", enabled: false }),
  updateWebhook: () => ({ types: ["chat.*"] }),
  rotateWebhookSecret: () => ({ graceSeconds: 1 }),
  createRecovery: () => ({ since: "2026-01-01T00:00:00Z", only: "all" }),
  requestHandOver: () => ({ spreadMs: 0 }),
};

/** Everything that there is to ask about, by the name that addresses have for it. */
interface World {
  readonly params: (path: string, name: string) => readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly credentials: readonly (string | null)[];
}

async function makeWorld(): Promise<World> {
  const channel = await makeChannel({ public: true });
  const at = `/channels/${channel}`;
  const { body } = await call<{ number: number }>("GET", at);
  const [event = "", newest = ""] = await postNotes(channel, ["a", "b"]);
  const make = async <T = { id: string; key: string }>(path: string, what?: unknown): Promise<T> =>
    (await call<T>("POST", path, what)).body;
  const provider = await make(`${at}/providers`, BODIES["createProvider"]?.());
  const logIn = await make(`${at}/providers/authorizations`, BODIES["createAuthorization"]?.());
  const webhook = await make(`${at}/webhooks`, { url: new Hook().url });
  const recovery = await make(`${at}/webhooks/${webhook.id}/recoveries`, { after: event });
  const overlay = await make(`${at}/overlay-keys`, { name: "o" });
  const key = await make("/keys", { name: "k", scopes: ["channels:manage"], channels: [channel] });
  const weak = await make("/keys", { name: "w", scopes: ["interact:write"] });
  const { token } = await make<{ token: string }>(`${at}/tokens`, {
    scopes: ["events:read", "webhooks:manage"],
    ttlSeconds: 600,
  });
  const { session } = await (await connect(channel)).nextOf("hello");
  const ids: readonly [RegExp, string][] = [
    [/sockets/, String(session)],
    [/authorizations/, logIn.id],
    [/providers/, provider.id],
    [/webhooks/, webhook.id],
    [/overlay-keys/, overlay.id],
    [/\/keys/, key.id],
    [/events/, newest],
  ];
  const named: Readonly<Record<string, readonly string[]>> = {
    channel: [channel, String(body.number)],
    delivery: ["d_1"],
    recovery: [recovery.id],
    type: ["chat.message"],
    key: ["twitch:fuzz"],
  };
  return {
    params: (path, name) => named[name] ?? [ids.find(([part]) => part.test(path))?.[1] ?? ""],
    query: {
      types: "chat.*,custom.note",
      providers: "dlive,api",
      platforms: "twitch",
      after: event,
      before: newest,
      since: "2026-01-01T00:00:00Z",
      until: "2099-01-01T00:00:00Z",
      lastEventId: event,
      token: key.key,
      wait: "0.01",
      from: "2026-01-01T00:00:00Z",
      step: "300",
      sets: "ffz,7tv",
      twitch: "620441700",
      // Of nobody that another test asks for: what was fetched is kept for ten minutes.
      youtube: "UCfernbrook00000000000000",
      kick: "4415927",
    },
    credentials: [ADMIN, ADMIN, ADMIN, key.key, weak.key, overlay.key, token, "wrong", null],
  };
}

const NONSENSE = fc.oneof(
  fc.constantFrom("none", "A", "0", "-1", "d_999", "zzzzzzzzzz-1", "constructor", "..%2F", "%00"),
  fc.string({ minLength: 1, maxLength: 60 }).map((text) => `x${text}`),
  fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).map((text) => `é${text}`),
  fc.constant("9".repeat(300)),
);

/** One of the first mostly, or something else now and then. */
function mostly<T>(right: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: right, weight: 5 }, { arbitrary: other, weight: 1 });
}

function queryValue({ query }: World, { name, schema }: Parameter): fc.Arbitrary<string> {
  const known = query[name];
  const { enum: words, minimum } = schema as { enum?: string[]; minimum?: number };
  const right = known ?? words?.[0] ?? String(minimum ?? 1);
  return mostly(fc.constant(right), NONSENSE);
}

const HEADERS = {
  accept: [
    "*/*",
    "application/json",
    "text/csv",
    "application/x-ndjson;q=0.5, */*;q=0.1",
    "text/event-stream",
    "text/html",
    "*/*;q=0",
    ";;,",
  ],
  "if-match": ["*", '"x"', 'W/"x"', ","],
  "if-none-match": ["*", '"x"', ","],
  "idempotency-key": ["fixed", "not printable", "", "x".repeat(300)],
  "last-event-id": ["zzzzzzzzzz-1", "junk", ""],
  origin: ["https://pages.example", "https://evil.example", "null"],
  upgrade: ["websocket"],
  "sec-websocket-protocol": ["tributary.v1", "cloudevents.json", "tributary.v1, ticket.wrong"],
  authorization: ["Basic YTpi", "Bearer", "Bearer a.b.c"],
  "content-type": ["text/plain", "application/merge-patch+json", "application/json; charset=utf-8"],
} as const;

/** Some of the headers, each with some value. */
const headers = fc.record(
  Object.fromEntries(
    Object.entries(HEADERS).map(([name, values]) => [
      name,
      // Most requests have few of them.
      fc.oneof(
        { arbitrary: fc.constant(null), weight: 5 },
        { arbitrary: fc.constantFrom(...values), weight: 1 },
      ),
    ]),
  ),
) as fc.Arbitrary<Record<string, string | null>>;

const DEEP = "[".repeat(100) + "]".repeat(100);

function bodyOf({ operationId, requestBody, method }: Operation): fc.Arbitrary<string | null> {
  if (method === "GET") return fc.constant(null);
  const nonsense = fc.oneof(
    fc.constantFrom<string | null>(null, "", "{", "null", "[]", DEEP, '"x"'),
    fc.constant(`"${"x".repeat(1_100_000)}"`),
    fc.json({ maxDepth: 3 }),
  );
  if (requestBody === undefined) return mostly(fc.constant(null), nonsense);
  const sample = BODIES[operationId];
  if (sample === undefined) throw new Error(`no body for ${operationId}`);
  const spoilt = fc
    .tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.constantFrom("", "x".repeat(70_000))))
    .map(([place, value]) => {
      const body = sample() as Record<string, unknown>;
      const names = [...Object.keys(body), "unknown"];
      return JSON.stringify({ ...body, [names[place % names.length] ?? ""]: value });
    });
  const right = fc.constant(null).map(() => JSON.stringify(sample()));
  return mostly(mostly(right, spoilt), nonsense);
}

/** A call of an operation, right or wrong in any of its parts. */
function callOf(operation: Operation, world: World): fc.Arbitrary<Request> {
  const { path, parameters = [] } = operation;
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const values = fc.tuple(
    ...params.map((name) =>
      mostly(fc.constantFrom(...world.params(path, name)), NONSENSE.map(encodeURIComponent)),
    ),
  );
  const inQuery = parameters.filter((each) => each.in === "query");
  const query = fc.record({
    known: fc.subarray(inQuery).chain((some) => {
      const pairs = some.map((each) => queryValue(world, each).map((value) => [each.name, value]));
      return fc.tuple<string[][]>(...pairs);
    }),
    other: mostly(
      fc.constant<string[][]>([]),
      fc.constantFrom<string[][]>([["typo", "1"]], [["limit", "2"]]),
    ),
  });
  const method = mostly(
    fc.constant(operation.method),
    fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
  );
  return fc
    .record({
      values,
      query,
      method,
      headers,
      // Few parameters make it through more often than many.
      isBare: fc.boolean(),
      credential: fc.constantFrom(...world.credentials),
      body: bodyOf(operation),
    })
    .map((parts) => {
      const filled = params.reduce(
        (rest, name, index) => rest.replace(`{${name}}`, () => parts.values[index] ?? ""),
        path,
      );
      const url = new URL(filled, ORIGIN);
      if (!parts.isBare) {
        url.search = String(new URLSearchParams([...parts.query.known, ...parts.query.other]));
      }
      const hasBody = parts.body !== null && parts.method !== "GET" && parts.method !== "HEAD";
      const given = Object.entries({
        authorization: parts.credential === null ? null : `Bearer ${parts.credential}`,
        ...(hasBody && { "content-type": "application/json" }),
        ...Object.fromEntries(Object.entries(parts.headers).filter(([, value]) => value !== null)),
        // The test's own `fetch` makes a GET of any request with it.
        ...(parts.method !== "GET" && { upgrade: null }),
      }).filter((pair): pair is [string, string] => pair[1] !== null);
      return new Request(url, {
        method: parts.method,
        headers: given,
        ...(hasBody && { body: parts.body }),
        redirect: "manual",
      });
    });
}

/** A call of an operation with everything as it must be. */
function makeRightCall({ path, method, operationId }: Operation, { params }: World): Request {
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params(path, name)[0] ?? "");
  const body = BODIES[operationId]?.();
  return new Request(ORIGIN + url, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN}`,
      ...(operationId === "openSocket" && { upgrade: "websocket" }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Asks, and lets go of a socket at once. */
async function ask(request: Request): Promise<Response> {
  const response = await exports.default.fetch(request);
  response.webSocket?.accept();
  response.webSocket?.close(1000, "");
  return response;
}

/** The request as a person reads it. */
function describeRequest({ method, url, headers: given }: Request): string {
  return `${method} ${url} ${JSON.stringify(Object.fromEntries(given))}`;
}

describe("the OpenAPI document", () => {
  beforeEach(() => {
    vi.spyOn(env.RATE_LIMIT, "limit").mockResolvedValue({ success: true });
  });

  it("gives every operation a name of its own, a verb and a noun", ({ expect }) => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+([A-Z][a-z]+)+$/);
  });

  it.for(operations)(
    "describes every answer of $operationId, whatever is asked",
    async (operation, { expect }) => {
      const right = makeRightCall(operation, await makeWorld());
      const answered = await ask(right);
      // Wrong answers alone would show nothing of the right ones.
      expect([400, 401, 403, 405, 406, 413, 415]).not.toContain(answered.status);
      expect(await checker.findFault(operation.path, right.method, answered)).toBeNull();
      const world = await makeWorld();
      await fc.assert(
        fc.asyncProperty(callOf(operation, world), async (request) => {
          const about = describeRequest(request);
          const response = await ask(request);
          const fault = await checker.findFault(operation.path, request.method, response);
          if (fault !== null) throw new Error(`${about}: ${fault.slice(0, 2_000)}`);
          if (response.status === 500) throw new Error(`${about}: failed`);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
  );

  it("finds a status, a media type, a header and a field that it does not describe", async ({
    expect,
  }) => {
    const find = (response: Response, method = "GET"): Promise<string | null> =>
      checker.findFault("/v1/keys", method, response);
    const json = (body: unknown, status = 200, type = "application/json"): Response =>
      new Response(JSON.stringify(body), { status, headers: { "content-type": type } });
    const page = { data: [], next: null };
    expect(await find(json(page))).toBeNull();
    expect(await find(json(page, 418))).toMatch(/status 418/);
    expect(await find(json(page, 200, "text/plain"))).toMatch(/media type/);
    expect(await find(json({ ...page, more: 1 }))).toMatch(/not as described/);
    expect(await find(json({ data: [{}], next: null }))).toMatch(/not as described/);
    expect(await find(json(page), "PUT")).toMatch(/no 405|not described/);
    expect(await find(json({}, 405, "application/problem+json"))).toMatch(/no header allow/);
  });
});
