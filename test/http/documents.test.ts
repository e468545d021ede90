import { describe, it } from "vitest";
import { z } from "zod";

import { EVENT_TYPES } from "../../src/event/schemas.ts";
import { app } from "../../src/http/app.ts";
import { CloseCode } from "../../src/protocols/tributary/wire.ts";
import { call, makeChannel, postNotes } from "../support/api.ts";
import { connect } from "../support/sockets.ts";

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { summary?: string; responses: object }>>;
  readonly components: { schemas: Record<string, Described> };
}

/** The part of a JSON Schema that is looked at here. */
interface Described {
  readonly properties?: Readonly<Record<string, Described>>;
  readonly anyOf?: readonly Described[];
}

type DraftSchema = Parameters<typeof z.fromJSONSchema>[0] & object;

type References = Record<string, { readonly $ref: string }>;

interface AsyncDocument {
  readonly asyncapi: string;
  readonly info: { readonly description: string };
  readonly channels: Record<
    string,
    { readonly messages: References; readonly description: string }
  >;
  readonly operations: Record<
    string,
    { readonly messages: readonly References[string][]; readonly reply?: { messages: object[] } }
  >;
  readonly components: {
    readonly schemas: Record<string, object>;
    readonly messages: Record<string, object>;
  };
}

/** Everything in a document that refers to something else in it. */
function listReferences(node: unknown): { $ref: string }[] {
  if (Array.isArray(node)) return node.flatMap(listReferences);
  if (typeof node !== "object" || node === null) return [];
  if ("$ref" in node && typeof node.$ref === "string") return [{ $ref: node.$ref }];
  return Object.values(node).flatMap(listReferences);
}

function resolve(document: object, reference: string): unknown {
  const steps = reference.replace(/^#\//, "").split("/");
  return steps.reduce<unknown>(
    (node, step) => (node as Record<string, unknown> | undefined)?.[step],
    document,
  );
}

/** A part of a document with everything in it that is referred to. */
function inline(document: object, node: unknown): object {
  if (Array.isArray(node)) return node.map((each) => inline(document, each));
  if (typeof node !== "object" || node === null) return node as object;
  if ("$ref" in node && typeof node.$ref === "string") {
    const { $ref, ...beside } = node;
    return { ...inline(document, resolve(document, $ref)), ...beside };
  }
  // In draft 7 nothing stands beside a reference.
  if ("allOf" in node && Array.isArray(node.allOf) && node.allOf.length === 1) {
    const { allOf, ...beside } = node;
    return { ...inline(document, allOf[0]), ...beside };
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, each]) => [key, inline(document, each)]),
  );
}

const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

describe("documents", () => {
  it("describe every route that there is, in OpenAPI 3.1, but for the pages", async ({
    expect,
  }) => {
    const { body } = await call<Document>("GET", "/openapi.json", undefined, { key: null });
    expect(body.openapi).toBe("3.1.0");
    const described = Object.entries(body.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`)
      .map((route) => route.replace("/schemas/{file}", "/schemas/{type}.json"));
    const pages = [
      // What comes there is in the words of its provider.
      "POST /hooks/{provider}",
      "GET /oauth/callback",
      "GET /",
      "GET /console",
      "GET /console/*",
      "GET /console/assets/*",
      "GET /dock",
      "GET /docs/*",
      "GET /overlay/*",
      "GET /v1/docs",
      "GET /v1/docs/events",
    ];
    const there = new Set(routes.filter((route) => !pages.includes(route)));
    expect(described.toSorted()).toEqual([...there].toSorted());
    for (const path of Object.values(body.paths)) {
      for (const operation of Object.values(path)) expect(operation.summary).toBeTruthy();
    }
  });

  it("leave no reference without what it names", async ({ expect }) => {
    const { body } = await call<Document>("GET", "/openapi.json");
    const text = JSON.stringify(body);
    const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(body.components.schemas).toHaveProperty(name ?? "");
  });

  it("describe a connection's target as its events do", async ({ expect }) => {
    const { body } = await call<Document>("GET", "/openapi.json");
    const events = await call<Described>("GET", "/schemas/connection.updated.json");
    const fields = ({ properties }: Described): string[] =>
      Object.keys(properties?.["target"]?.properties ?? {});
    const { data } = events.body.properties ?? {};
    const ofEvents = data?.properties?.["target"]?.anyOf?.[0]?.properties ?? {};
    expect(fields(body.components.schemas["Connection"] ?? {})).toEqual(Object.keys(ofEvents));
    expect(Object.keys(ofEvents)).toContain("platform");
  });

  it("describe what the relay says by itself in AsyncAPI 3.1, each frame and every type of event", async ({
    expect,
  }) => {
    const nobody = { key: null };
    const answer = await call<AsyncDocument>("GET", "/asyncapi.json", undefined, nobody);
    const { status, headers, body } = answer;
    expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(body.asyncapi).toBe("3.1.0");
    const { schemas, messages } = body.components;
    const types = [...EVENT_TYPES, "custom"];
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(types));
    const heard = (name: string): string[] => Object.keys(body.channels[name]?.messages ?? {});
    expect(heard("stream").toSorted()).toEqual([...types, "Gap"].toSorted());
    expect(heard("webhook").toSorted()).toEqual(types.toSorted());
    // Whatever is described is said by somebody, and everything there is is described.
    const used = listReferences(body.operations).map(({ $ref }) => resolve(body, $ref));
    const said = new Set(used.map((each) => (each as { $ref?: string } | undefined)?.$ref));
    for (const name of Object.keys(messages))
      expect(said).toContain(`#/components/messages/${name}`);
    const references = listReferences(body).map(({ $ref }) => $ref);
    expect(references.filter((each) => resolve(body, each) === undefined)).toEqual([]);
  });

  it("have one operation for each command, with what it is answered", async ({ expect }) => {
    const { operations } = (await call<AsyncDocument>("GET", "/asyncapi.json")).body;
    const answers = Object.entries(operations).flatMap(([name, { reply }]) =>
      reply === undefined ? [] : [[name, listReferences(reply.messages).map(({ $ref }) => $ref)]],
    );
    const at = (names: string[]): string[] =>
      names.map((each) => `#/channels/socket/messages/${each}`);
    expect(Object.fromEntries(answers)).toEqual({
      ping: at(["Pong"]),
      subscribe: at(["Result", "Failure"]),
      status: at(["Result", "Failure"]),
      send: at(["Result", "Failure"]),
      interface: at(["Result", "Failure"]),
    });
  });

  it("say every limit and close code of the socket where it is described", async ({ expect }) => {
    const { channels } = (await call<AsyncDocument>("GET", "/asyncapi.json")).body;
    const description = channels["socket"]?.description ?? "";
    for (const code of Object.values(CloseCode)) expect(description).toContain(`| ${code} |`);
    expect(description).toMatch(/256 KiB[\s\S]*16 KiB[\s\S]*100 in 10 s/);
  });

  it("describe an event alike, by itself and among the others", async ({ expect }) => {
    const { body } = await call<AsyncDocument>("GET", "/asyncapi.json");
    for (const type of EVENT_TYPES) {
      const own = (await call<object>("GET", `/schemas/${type}.json`)).body;
      const event = inline(body, body.components.schemas[type] ?? {});
      const { raw, ...fields } = (event as { properties: Record<string, unknown> }).properties;
      expect([type, raw]).toEqual([type, { description: expect.any(String) }]);
      expect([type, fields]).toEqual([type, (own as { properties: object }).properties]);
    }
  });

  it("hold for the frames of a socket, as they come", async ({ expect }) => {
    const { body } = await call<AsyncDocument>("GET", "/asyncapi.json");
    const channel = await makeChannel();
    const socket = await connect(channel);
    socket.send({ type: "subscribe", id: 1, types: "custom.*" });
    socket.send({ type: "subscribe", id: 2, types: "nonsense" });
    await postNotes(channel, ["a"]);
    socket.send({ type: "status", id: 3 });
    socket.send('{"type":"ping"}');
    const seen = new Set<string>();
    while (seen.size < 5) {
      const frame: unknown = await socket.next();
      const { type, ok } = frame as { type: string; ok?: boolean };
      const name = type === "result" && ok === false ? "Failure" : capitalise(type);
      const schema = z.fromJSONSchema(
        inline(body, body.components.schemas[name] ?? {}) as DraftSchema,
      );
      expect([name, schema.safeParse(frame).error?.message]).toEqual([name, undefined]);
      seen.add(name);
    }
    expect([...seen].toSorted()).toEqual(["Events", "Failure", "Hello", "Pong", "Result"]);
    socket.close();
  });

  it("name one another", async ({ expect }) => {
    const open = await call<{ externalDocs: unknown }>("GET", "/openapi.json");
    expect(open.body.externalDocs).toMatchObject({ url: "/v1/asyncapi.json" });
    const { info } = (await call<AsyncDocument>("GET", "/asyncapi.json")).body;
    expect(info.description).toContain("](/v1/openapi.json)");
    expect(info.description).toContain("](/v1/docs/events)");
  });

  it("have a schema for each event type, named by the address that it is read from", async ({
    expect,
  }) => {
    const list = await call<{ data: { type: string; url: string }[] }>("GET", "/schemas");
    expect(list.body.data.length).toBeGreaterThan(40);
    for (const { type } of list.body.data) {
      const { status, headers, body } = await call("GET", `/schemas/${type}.json`);
      expect([type, status]).toEqual([type, 200]);
      expect(headers.get("content-type")).toBe("application/schema+json");
      expect(body["title"]).toBe(type);
      expect(body["$id"]).toMatch(/^https?:/);
      expect(body["$id"]).toBe(list.body.data.find((each) => each.type === type)?.url);
    }
  });

  it.for(["custom.mine", "chat", "constructor", "..%2Fopenapi"])(
    "have no schema for %j, which is not of the catalogue",
    async (type, { expect }) => {
      const { status, body } = await call("GET", `/schemas/${type}.json`);
      expect([status, body["code"]]).toEqual([404, "schema_not_found"]);
    },
  );
});
