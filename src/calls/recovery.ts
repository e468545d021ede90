import { z } from "zod";

import type { Seq } from "../event/ids.ts";
import { ExpiredGap, PositionText, Time } from "./fields.ts";

export const RecoveryOnly = z.enum(["failed", "missing", "all"]);

/** Which events are to be brought again: after a place, up to another. */
export interface RecoveryInput {
  readonly after: Seq;
  readonly upTo: Seq | null;
  readonly only: z.infer<typeof RecoveryOnly>;
}

/** A job that brings events again. */
export const RecoveryView = z.object({
  id: z.string(),
  status: z.enum(["counting", "running", "done", "cancelled"]),
  only: RecoveryOnly,
  after: PositionText,
  upTo: PositionText,
  count: z.int().nullable().meta({ description: "Events to bring; null while counting." }),
  delivered: z.int(),
  failed: z.int(),
  remaining: z.int().nullable(),
  /** Up to where the log has been gone through. */
  position: PositionText,
  gap: ExpiredGap.nullable().meta({
    description: "What was to be brought and is no longer kept.",
  }),
  createdAt: Time,
  endedAt: Time.nullable(),
});
export type RecoveryView = z.infer<typeof RecoveryView>;
