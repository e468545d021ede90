import { z } from "zod";

import { burstAction, type CommonAction, commonActions } from "../kit/actions.ts";
import { chestShape } from "./chests.ts";
import { itemShape, type ItemSpec, itemTypes, strangeFields } from "./items.ts";
import { dataKeyOrders } from "./wire.ts";

const milliseconds = z.int().nonnegative().max(600_000);

const ItemSpecChecked = z.strictObject(itemShape).check(refuseStrangeFields);

/** How the service behaves where real ones differ. What is not named stays as it is. */
export const knobShape = {
  /** Default 25,000. */
  kaIntervalMs: milliseconds.min(1).optional(),
  /** Whether the first `ka` comes right after the ack, as the specification has it, or an interval later. */
  kaFirst: z.enum(["after-ack", "after-interval"]).optional(),
  ackDelayMs: milliseconds.optional(),
  /** Answers every `start` with `error` and this message. */
  rejectSubscription: z.string().nullable().optional(),
  /** Default false: a `stop` is obeyed without a word. */
  completeOnStop: z.boolean().optional(),
  /** Holds for subscriptions started from then on. */
  dataKeyOrder: z.enum(dataKeyOrders).optional(),
  /** How long a request over HTTP is left without its answer, though done. Default 0. */
  answerDelayMs: milliseconds.optional(),
  /** What `sendStreamchatMessage` fails with. */
  sendError: z.strictObject({ code: z.int(), message: z.string() }).nullable().optional(),
} as const;

const Knobs = z.strictObject(knobShape);
export type DliveKnobs = z.infer<typeof Knobs>;

export const DliveAction = z.discriminatedUnion("action", [
  ...commonActions,
  burstAction(z.enum(itemTypes)),
  z.strictObject({ action: z.literal("item"), ...itemShape }).check(refuseStrangeFields),
  z.strictObject({ action: z.literal("items"), items: z.array(ItemSpecChecked).min(1) }),
  z.strictObject({ action: z.literal("chest"), ...chestShape }),
  z.strictObject({
    action: z.literal("connectionError"),
    message: z.string(),
    /** Default true: the service says why, and goes. */
    close: z.boolean().optional(),
  }),
  z.strictObject({ action: z.literal("knobs"), ...knobShape }),
]);
export type DliveAction = z.infer<typeof DliveAction>;
export type DliveOwnAction = Exclude<DliveAction, CommonAction>;

function refuseStrangeFields({ value, issues }: z.core.ParsePayload<ItemSpec>): void {
  for (const field of strangeFields(value)) {
    issues.push({
      code: "custom",
      path: [field],
      message: `A ${value.type} has no such field; put it into override to send it all the same`,
      input: value,
    });
  }
}
