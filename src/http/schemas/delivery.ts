import { z } from "@hono/zod-openapi";

import * as calls from "../../calls/delivery.ts";
import { PositionText } from "../../calls/fields.ts";
import { RecoveryView } from "../../calls/recovery.ts";
import { nameComponent } from "./component.ts";

export const Delivery = nameComponent(calls.DeliveryView, "Delivery");

const Attempt = nameComponent(calls.AttemptView, "Attempt");

export const DeliveryDetail = nameComponent(
  calls.DeliveryDetail.extend({ attempts: z.array(Attempt) }),
  "DeliveryDetail",
);

export const DeliveryQuery = z.strictObject({
  status: calls.DeliveryView.shape.status.optional(),
  after: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  token: z.string().max(4096).optional(),
});

export const NewRecovery = z
  .strictObject({
    after: PositionText.optional(),
    since: z.iso.datetime({ offset: true }).optional(),
    until: z.string().max(64).optional().openapi({
      description: "A time (events recorded before it) or a position (up to and with it).",
    }),
    only: RecoveryView.shape.only.default("failed").meta({
      description:
        "`failed`: what was given up on. `missing`: what was never owed, as while it was disabled.",
    }),
  })
  .openapi("NewRecovery");

export const Recovery = nameComponent(RecoveryView, "Recovery");
