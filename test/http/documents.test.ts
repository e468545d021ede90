import { describe, it } from "vitest";

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

describe("documents", () => {
  it("describe every route of the API in OpenAPI 3.1", async ({ expect }) => {
    const { body } = await call<Document>("GET", "/openapi.json", undefined, { key: null });
    expect(body.openapi).toBe("3.1.0");
    expect(Object.keys(body.paths).toSorted()).toEqual([
      "/v1/channels",
      "/v1/channels/{channel}",
      "/v1/channels/{channel}/connections",
      "/v1/channels/{channel}/events",
      "/v1/channels/{channel}/events/{id}",
      "/v1/channels/{channel}/events/{id}/raw",
      "/v1/channels/{channel}/interface",
      "/v1/channels/{channel}/messages",
      "/v1/channels/{channel}/overlay-keys",
      "/v1/channels/{channel}/overlay-keys/{id}",
      "/v1/channels/{channel}/providers",
      "/v1/channels/{channel}/providers/{id}",
      "/v1/channels/{channel}/providers/{id}/reconnect",
      "/v1/channels/{channel}/socket",
      "/v1/channels/{channel}/status",
      "/v1/channels/{channel}/stream",
      "/v1/channels/{channel}/tickets",
      "/v1/channels/{channel}/tokens",
      "/v1/channels/{channel}/webhooks",
      "/v1/channels/{channel}/webhooks/{id}",
      "/v1/channels/{channel}/webhooks/{id}/deliveries",
      "/v1/channels/{channel}/webhooks/{id}/deliveries/{delivery}",
      "/v1/channels/{channel}/webhooks/{id}/deliveries/{delivery}/retry",
      "/v1/channels/{channel}/webhooks/{id}/public-key",
      "/v1/channels/{channel}/webhooks/{id}/recoveries",
      "/v1/channels/{channel}/webhooks/{id}/recoveries/{recovery}",
      "/v1/channels/{channel}/webhooks/{id}/recoveries/{recovery}/cancel",
      "/v1/channels/{channel}/webhooks/{id}/rotate",
      "/v1/channels/{channel}/webhooks/{id}/test",
      "/v1/hand-over",
      "/v1/keys",
      "/v1/keys/{id}",
      "/v1/master-key",
      "/v1/users/{key}",
      "/v1/status",
    ]);
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
