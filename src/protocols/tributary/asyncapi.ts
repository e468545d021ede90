import { z } from "zod";

import { catalogue, CustomData } from "../../event/catalogue.ts";
import * as shapes from "../../event/shapes.ts";
import { lookUp } from "../../lib/json.ts";
import { makeSchemas, toSchema, type Named } from "./asyncapi-schemas.ts";
import { describeCloses, describeLimits, SECURITY } from "./asyncapi-texts.ts";
import { SentEvent, serverFrames } from "./server-frames.ts";
import { ClientFrame, CLOUDEVENTS, SUB_PROTOCOL } from "./wire.ts";

/*
 * The AsyncAPI 3.1 document of all that the relay says by itself: on its own socket, as Server-Sent
 * Events, and to webhooks. It is made of the schemas by which frames and events are read, when the
 * pages are built, beside the OpenAPI document.
 */

/** The parts of the document that are decided at the door. */
export interface DocumentParts {
  /** The parameters of a socket's address, and of a stream's. */
  readonly socketQuery: z.ZodType;
  readonly streamQuery: z.ZodType;
}

/** The message of a program's own types of events. */
export const CUSTOM = "custom";

/** The frames that a client may send, by their names in the document. */
const clientFrames = Object.fromEntries(
  ClientFrame.options.map((frame) => {
    const { type } = frame.shape;
    const [name = ""] = type.values;
    return [name.charAt(0).toUpperCase() + name.slice(1), frame];
  }),
);

/** The types of events, each with its data. */
const events: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(
    Object.entries(catalogue).map(([type, { data }]) => [
      type,
      SentEvent.extend({ type: z.literal(type), data }),
    ]),
  ),
  [CUSTOM]: SentEvent.extend({ type: z.string().regex(/^custom\./), data: CustomData }),
};

/** The words on each type: those of the catalogue. */
const about: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(catalogue).map(([type, entry]) => [type, entry.about])),
  [CUSTOM]: "A program's own event: whatever it has posted, under a type of its own.",
};

/** The headers of an attempt at a webhook; more may come. */
const WebhookHeaders = z.looseObject({
  "webhook-id": z.string().meta({
    description: "The same in every attempt: drop what you have had.",
  }),
  "webhook-timestamp": z.string().meta({ description: "Seconds since 1970, of this attempt." }),
  "webhook-signature": z.string().meta({
    description: "`v1,…` and `v1a,…`, as in Standard Webhooks, with a space between.",
  }),
  traceparent: z.string().meta({ description: "A trace of its own for each attempt." }),
});

/** Makes the document. */
export function makeAsyncApiDocument({ socketQuery, streamQuery }: DocumentParts): object {
  const frames: Named = { ...serverFrames, ...clientFrames };
  return {
    asyncapi: "3.1.0",
    info: {
      title: "Tributary, what it says by itself",
      version: "1",
      description:
        "A channel's events as they happen, in order, to be resumed from any position: on a WebSocket, as Server-Sent Events, and posted to webhooks. The HTTP API, with how a socket is opened and what an upgrade is refused for, is described by [/v1/openapi.json](/v1/openapi.json); every type of event is shown at [/v1/docs/events](/v1/docs/events). Clients of other services' protocols find the same events at `/gateways/…`, each in that protocol's own words.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: {
      socket: describeServer("wss"),
      stream: describeServer("https"),
    },
    channels: {
      socket: describeSocket(Object.keys(frames), socketQuery),
      stream: describeStream(),
      webhook: {
        address: null,
        title: "A webhook",
        description:
          "An address of yours, which you give with `POST /v1/channels/{channel}/webhooks`. With `batch` the body is an array of these, as `application/cloudevents-batch+json`.",
        messages: referAll("messages", Object.keys(events), "posted."),
      },
    },
    operations: describeOperations(streamQuery),
    components: {
      messages: { ...describeFrames(frames), ...describeEvents(), ...describePosted() },
      schemas: makeSchemas({
        frames: { ...frames, WebhookHeaders },
        events,
        shapes,
        about,
        event: SentEvent,
      }),
      securitySchemes: SECURITY,
    },
  };
}

function describeServer(protocol: "wss" | "https"): object {
  return {
    host: "{host}",
    protocol,
    description: "Wherever this was read from.",
    variables: { host: { default: "localhost:8787" } },
    security: [
      ...(protocol === "wss" ? [{ $ref: "#/components/securitySchemes/ticket" }] : []),
      { $ref: "#/components/securitySchemes/bearer" },
      { $ref: "#/components/securitySchemes/token" },
    ],
  };
}

const CHANNEL = { channel: { description: "A channel's id, or its number." } };

function describeSocket(names: readonly string[], query: z.ZodType): object {
  return {
    address: "/v1/channels/{channel}/socket",
    title: "The socket",
    description: [
      `The sub-protocol is \`${SUB_PROTOCOL}\`. \`${CLOUDEVENTS}\` sends one bare event a frame, and nothing else. Nothing need be sent to start receiving.`,
      describeLimits(),
      describeCloses(),
    ].join("\n\n"),
    servers: [{ $ref: "#/servers/socket" }],
    parameters: CHANNEL,
    messages: referAll("messages", names),
    bindings: { ws: { method: "GET", query: toSchema(query), bindingVersion: "0.1.0" } },
  };
}

function describeStream(): object {
  return {
    address: "/v1/channels/{channel}/stream",
    title: "The stream",
    description:
      "Server-Sent Events: `id` is the position, `event` the type, `data` the event. `Last-Event-ID` resumes. An event named `gap` says what will not come. Of the address the same is read as of the socket's, and `lastEventId`.",
    servers: [{ $ref: "#/servers/stream" }],
    parameters: CHANNEL,
    messages: referAll("messages", [...Object.keys(events), "Gap"]),
  };
}

/** The operations, from the relay's side. */
function describeOperations(streamQuery: z.ZodType): object {
  const commands = Object.keys(clientFrames).map((name) => {
    const answers = name === "Ping" ? ["Pong"] : ["Result", "Failure"];
    return [
      name.toLowerCase(),
      {
        action: "receive",
        channel: { $ref: "#/channels/socket" },
        summary: lookUp(COMMANDS, name) ?? name,
        messages: [{ $ref: `#/channels/socket/messages/${name}` }],
        reply: {
          channel: { $ref: "#/channels/socket" },
          messages: answers.map((each) => ({ $ref: `#/channels/socket/messages/${each}` })),
        },
      },
    ] as const;
  });
  return {
    listen: describeSending("socket", "Events, and what a client has to know", TOLD),
    ...Object.fromEntries(commands),
    follow: {
      ...describeSending("stream", "Events, one after the other", [...Object.keys(events), "Gap"]),
      bindings: { http: { method: "GET", query: toSchema(streamQuery), bindingVersion: "0.3.0" } },
    },
    deliver: {
      ...describeSending("webhook", "An event, until it is taken", Object.keys(events)),
      bindings: { http: { method: "POST", bindingVersion: "0.3.0" } },
    },
  };
}

/** The frames that are sent without being asked for. */
const TOLD = ["Hello", "Events", "Gap", "Reconnect", "Closing"];

const COMMANDS: Readonly<Record<string, string>> = {
  Ping: "Is the relay there",
  Subscribe: "Hear something else, or go back to a position",
  Status: "How the channel fares",
  Send: "Say something on the platforms",
  Interface: "Show viewers an interface",
};

function describeSending(channel: string, summary: string, names: readonly string[]): object {
  const messages = names.map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` }));
  return { action: "send", channel: { $ref: `#/channels/${channel}` }, summary, messages };
}

function describeFrames(frames: Named): object {
  return describeAll(Object.keys(frames), (name) => ({ name, title: name, payload: refer(name) }));
}

function describeEvents(): object {
  return describeAll(Object.keys(events), (type) => ({
    name: type,
    title: type,
    summary: lookUp(about, type) ?? type,
    payload: refer(type),
  }));
}

/** The same events as a webhook gets them. */
function describePosted(): object {
  const described = Object.keys(events).map((type) => [
    `posted.${type}`,
    {
      name: type,
      title: type,
      contentType: "application/cloudevents+json",
      headers: refer("WebhookHeaders"),
      payload: refer(type),
    },
  ]);
  return Object.fromEntries(described) as object;
}

function describeAll(names: readonly string[], describe: (name: string) => object): object {
  return Object.fromEntries(names.map((name) => [name, describe(name)]));
}

const refer = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

/** References to components, by their names; `prefix` is a part of theirs and not of these. */
function referAll(kind: string, names: readonly string[], prefix = ""): object {
  return describeAll(names, (name) => ({ $ref: `#/components/${kind}/${prefix}${name}` }));
}
