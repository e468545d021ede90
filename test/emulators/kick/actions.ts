import { z } from "zod";

const times = z.int().positive().optional();

export const KickAction = z.discriminatedUnion("action", [
  /** The app's own address, at its settings. */
  z.strictObject({ action: z.literal("webhook"), url: z.string().nullable() }),
  z.strictObject({
    action: z.literal("channel"),
    slug: z.string(),
    isLive: z.boolean().optional(),
  }),
  /** Requests to a path are answered so, a number of times or from now on. */
  z.strictObject({
    action: z.literal("fault"),
    path: z.string(),
    status: z.int(),
    /** A page of the bot protection's in place of JSON. */
    isPage: z.boolean().optional(),
    times,
  }),
  /** Subscriptions to these are refused, within an answer of 200. */
  z.strictObject({ action: z.literal("refuse"), events: z.array(z.string()), error: z.string() }),
  /** Forgets subscriptions, and tells nobody: of these events, or all. */
  z.strictObject({ action: z.literal("forget"), events: z.array(z.string()).optional() }),
  /** Makes every subscription once more, as an app does that does not look first. */
  z.strictObject({ action: z.literal("double") }),
  z.strictObject({ action: z.literal("rotateKey") }),
  /** Tokens that were given so far hold no longer. */
  z.strictObject({ action: z.literal("endTokens") }),
  z.strictObject({ action: z.literal("secret"), value: z.string() }),
  /** What becomes of whoever opens the page for consent from now on. */
  z.strictObject({ action: z.literal("consent"), value: z.enum(["grant", "deny"]) }),
  z.strictObject({ action: z.literal("release") }),
]);
export type KickAction = z.infer<typeof KickAction>;

export const Happening = z.strictObject({
  event: z.string(),
  slug: z.string().optional(),
  /** The message's, and whatever else has an id of its own. */
  id: z.string().optional(),
  text: z.string().optional(),
  author: z.string().optional(),
  /** When it happened. */
  at: z.string().optional(),
  /** The key it is signed with: `old` the one before, `foreign` nobody's. */
  key: z.enum(["current", "old", "foreign"]).optional(),
  /** The body is changed once it was signed. */
  isSpoilt: z.boolean().optional(),
  /** Delivered though nobody has subscribed. */
  isUnasked: z.boolean().optional(),
  /** In place of what would be written. */
  body: z.unknown().optional(),
});
export type Happening = z.infer<typeof Happening>;
