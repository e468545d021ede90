import { z } from "zod";

import { StoppedProvider } from "../event/trouble.ts";

/** A channel's report of itself: what whoever operates the relay wants to know of every channel. */
export const ChannelReport = z.object({
  /** How long history has lacked an event that the journal has. */
  historyLagMs: z.int(),
  historyFailures: z.int(),
  sockets: z.int(),
  stopped: z.array(StoppedProvider),
  webhooks: z.object({ disabled: z.array(z.string()), failing: z.array(z.string()) }),
});
export type ChannelReport = z.infer<typeof ChannelReport>;

/** A hub's report of itself. */
export const HubReport = z.object({ sockets: z.int(), channels: z.int() });
export type HubReport = z.infer<typeof HubReport>;

/** A webhook's report of itself: `disabled` only where its owner did not ask for it. */
export type WebhookState = "fine" | "failing" | "disabled";
