import { z } from "@hono/zod-openapi";

import * as calls from "../../calls/delivery.ts";
import { PositionText } from "../../calls/fields.ts";
import { RecoveryView } from "../../calls/recovery.ts";
import { ListQuery } from "./common.ts";
import { nameComponent } from "./component.ts";

export const Delivery = nameComponent(calls.DeliveryView, "Delivery");

const Attempt = nameComponent(calls.AttemptView, "Attempt");

export const DeliveryDetail = nameComponent(
  calls.DeliveryDetail.extend({ attempts: z.array(Attempt) }),
  "DeliveryDetail",
);

export const DeliveryQuery = ListQuery.extend({
  status: calls.DeliveryView.shape.status.optional(),
  after: z
    .string()
    .max(2048)
    .optional()
    .openapi({ description: "As `cursor`; a delivery's id is taken as well." }),
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
