import { z } from "zod";

import { catalogue, CustomData } from "../../event/catalogue.ts";
import * as shapes from "../../event/shapes.ts";
import { SentEvent, serverFrames } from "./server-frames.ts";
import { ClientFrame, CloseCode, CLOUDEVENTS, SUB_PROTOCOL } from "./wire.ts";

/*
 * The AsyncAPI 3 document of the relay's own socket, made of the schemas by which frames and events
 * are read. It is made when the pages are built, beside the OpenAPI document.
 */

const REF = "#/components/schemas/";
const SOCKET = "#/channels/socket";

/** The names of the frames that a client may send, in the document. */
const clientFrames = Object.fromEntries(
  ClientFrame.options.map((frame) => {
    const { type } = frame.shape;
    const [name = ""] = type.values;
    return [name.charAt(0).toUpperCase() + name.slice(1), frame];
  }),
);

/** Makes the document. `query`: the parameters of a socket's address. */
export function makeAsyncApiDocument(query: z.ZodType): object {
  const messages = { ...serverFrames, ...clientFrames };
  const refer = (names: readonly string[]) =>
    names.map((name) => ({ $ref: `${SOCKET}/messages/${name}` }));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Tributary, the native socket",
      version: "1",
      description: `The WebSocket protocol \`${SUB_PROTOCOL}\`: a channel's events as they happen, in order, to be resumed from any position. \`${CLOUDEVENTS}\` as sub-protocol sends one bare event a frame and nothing else. Closes: ${describeCloses()}; 40xx do not come back, 41xx back off, 42xx at once. How it is opened, and what an upgrade is refused for, is in the OpenAPI document.`,
      license: { name: "MIT" },
      externalDocs: { url: "/v1/openapi.json", description: "The HTTP API" },
    },
    defaultContentType: "application/json",
    servers: {
      relay: {
        host: "{host}",
        protocol: "wss",
        description: "Wherever this was read from.",
        variables: { host: { default: "localhost:8787" } },
        security: [{ $ref: "#/components/securitySchemes/bearer" }],
      },
    },
    channels: {
      socket: {
        address: "/v1/channels/{channel}/socket",
        parameters: { channel: { description: "A channel's id, or its number." } },
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: {
          ws: { method: "GET", query: toSchema(query), bindingVersion: "0.1.0" },
        },
      },
    },
    operations: {
      sendToClient: {
        action: "send",
        channel: { $ref: SOCKET },
        summary: "The relay sends",
        messages: refer(Object.keys(serverFrames)),
      },
      receiveFromClient: {
        action: "receive",
        channel: { $ref: SOCKET },
        summary: "A client may send: nothing need be, to start receiving",
        messages: refer(Object.keys(clientFrames)),
      },
    },
    components: {
      messages: Object.fromEntries(
        Object.keys(messages).map((name) => [
          name,
          { name, title: name, payload: { $ref: REF + name } },
        ]),
      ),
      schemas: makeSchemas(messages),
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description:
            "An API key or a token; also as `token` in the address, or as a ticket: sub-protocol `ticket.<x>`.",
        },
      },
    },
  };
}

/** The frames, every type of event, and the shapes that these share. */
function makeSchemas(messages: Readonly<Record<string, z.ZodType>>): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(messages)) registry.add(schema, { id: name });
  for (const [name, shape] of Object.entries(shapes)) registry.add(shape, { id: name });
  for (const [type, { data }] of Object.entries(catalogue)) {
    registry.add(SentEvent.extend({ type: z.literal(type), data }), { id: type });
  }
  const custom = { type: z.string().regex(/^custom\./), data: CustomData };
  registry.add(SentEvent.extend(custom), { id: "custom" });
  const types = [...Object.keys(catalogue), "custom"];
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    uri: (id) => REF + id,
    override({ zodSchema, jsonSchema }) {
      // In a frame an event is one of its types.
      if ((zodSchema as unknown) !== SentEvent) return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      jsonSchema.anyOf = types.map((type) => ({ $ref: REF + type }));
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $id: _id, $schema: _dialect, ...schema }]) => {
      const about = Object.entries(catalogue).find(([type]) => type === name)?.[1].about;
      return [name, { ...schema, ...(about !== undefined && { description: about }) }];
    }),
  );
}

function toSchema(schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
  });
  return rest;
}

function describeCloses(): string {
  return Object.entries(CloseCode)
    .map(([name, code]) => `${code} ${name.replaceAll(/[A-Z]/g, (up) => ` ${up.toLowerCase()}`)}`)
    .join(", ");
}
