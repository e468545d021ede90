import { z } from "@hono/zod-openapi";

import { Time } from "../../calls/fields.ts";
import { StoppedProvider, Trouble } from "../../event/trouble.ts";

const troubledWebhooks = z.array(z.object({ channel: z.string(), webhook: z.string() }));

/** How the relay fares as a whole. Lists of channels have at most a hundred entries. */
export const RelayStatus = z
  .object({
    time: Time,
    database: z.object({
      bytes: z.int(),
      maxBytes: z.int(),
      share: z.number().openapi({ description: "Of the most it can have." }),
    }),
    historyDatabases: z
      .array(
        z.object({
          binding: z.string(),
          bytes: z.int().nullable().openapi({ description: "Null: it was not looked at yet." }),
          share: z.number().nullable(),
          isBound: z.boolean().openapi({
            description: "False: histories of channels are there, and the relay cannot reach it.",
          }),
        }),
      )
      .openapi({ description: "Further databases that histories of channels are in, or may be." }),
    cron: z.object({
      lastRunAt: Time.nullable().openapi({ description: "Null: it has not run yet." }),
      tookMs: z.int().nullable(),
      failing: z.array(z.object({ work: z.string(), runs: z.int(), since: Time })),
      rounds: z.array(z.object({ name: z.string(), place: z.string() })).openapi({
        description: "Work on all channels that is under way, and the last channel it got to.",
      }),
    }),
    channels: z.object({
      count: z.int(),
      reported: z.int(),
      oldestReportAt: Time.nullable(),
      sockets: z.int().openapi({ description: "In the channels' own objects." }),
    }),
    history: z.object({
      maxLagMs: z.int(),
      behind: z.array(z.object({ channel: z.string(), lagMs: z.int(), failures: z.int() })),
    }),
    providers: z.object({
      stopped: z.array(z.object({ channel: z.string(), ...StoppedProvider.shape })),
    }),
    webhooks: z.object({ disabled: troubledWebhooks, failing: troubledWebhooks }),
    hubs: z.array(z.object({ hub: z.int(), sockets: z.int(), channels: z.int() })),
    troubles: z.array(z.object({ ...Trouble.shape, since: Time })),
    alarms: z.object({
      enabled: z.boolean().openapi({ description: "Is there an address that is told?" }),
      waiting: z.int(),
    }),
    hooks: z
      .array(
        z.object({
          protocol: z.string(),
          refused: z.int().openapi({
            description:
              "Deliveries whose signature did not hold, in all; those of the last minutes may be missing.",
          }),
          lastRefusedAt: Time.nullable(),
        }),
      )
      .openapi({ description: "Providers that tell what happens by requests to `/hooks/…`." }),
    quotas: z
      .array(
        z.object({
          account: z.string().openapi({
            description: "The beginning of a digest of the provider's account, the same each day.",
          }),
          bucket: z.string().openapi({
            description: "`units`, `searches`, or `messages`, which the relay allows itself.",
          }),
          used: z.int(),
          limit: z.int(),
          resetsAt: Time,
          emptyAt: Time.nullable().openapi({
            description:
              "When it will be used up, if it goes on as in the last hour; null: not today.",
          }),
        }),
      )
      .openapi({ description: "What was used today of providers' quotas, by all channels." }),
  })
  .openapi("RelayStatus");
export type RelayStatus = z.infer<typeof RelayStatus>;
