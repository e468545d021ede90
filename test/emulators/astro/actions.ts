import { z } from "zod";

import { burstAction, type CommonAction, commonActions } from "../kit/actions.ts";
import { activityTypes, providers } from "./activities.ts";
import { burstTopics } from "./bursts.ts";
import { chatPlatforms } from "./chat.ts";
import { reconnectShape } from "./handovers.ts";
import { knobShape, milliseconds } from "./knobs.ts";
import { approvals, tipTopics } from "./tips.ts";
import { refuseTopicShape } from "./topic-rules.ts";

const json = z.record(z.string(), z.unknown());

/** What every item may say of the frame that it is in. */
const frameShape = {
  /** Default: the room that a token opens. */
  room: z.string().optional(),
  id: z.string().optional(),
  /** Laid over the frame, around its data: for ids, times and topics that no frame should have. */
  envelope: json.optional(),
  /** Laid over the finished payload, whatever it says. */
  override: json.optional(),
} as const;

export const AstroAction = z.discriminatedUnion("action", [
  ...commonActions,
  burstAction(z.enum(burstTopics)).extend({
    /** The server goes down right before the item with this number. */
    reconnect: z.strictObject({ before: z.int().positive(), ...reconnectShape }).optional(),
  }),
  z.strictObject({
    action: z.literal("chat"),
    platform: z.enum(chatPlatforms).optional(),
    text: z.string().optional(),
    /** The name of who wrote it. */
    author: z.string().optional(),
    /** The platform's own id. */
    messageId: z.string().optional(),
    ...frameShape,
  }),
  z.strictObject({
    action: z.literal("activity"),
    type: z.enum(activityTypes),
    provider: z.enum(providers).optional(),
    who: z.string().optional(),
    activityId: z.string().optional(),
    /** Laid over the inner data: amount, message, tier and the like. */
    data: json.optional(),
    ...frameShape,
  }),
  z.strictObject({
    action: z.literal("tip"),
    username: z.string().optional(),
    /** Default: an address at example.com. */
    email: z.string().optional(),
    geo: z.string().optional(),
    message: z.string().optional(),
    amount: z.number().optional(),
    currency: z.string().optional(),
    paymentMethod: z.string().optional(),
    provider: z.string().optional(),
    /** Default "allowed". */
    approved: z.enum(approvals).optional(),
    approvedBy: z.string().optional(),
    tipId: z.string().optional(),
    /** Default: `channel.tips` for an allowed tip, `channel.tips.moderation` for any other. */
    topics: z.array(z.enum(tipTopics)).min(1).optional(),
    ...frameShape,
  }),
  z.strictObject({
    action: z.literal("item"),
    /** Who does not subscribe to it does not hear it; `envelope` puts another name on it. */
    topic: z.string(),
    /** Which of the topic's payloads: an event of the song queue, a state of a giveaway. */
    variant: z.string().optional(),
    /** Instead of a payload made up here. */
    data: z.unknown().optional(),
    ...frameShape,
  }),
  z.strictObject({ action: z.literal("notice"), message: z.string() }),
  z.strictObject({
    action: z.literal("frames"),
    /** As text to be sent byte for byte, or as JSON. */
    frames: z.array(z.union([z.string(), json])).min(1),
    to: z.enum(["subscribers", "all"]).optional(),
    everyMs: milliseconds.optional(),
  }),
  z.strictObject({ action: z.literal("refuseTopic"), ...refuseTopicShape }),
  z.strictObject({ action: z.literal("allowTopic"), topic: z.string().optional() }),
  z.strictObject({
    action: z.literal("answer"),
    order: z.enum(["asked", "reversed"]).optional(),
  }),
  z.strictObject({ action: z.literal("alias"), name: z.string().min(1), room: z.string() }),
  z.strictObject({ action: z.literal("reconnect"), ...reconnectShape }),
  z.strictObject({ action: z.literal("endOldSockets") }),
  z.strictObject({ action: z.literal("expireReconnectTokens") }),
  z.strictObject({ action: z.literal("knobs"), ...knobShape }),
]);
export type AstroAction = z.infer<typeof AstroAction>;
export type AstroOwnAction = Exclude<AstroAction, CommonAction>;
export type ActionOf<Name extends AstroAction["action"]> = Extract<AstroAction, { action: Name }>;
