import { chatters, kindWords } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { objectId } from "./activities.ts";
import { channelId, channelName } from "./people.ts";

/** What a moderator has made of a tip. */
export const approvals = ["pending", "allowed", "rejected"] as const;
export type Approval = (typeof approvals)[number];

export const tipTopics = ["channel.tips", "channel.tips.moderation"] as const;
export type TipTopic = (typeof tipTopics)[number];

interface TipSpec {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly geo?: string | undefined;
  readonly message?: string | undefined;
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
  readonly paymentMethod?: string | undefined;
  readonly provider?: string | undefined;
  readonly approved?: Approval | undefined;
  readonly approvedBy?: string | undefined;
  /** The same from its first state to its last. */
  readonly tipId?: string | undefined;
}

/** With the giver's address and country, as the service sends them to every subscriber. */
export function makeTip(
  spec: TipSpec,
  topic: TipTopic,
  chance: Chance,
): Readonly<Record<string, unknown>> {
  const username = spec.username ?? chance.pick(chatters).name;
  const approved = spec.approved ?? "allowed";
  const isDecided = topic === "channel.tips.moderation" && approved !== "pending";
  const approvedBy = spec.approvedBy ?? (isDecided ? channelName : undefined);
  const at = new Date().toISOString();
  return {
    donation: {
      user: {
        username,
        geo: spec.geo ?? chance.pick(["SE", "PT", "CA", "ZZ"]),
        email: spec.email ?? `${username.toLowerCase().replaceAll(/[^\w.]/g, "")}@example.com`,
        channel: channelId,
      },
      message: spec.message ?? kindWords(chance),
      amount: spec.amount ?? chance.integer(2, 80) / 2,
      currency: spec.currency ?? "USD",
      paymentMethod: spec.paymentMethod ?? "scheme",
    },
    _id: spec.tipId ?? objectId(chance),
    channel: channelId,
    provider: spec.provider ?? "paypal",
    approved,
    status: "success",
    createdAt: at,
    updatedAt: at,
    transactionId: chance.hex(17).toUpperCase(),
    ...(approvedBy === undefined ? {} : { approvedBy }),
  };
}
