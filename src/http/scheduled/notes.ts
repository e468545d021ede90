import { z } from "zod";

import { HubReport } from "../../calls/report.ts";
import { FailingWork } from "../../event/trouble.ts";

/** The note that a run of the cron makes of itself. */
export const CronNote = z.object({
  at: z.number(),
  endedAt: z.number(),
  failing: z.array(FailingWork),
});
export type CronNote = z.infer<typeof CronNote>;
export const CRON_NOTE = "cron";

/** The reports of the hubs, each with its place among them. */
export const HubsNote = z.array(z.object({ hub: z.int(), ...HubReport.shape }));
export type HubsNote = z.infer<typeof HubsNote>;
export const HUBS_NOTE = "hubs";
