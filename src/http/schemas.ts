import { z } from "@hono/zod-openapi";

import { ChannelId } from "../event/ids.ts";
import { Scope } from "../event/principal.ts";
import { SendId } from "../event/sending.ts";
import { protocols, type Protocol } from "../protocols/registry.ts";

/*
 * What the API says and is told, as schemas: the types of the handlers and the OpenAPI document are
 * made of them.
 */

const time = z.iso.datetime().openapi({ example: "2026-11-21T01:17:00.123Z" });
const position = z.string().openapi({ example: "k3f9w2ab7q-4711" });

export const Mode = z.enum(["always", "on_demand"]);

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ description: "Stable; what programs look at." }),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional(),
          parameter: z.string().optional(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .openapi("Problem");

export const Channel = z
  .object({
    id: ChannelId,
    number: z.int(),
    name: z.string(),
    epoch: z.string(),
    public: z.boolean(),
    retentionDays: z.int(),
    mode: Mode,
    createdAt: time,
  })
  .openapi("Channel");

const channelFields = {
  name: z.string().min(1).max(200),
  public: z.boolean().openapi({ description: "Everybody may read its events." }),
  retentionDays: z.int().min(1).max(3650),
  mode: Mode.openapi({
    description: "Dial the providers always, or while somebody listens and 5 minutes longer.",
  }),
};

export const NewChannel = z
  .strictObject({
    id: ChannelId,
    name: channelFields.name.optional(),
    public: channelFields.public.default(false),
    retentionDays: channelFields.retentionDays.default(30),
    mode: channelFields.mode.default("always"),
  })
  .openapi("NewChannel");

export const ChannelPatch = z.strictObject(channelFields).partial().openapi("ChannelPatch");

export const Provider = z
  .object({
    id: z.string(),
    protocol: z.string(),
    target: z.record(z.string(), z.unknown()),
    url: z.string().nullable(),
    mode: Mode.nullable().openapi({ description: "Null: as the channel." }),
    enabled: z.boolean(),
    createdAt: time,
  })
  .openapi("Provider");

/** What each protocol says of something of its own, as one text. */
function ofEachProtocol(describe: (provider: Protocol["provider"]) => string | undefined): string {
  return Object.values(protocols)
    .map(({ provider }) => `${provider.protocol} ${describe(provider) ?? "anything"}`)
    .join(", ");
}

/** The protocols whose servers everybody runs on their own. */
function withoutAddress(): string {
  return Object.values(protocols)
    .flatMap(({ provider }) => (provider.defaultUrl === null ? [provider.protocol] : []))
    .join(" and ");
}

const providerFields = {
  target: z.record(z.string(), z.unknown()).openapi({
    description: `Whose stream: ${ofEachProtocol(({ Target }) => Target.description)}.`,
  }),
  credentials: z.record(z.string(), z.unknown()).openapi({
    description: `Never shown again. ${ofEachProtocol(({ Credentials }) => Credentials.description)}.`,
  }),
  url: z
    .string()
    .max(2000)
    .nullable()
    .openapi({
      description: `An address of its own instead of the protocol's: wss:// to a public host. ${withoutAddress()} have none, and need one.`,
    }),
  mode: Mode.nullable(),
  enabled: z.boolean(),
};

export const NewProvider = z
  .strictObject({ protocol: z.string().max(40), ...providerFields })
  .partial({ target: true, credentials: true, url: true, mode: true, enabled: true })
  .openapi("NewProvider");

export const ProviderPatch = z.strictObject(providerFields).partial().openapi("ProviderPatch");

export const Connection = z
  .object({
    identifier: z.string(),
    uuid: z.string(),
    provider: z.string(),
    platform: z.string(),
    status: z.enum(["connecting", "connected", "error", "closed"]),
    reason: z.string().nullable(),
    target: z.record(z.string(), z.unknown()).nullable(),
    writable: z.boolean(),
    ready: z.boolean(),
    live: z.boolean().nullable(),
    since: time,
    lastEventAt: time.nullable(),
  })
  .openapi("Connection");

export const Event = z
  .looseObject({
    specversion: z.literal("1.0"),
    id: position,
    source: z.string(),
    type: z.string(),
    subject: z.string().optional(),
    time: time.optional(),
    recordedtime: time,
    sequence: z.string(),
    provider: z.string(),
    platform: z.string(),
    connectionid: z.string().optional(),
    test: z.literal(true).optional(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi("Event", {
    description: "A CloudEvents 1.0 object; each type's own schema is at /v1/schemas/{type}.json.",
  });

export const EventPage = z
  .object({
    events: z.array(Event),
    next: position.nullable().openapi({
      description: "Goes into `after` when ascending and into `before` when descending.",
    }),
    hasMore: z.boolean(),
    gap: z
      .object({ from: position, to: position, cause: z.literal("expired") })
      .optional()
      .openapi({
        description:
          "What `after` or `since` asked for and is no longer kept: all that lay after `from`, up to `to`. With `since`, at most that.",
      }),
  })
  .openapi("EventPage");

export const PostedEvent = z
  .strictObject({
    type: z.string().max(200),
    data: z.record(z.string(), z.unknown()),
    subject: z.string().min(1).max(200).optional(),
    time: z.iso.datetime({ offset: true }).optional(),
    platform: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
      .optional(),
    key: z.string().min(1).max(200).optional().openapi({
      description: "Names the occurrence: posted again, it is the same event.",
    }),
    test: z.boolean().optional(),
  })
  .openapi("PostedEvent");

export const PostedEvents = z
  .union([PostedEvent, z.array(PostedEvent).min(1).max(500)])
  .openapi("PostedEvents");

export const Ids = z.object({ ids: z.array(position) }).openapi("EventIds");

export const NewMessage = z
  .strictObject({
    text: z.string().min(1).max(8192),
    kind: z.enum(["text", "emote"]).default("text").openapi({ description: "`emote` is /me." }),
    to: z
      .array(z.string().max(300))
      .min(1)
      .max(32)
      .optional()
      .openapi({ description: "Connections by identifier; left out: all that can be written to." }),
    as: z
      .string()
      .max(300)
      .optional()
      .openapi({ description: "The connection whose account is to say it." }),
    replyTo: z.string().max(300).optional(),
    sendId: SendId.optional().openapi({
      description: "Names the send: asked for again, it is the same send.",
    }),
  })
  .openapi("NewMessage");

export const Interface = z
  .record(z.string(), z.unknown())
  .openapi("Interface", { description: "An Interactive Sync user interface; `{}` clears it." });

export const Sent = z.object({ sendId: z.string() }).openapi("Sent");

export const ProviderHealth = z
  .object({
    id: z.string(),
    protocol: z.string(),
    phase: z.enum(["idle", "dialling", "open", "waiting", "stopped"]),
    since: time.nullable(),
    reason: z.string().nullable(),
    detail: z.string().nullable(),
    attempts: z.int(),
    nextDialAt: time.nullable(),
    lastFrameAt: time.nullable(),
    rejected: z.int(),
    rejects: z
      .array(z.object({ at: time, problem: z.string(), start: z.string() }))
      .optional()
      .openapi({ description: "The last unreadable frames; for channels:manage." }),
  })
  .openapi("ProviderHealth");

export const Status = z
  .object({
    channel: z.string(),
    position,
    stream: z.object({
      live: z.boolean().nullable(),
      since: time.nullable(),
      viewers: z.int().nullable(),
    }),
    providers: z.array(ProviderHealth),
    history: z.object({
      position,
      lagEvents: z.int(),
      lagMs: z.int(),
      erasures: z.int(),
      failures: z.int(),
      lastError: z.string().nullable(),
    }),
    sockets: z.object({ count: z.int(), byProtocol: z.record(z.string(), z.int()) }),
    counters: z.looseObject({
      since: time,
      events: z.int(),
      repeats: z.int(),
      delivered: z.int(),
      shed: z.int(),
      rejected: z.int(),
      journalRowsWritten: z.int(),
      historyRowsWritten: z.int(),
      historyReduced: z.int().openapi({
        description:
          "Events that history refused as they are, and has without their data or their provider's words.",
      }),
    }),
  })
  .openapi("Status");

export const NewKey = z
  .strictObject({
    name: z.string().min(1).max(200),
    scopes: z.array(Scope).min(1),
    channels: z.array(ChannelId).min(1).max(100).nullable().default(null),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  })
  .openapi("NewKey");

export const Key = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(Scope),
    channels: z.array(z.string()).nullable(),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .openapi("Key");

export const ShownKey = Key.extend({
  key: z.string().openapi({ description: "Shown this once." }),
}).openapi("ShownKey");

export const OverlayKey = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .openapi("OverlayKey");

export const ShownOverlayKey = OverlayKey.extend({
  key: z.string().openapi({ description: "Shown this once." }),
}).openapi("ShownOverlayKey");

export const NewOverlayKey = z
  .strictObject({ name: z.string().min(1).max(200) })
  .openapi("NewOverlayKey");

export const NewToken = z
  .strictObject({
    scopes: z.array(Scope).min(1),
    ttlSeconds: z.int().min(1).max(86_400),
    subject: z.string().min(1).max(200).optional(),
    name: z.string().min(1).max(200).optional(),
  })
  .openapi("NewToken");

export const Token = z.object({ token: z.string(), expiresAt: time }).openapi("Token");

export const Ticket = z.object({ ticket: z.string(), expiresAt: time }).openapi("Ticket");

/** A list's page. */
export function listOf<S extends z.ZodType>(item: S, name: string) {
  return z.object({ data: z.array(item), next: z.string().nullable() }).openapi(name);
}

/** A list's parameters. */
export const ListQuery = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  token: z.string().max(4096).optional(),
});

export const ChannelParams = z.object({ channel: ChannelId });

/** No parameters but a credential's. */
export const NoQuery = z.strictObject({ token: z.string().max(4096).optional() });
