import type { DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { makeObjectId } from "./ids.ts";

/**
 * A tip as `channel.tips` has it, without the tipper's address and country, which we never have.
 */
export function makeTip(event: StreamEvent, room: string): object {
  const {
    tipId,
    user,
    amount,
    message,
    moderation = "allowed",
  } = event.data as DataOf<"channel.tip">;
  const at = event.time ?? event.recordedtime;
  const id = tipId ?? toTipId(event);
  return {
    donation: {
      user: { username: user?.name ?? "Anonymous", channel: room },
      message: message?.text ?? "",
      amount: Number(amount.value),
      currency: amount.currency,
      paymentMethod: "",
    },
    _id: id,
    channel: room,
    provider: event.platform,
    approved: moderation,
    status: "success",
    createdAt: at,
    updatedAt: at,
    transactionId: id,
  };
}

/** The moderation of a tip. The event has no more of the tip than its id. */
export function makeModeration(event: StreamEvent, room: string): object {
  const { tipId, moderation, by } = event.data as DataOf<"channel.tip.moderated">;
  const at = event.time ?? event.recordedtime;
  return omitUndefined({
    donation: { user: { channel: room } },
    _id: tipId,
    channel: room,
    approved: moderation,
    status: "success",
    createdAt: at,
    updatedAt: at,
    approvedBy: by?.name ?? by?.login ?? by?.id,
  });
}

/** A tip that was given no id gets one of its event's. */
export function toTipId({ id }: StreamEvent): string {
  return makeObjectId(`tip ${id}`);
}
