import { z } from "@hono/zod-openapi";

import { Time } from "../../calls/fields.ts";
import { MetricsView } from "../../calls/metrics.ts";
import { StatusView } from "../../calls/status.ts";
import { ChannelId } from "../../event/ids.ts";
import { Jurisdiction, LocationHint } from "../../event/location.ts";
import { Merge } from "../../event/merge.ts";
import { Mode } from "../../event/mode.ts";
import { timeParameter } from "../event-query.ts";
import { nameComponent } from "./component.ts";
import { ProviderHealth } from "./provider.ts";

export const Channel = z
  .object({
    id: ChannelId,
    number: z.int(),
    name: z.string(),
    epoch: z.string(),
    public: z.boolean(),
    retentionDays: z.int(),
    mode: Mode,
    merge: Merge,
    jurisdiction: Jurisdiction.nullable(),
    locationHint: LocationHint.nullable(),
    createdAt: Time,
  })
  .openapi("Channel");

const channelFields = {
  name: z.string().min(1).max(200),
  public: z.boolean().openapi({ description: "Everybody may read its events." }),
  retentionDays: z.int().min(1).max(3650),
  mode: Mode.meta({
    description: "Dial the providers always, or while somebody listens and 5 minutes longer.",
  }),
  merge: Merge.meta({
    description:
      "When the same occurrence told by two providers is one event: where both have the platform's own id of it (`exact`), also where both say the same of it within a short time (`natural`), or never (`off`). The later telling adds its connection to the event's `seenVia`.",
  }),
};

export const NewChannel = z
  .strictObject({
    id: ChannelId,
    name: channelFields.name.optional(),
    public: channelFields.public.default(false),
    retentionDays: channelFields.retentionDays.default(30),
    mode: channelFields.mode.default("always"),
    merge: channelFields.merge.default("exact"),
    jurisdiction: Jurisdiction.nullable().default(null).openapi({
      description:
        "Where the channel's object and its webhooks' run and store, and nowhere else. Never changed. The database (history, channels, keys) has a place of its own. Only on Cloudflare.",
    }),
    locationHint: LocationHint.nullable().default(null).openapi({
      description:
        "Near what the channel's object and its webhooks' are to be made: a hint, which counts once, when they are first made. Without it they are made near whoever asks first.",
    }),
  })
  .openapi("NewChannel");

export const ChannelPatch = z.strictObject(channelFields).partial().openapi("ChannelPatch");

export const Status = nameComponent(
  StatusView.extend({ providers: z.array(ProviderHealth) }),
  "Status",
);

export const Metrics = nameComponent(MetricsView, "Metrics");

const DAY_SECONDS = 86_400;

/** Which metrics are wanted. */
export const MetricsParams = z.strictObject({
  from: timeParameter.optional().meta({
    description: "The last 24 hours where it is left out; there is nothing older.",
  }),
  step: z.coerce.number().int().multipleOf(60).min(60).max(DAY_SECONDS).default(60).meta({
    description: "Seconds: minutes are joined to steps of so many.",
  }),
  token: z.string().max(4096).optional(),
});
