import { z } from "zod";

import { Connection, Open } from "../shapes.ts";
import { defineEntry } from "./entry.ts";

/**
 * The relay itself: its connections, its webhooks, and payloads of providers that have no word
 * here.
 */
export const relay = {
  "connection.updated": defineEntry(
    "An entry of the connection map is new or changed.",
    Connection,
    {
      conflateBy: ["identifier"],
    },
  ),
  "connection.closed": defineEntry(
    "An entry left the connection map.",
    z.object({
      identifier: z.string(),
      uuid: z.string(),
      reason: z.string().optional(),
      replaced: z.boolean().optional(),
    }),
  ),
  "connection.gap": defineEntry(
    "A connection is back after an outage, and its provider cannot replay: events between may be missing.",
    z.object({ identifier: z.string(), from: z.string(), to: z.string(), cause: z.string() }),
  ),
  "webhook.failing": defineEntry(
    "An endpoint has been failing for a while: it is tried with one delivery at a time.",
    z.object({
      webhookId: z.string(),
      host: z.string(),
      since: z.string(),
      attempts: z.number(),
    }),
  ),
  "webhook.recovered": defineEntry(
    "A failing endpoint takes deliveries again.",
    z.object({ webhookId: z.string(), host: z.string(), failedSince: z.string() }),
  ),
  "webhook.disabled": defineEntry(
    "An endpoint is sent nothing any more: it said that it is gone, failed for days, or its owner asked for it.",
    z.object({
      webhookId: z.string(),
      host: z.string(),
      reason: z.enum(["gone", "failing", "requested"]),
    }),
  ),
  "provider.event": defineEntry(
    "The provider said something we have no word for. Its payload is the event's raw.",
    z.object({ nativeType: z.string(), payload: Open }),
    { sheddable: true },
  ),
} as const;
