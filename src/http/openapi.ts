import { api } from "./api.ts";

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
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Tributary",
      version: "1",
      description:
        "A relay for live-stream events: one ordered, durable, resumable log per channel. Errors are RFC 9457 problems with a stable `code`. POSTs take `Idempotency-Key`.",
      license: { name: "MIT" },
    },
    servers: [{ url: "/" }],
  });
  return { ...document, paths: { ...document.paths, ...LIVE_PATHS } };
}

const filters = ["types", "providers", "platforms"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string" },
  description: "Comma list; types may end in `.*`.",
}));

const live = [
  { name: "channel", in: "path", required: true, schema: { type: "string" } },
  ...filters,
  {
    name: "after",
    in: "query",
    schema: { type: "string" },
    description: "A position: begin after it.",
  },
  {
    name: "rewind",
    in: "query",
    schema: { type: "integer", minimum: 1, maximum: 500 },
    description:
      "Begin so many events back. With a filter that lets little through the newest 20,000 are looked at.",
  },
  {
    name: "raw",
    in: "query",
    schema: { type: "boolean" },
    description: "With the providers' own words; for channels:manage.",
  },
];

const security = [{ bearer: [] }, { token: [] }];

/** Describes the routes that stay open, which have no JSON answer. */
const LIVE_PATHS = {
  "/v1/channels/{channel}/socket": {
    get: {
      tags: ["Live"],
      summary: "Open a socket",
      description:
        "A WebSocket that speaks `tributary.v1`, or one bare CloudEvent a frame as `cloudevents.json`. A browser proves itself with a ticket: sub-protocol `ticket.<x>` beside `tributary.v1`.",
      security,
      parameters: live,
      responses: { 101: { description: "The socket" }, 426: { description: "Not an upgrade" } },
    },
  },
  "/v1/channels/{channel}/stream": {
    get: {
      tags: ["Live"],
      summary: "Open a stream",
      description:
        "Server-Sent Events: `id` is the position, `event` the type, `data` the event. `Last-Event-ID` resumes.",
      security,
      parameters: live,
      responses: {
        200: {
          description: "The stream",
          content: { "text/event-stream": { schema: { type: "string" } } },
        },
      },
    },
  },
};
