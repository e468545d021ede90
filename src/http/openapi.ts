import { z } from "@hono/zod-openapi";

import { api } from "./api.ts";
import {
  describeHeader,
  describeJsonAnswer,
  describeOperation,
  type Operation,
} from "./describe.ts";
import { SSE_TYPE } from "./negotiation.ts";
import { ChannelParams, listOf, NoQuery } from "./schemas/common.ts";
import {
  Document,
  JsonWebKeys,
  SchemaLink,
  SchemaParams,
  SchemasQuery,
} from "./schemas/documents.ts";
import { SocketQuery, StreamQuery } from "./schemas/live.ts";

/**
 * The OpenAPI 3.1 document, made from the routes when the pages are built: the Worker only hands it
 * out. Its server is wherever it is read from.
 */
export function makeOpenApiDocument(): object {
  const registry = api.openAPIRegistry;
  registry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API key (`trb_…`) or a token.",
  });
  registry.registerComponent("securitySchemes", "token", {
    type: "apiKey",
    in: "query",
    name: "token",
    description: "A token or an overlay key, where no header can be set.",
  });
  for (const path of [...LIVE, ...DOCUMENTS]) registry.registerPath(path);
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Tributary",
      version: "1",
      description:
        "A relay for live-stream events: one ordered, durable, resumable log per channel. Errors are RFC 9457 problems with a stable `code`. POSTs take `Idempotency-Key`. Where a channel stands in an address, its number may stand as well. Any GET may be a HEAD: that opens nothing and waits for nothing.",
      license: { name: "MIT" },
    },
    externalDocs: {
      url: "/v1/asyncapi.json",
      description: "The socket's own protocol, as an AsyncAPI 3 document",
    },
    servers: [{ url: "/" }],
  });
}

const OF_CHANNEL = { scope: "events:read", on: "channel" } as const;

/** The routes that stay open, which have no JSON answer. They stand apart from the others. */
const LIVE = [
  describeOperation(OF_CHANNEL, {
    method: "get",
    path: "/v1/channels/{channel}/socket",
    operationId: "openSocket",
    tags: ["Live"],
    summary: "Open a socket",
    description:
      "A WebSocket that speaks `tributary.v1`, or one bare CloudEvent a frame as `cloudevents.json`. A browser proves itself with a ticket: sub-protocol `ticket.<x>` beside `tributary.v1`. Its frames are in /v1/asyncapi.json.",
    externalDocs: { url: "/v1/asyncapi.json", description: "Its frames" },
    request: { params: ChannelParams, query: SocketQuery },
    refusals: ["ticket_invalid", "origin_forbidden", "upgrade_required"],
    responses: {
      101: {
        description: "The socket",
        headers: {
          "sec-websocket-protocol": describeHeader("One of those that were offered.", false),
        },
      },
    },
  }),
  describeOperation(OF_CHANNEL, {
    method: "get",
    path: "/v1/channels/{channel}/stream",
    operationId: "openStream",
    tags: ["Live"],
    summary: "Open a stream",
    description:
      "Server-Sent Events: `id` is the position, `event` the type, `data` the event. `Last-Event-ID` resumes, in the header or as `lastEventId` in the address; one that cannot be read is told as an event `gap` with the cause `unknown_position`.",
    request: {
      params: ChannelParams,
      query: StreamQuery,
      headers: z.object({ "Last-Event-ID": z.string().optional() }),
    },
    responses: {
      200: { description: "The stream", content: { [SSE_TYPE]: { schema: z.string() } } },
    },
  }),
];

const ready = (text: string, status: string) => ({
  description: status,
  content: { "text/plain": { schema: z.literal(text) } },
});

/** The routes that anybody may ask: documents, and how the relay is. */
const DOCUMENTS: readonly Operation[] = [
  describeOperation(null, {
    method: "get",
    path: "/v1/schemas",
    operationId: "listSchemas",
    tags: ["Documents"],
    summary: "List the types of events",
    request: { query: SchemasQuery },
    responses: {
      200: describeJsonAnswer(listOf(SchemaLink, "SchemaLinks"), "Each with its schema's address"),
    },
  }),
  describeOperation(null, {
    method: "get",
    path: "/v1/schemas/{type}.json",
    operationId: "getSchema",
    tags: ["Documents"],
    summary: "Read an event type's schema",
    request: { params: SchemaParams, query: NoQuery },
    refusals: ["not_found", "schema_not_found"],
    responses: {
      200: {
        description: "A JSON Schema (2020-12)",
        content: {
          "application/schema+json": { schema: Document },
          "application/json": { schema: Document },
        },
      },
    },
  }),
  ...(["openapi", "asyncapi"] as const).map((name) =>
    describeOperation(null, {
      method: "get",
      path: `/v1/${name}.json`,
      operationId: name === "openapi" ? "getOpenApiDocument" : "getAsyncApiDocument",
      tags: ["Documents"],
      summary: name === "openapi" ? "Read this document" : "Read the socket's document",
      request: { query: NoQuery },
      isTagged: true,
      responses: { 200: describeJsonAnswer(Document, "The document") },
    }),
  ),
  describeOperation(null, {
    method: "get",
    path: "/.well-known/jwks.json",
    operationId: "listSigningKeys",
    tags: ["Documents"],
    summary: "Read the keys that webhooks are signed with",
    request: { query: NoQuery },
    responses: {
      200: {
        description: "A JSON Web Key set (RFC 7517, RFC 8037)",
        content: {
          "application/jwk-set+json": { schema: JsonWebKeys },
          "application/json": { schema: JsonWebKeys },
        },
      },
    },
  }),
  describeOperation(null, {
    method: "get",
    path: "/livez",
    operationId: "checkAlive",
    tags: ["Health"],
    summary: "Is it alive",
    request: { query: NoQuery },
    responses: { 200: ready("ok", "It is") },
  }),
  describeOperation(null, {
    method: "get",
    path: "/readyz",
    operationId: "checkReady",
    tags: ["Health"],
    summary: "Is it ready",
    request: { query: NoQuery },
    responses: { 200: ready("ready", "It is"), 503: ready("not ready", "It is not") },
  }),
];
