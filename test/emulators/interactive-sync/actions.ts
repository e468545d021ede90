import { z } from "zod";

import { burstAction, type CommonAction, commonActions } from "../kit/actions.ts";
import { views } from "./interface.ts";
import { knobShape } from "./knobs.ts";

const milliseconds = z.int().nonnegative().max(600_000);
const json = z.record(z.string(), z.unknown());

const doing = {
  /** Null for who has not shared it; drawn when left out. */
  username: z.string().nullable().optional(),
  channelId: z.string().optional(),
  /** Laid over the finished payload, whatever it says. */
  override: json.optional(),
};

/** A frame as it is, as an object or a text, or an entry of a recorded transcript. */
const RecordedFrame = z.union([json, z.string()]);
export type RecordedFrame = z.infer<typeof RecordedFrame>;

export const InteractiveSyncAction = z.discriminatedUnion("action", [
  ...commonActions,
  burstAction(z.literal("input")),
  z.strictObject({
    action: z.literal("input"),
    /** Drawn from the channel's interface when left out, and so is the view. */
    id: z.string().optional(),
    view: z.enum(views).optional(),
    values: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    ...doing,
  }),
  z.strictObject({
    action: z.literal("mouse"),
    /** "mouse" is how the service's own document calls both. */
    type: z.enum(["mousedown", "mouseup", "mouse"]),
    clientWidth: z.int().positive().optional(),
    clientHeight: z.int().positive().optional(),
    clientX: z.int().optional(),
    clientY: z.int().optional(),
    ...doing,
  }),
  z.strictObject({
    action: z.literal("frames"),
    /** In order. Of a transcript, only what the server said is said again. */
    frames: z.array(RecordedFrame).min(1),
    everyMs: milliseconds.optional(),
    /** Where the emits among them belong; anything else goes to every open socket. */
    channelId: z.string().optional(),
  }),
  z.strictObject({
    action: z.literal("user"),
    token: z.string(),
    channelId: z.string(),
    displayName: z.string(),
  }),
  z.strictObject({ action: z.literal("knobs"), ...knobShape }),
]);
export type InteractiveSyncAction = z.infer<typeof InteractiveSyncAction>;
export type InteractiveSyncOwnAction = Exclude<InteractiveSyncAction, CommonAction>;
