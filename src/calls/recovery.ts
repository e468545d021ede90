import { z } from "zod";

import type { Seq } from "../event/ids.ts";
import { Recovery } from "../store/queue/recoveries.ts";
import { ExpiredGap, PositionText, Time } from "./fields.ts";

/** Which events are to be brought again: after a place, up to another. */
export interface RecoveryInput {
  readonly after: Seq;
  readonly upTo: Seq | null;
  readonly only: Recovery["only"];
}

/** A job that brings events again. */
export const RecoveryView = z.object({
  id: z.string(),
  status: Recovery.shape.status,
  only: Recovery.shape.only,
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
