import { describe, it } from "vitest";

import { EVENT_TYPES } from "../../src/event/schemas.ts";
import { app } from "../../src/http/app.ts";
import { call } from "../support/api.ts";

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

interface AsyncDocument {
  readonly asyncapi: string;
  readonly channels: { readonly socket: { readonly messages: Record<string, object> } };
  readonly operations: Record<string, { readonly messages: readonly { readonly $ref: string }[] }>;
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
    const pages = ["GET /", "GET /docs/*", "GET /v1/docs"];
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

  it("describe the socket's frames and every type of event in AsyncAPI 3", async ({ expect }) => {
    const { status, headers, body } = await call<AsyncDocument>(
      "GET",
      "/asyncapi.json",
      undefined,
      {
        key: null,
      },
    );
    expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(body.asyncapi).toBe("3.0.0");
    const { schemas, messages } = body.components;
    for (const type of EVENT_TYPES) expect(Object.keys(schemas)).toContain(type);
    expect(Object.keys(messages).toSorted()).toEqual(
      Object.keys(body.channels.socket.messages).toSorted(),
    );
    const used = Object.values(body.operations).flatMap((operation) =>
      operation.messages.map(({ $ref }) => $ref.split("/").at(-1) ?? ""),
    );
    expect(used.toSorted()).toEqual(Object.keys(messages).toSorted());
    const references = listReferences(body).map(({ $ref }) => $ref);
    expect(references.filter((each) => resolve(body, each) === undefined)).toEqual([]);
  });

  it("name one another", async ({ expect }) => {
    const linked = async (path: string): Promise<unknown> =>
      (await call<{ externalDocs: unknown }>("GET", path)).body.externalDocs;
    expect(await linked("/openapi.json")).toMatchObject({ url: "/v1/asyncapi.json" });
    const { body } = await call<{ info: { externalDocs: unknown } }>("GET", "/asyncapi.json");
    expect(body.info.externalDocs).toMatchObject({ url: "/v1/openapi.json" });
  });

  it("have a schema for each event type", async ({ expect }) => {
    const list = await call<{ data: { type: string; url: string }[] }>("GET", "/schemas");
    expect(list.body.data.length).toBeGreaterThan(40);
    for (const { type } of list.body.data) {
      const { status, headers, body } = await call("GET", `/schemas/${type}.json`);
      expect([type, status]).toEqual([type, 200]);
      expect(headers.get("content-type")).toBe("application/schema+json");
      expect(body["title"]).toBe(type);
    }
  });
});
