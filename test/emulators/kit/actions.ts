import { z } from "zod";

const milliseconds = z.int().nonnegative().max(600_000);

/** RFC 6455 7.4: what an endpoint may put into a close frame. */
const closeCode = z
  .int()
  .refine(
    (code) =>
      (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) ||
      (code >= 3000 && code <= 4999),
    "no code that may be sent",
  );

const closeReason = z
  .string()
  .refine((reason) => Buffer.byteLength(reason) <= 123, "longer than a close frame can hold");

/** How a socket ends, and after how many frames of the service. */
const EndSchema = z.strictObject({
  after: z.int().nonnegative(),
  /**
   * A close frame; none; none, and half of the frame that would be next; or no end at all, but
   * nothing more is said. What was said before arrives.
   */
  how: z.enum(["close", "cut", "cut-inside", "mute"]),
});
export type End = z.infer<typeof EndSchema>;

/** What every emulator can be told to do, whatever it speaks. */
export const commonActions = [
  z.strictObject({ action: z.literal("repeat"), count: z.int().positive().optional() }),
  z.strictObject({ action: z.literal("silence"), heartbeats: z.boolean() }),
  z.strictObject({ action: z.literal("speak") }),
  z.strictObject({ action: z.literal("cut"), midFrame: z.boolean().optional() }),
  z.strictObject({
    action: z.literal("close"),
    code: closeCode.optional(),
    reason: closeReason.optional(),
  }),
  z.strictObject({ action: z.literal("endNext"), ends: z.array(EndSchema) }),
  z.strictObject({ action: z.literal("raw"), frame: z.string() }),
  z.strictObject({ action: z.literal("rawBinary"), base64: z.base64() }),
  z.strictObject({
    action: z.literal("oversize"),
    bytes: z
      .int()
      .positive()
      .max(64 * 1024 * 1024),
  }),
  z.strictObject({ action: z.literal("garbage") }),
  z.strictObject({
    action: z.literal("refuse"),
    status: z.int().min(200).max(599).optional(),
    retryAfter: z.union([z.int().nonnegative(), z.string()]).optional(),
    times: z.int().positive().optional(),
  }),
  z.strictObject({ action: z.literal("accept") }),
  z.strictObject({ action: z.literal("delayAccept"), ms: milliseconds }),
  z.strictObject({ action: z.literal("token"), value: z.string().nullable() }),
  z.strictObject({ action: z.literal("expireToken"), keepSockets: z.boolean().optional() }),
  z.strictObject({ action: z.literal("script"), name: z.string() }),
  z.strictObject({ action: z.literal("stopScript") }),
  z.strictObject({ action: z.literal("gapThenBack"), awayMs: milliseconds }),
] as const;

const CommonAction = z.discriminatedUnion("action", commonActions);
export type CommonAction = z.infer<typeof CommonAction>;

/** A burst is common to all, except for the words in which a protocol names its kinds of items. */
export function burstAction<Kind extends z.ZodType>(kind: Kind) {
  return z.strictObject({
    action: z.literal("burst"),
    count: z.int().positive().max(10_000_000),
    perSecond: z.number().positive().optional(),
    prefix: z.string().optional(),
    kind: kind.optional(),
  });
}

const commonNames = new Set(CommonAction.options.map(({ shape }) => shape.action.value));

export function isCommonAction(action: { readonly action: string }): action is CommonAction {
  return (commonNames as ReadonlySet<string>).has(action.action);
}
