import type { EventDraft } from "../../../event/event.ts";
import type { Amount, Message } from "../../../event/shapes.ts";
import { toDecimal } from "../../../lib/decimal.ts";
import { findFirst, omitUndefined } from "../../../lib/given.ts";
import { decode, isRecord } from "../../../lib/json.ts";
import { readAction, readChatText } from "../../chat-text.ts";
import { Tip } from "../wire/frames.ts";
import { setTime, type AstroEnvelope } from "./envelope.ts";
import { HOME, readUser } from "./user.ts";

const STATES = ["pending", "allowed", "rejected"] as const;

/** A tip, as `channel.tips` has it. */
export function toTip(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(Tip, data);
  if (!decoded.ok) return null;
  const { _id, approved, createdAt, donation } = decoded.value;
  const amount = toMoney(donation?.amount, donation?.currency);
  if (donation == null || amount === null) return null;
  const tipId = findFirst(_id);
  const name = findFirst(donation.user?.username);
  return {
    ...setTime(draft, createdAt),
    ...(tipId !== undefined && { key: makeTipKey(tipId) }),
    type: "channel.tip",
    data: omitUndefined({
      tipId,
      // Whoever tips calls himself what he likes: it is no account's name.
      user: name === undefined ? undefined : readUser(HOME, name, { name }),
      amount,
      message: readWords(donation.message, HOME),
      kind: "tip" as const,
      moderation: STATES.find((state) => state === approved),
    }),
  };
}

/** A change in a tip's moderation. Its frame tells it from the next one. */
export function toModeration(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(Tip, data);
  if (!decoded.ok) return null;
  const { _id, approved, approvedBy, updatedAt } = decoded.value;
  const moderation = STATES.find((state) => state === approved);
  const tipId = findFirst(_id);
  if (moderation === undefined || tipId === undefined) return null;
  const name = findFirst(approvedBy);
  return {
    ...setTime(draft, updatedAt),
    type: "channel.tip.moderated",
    data: { tipId, moderation, ...(name !== undefined && { by: { name } }) },
  };
}

/** The key of a tip, whichever topic tells of it. */
export function makeTipKey(tipId: string): string {
  return `tip/${tipId}`;
}

/** Money, or null where no amount is said. */
export function toMoney(
  amount: string | number | null | undefined,
  currency: string | null | undefined,
): Amount | null {
  const value = toDecimal(amount);
  // XXX is ISO 4217's word for no currency.
  return value === null ? null : { value, currency: findFirst(currency) ?? "XXX", kind: "fiat" };
}

/** The words that somebody says beside it; undefined for none. */
export function readWords(said: string | null | undefined, platform: string): Message | undefined {
  const text = findFirst(said);
  return text === undefined ? undefined : readChatText({ id: "", text, platform });
}

/** The same as mere text, without control words; undefined for none. */
export function readLine(said: string | null | undefined): string | undefined {
  return findFirst(readAction(said ?? "").text);
}

/** The data of a tip without what is nobody's business: it may be kept where it is no tip. */
export function dropPrivate(data: unknown): unknown {
  if (!isRecord(data) || !isRecord(data["donation"])) return data;
  const { donation } = data as { donation: Record<string, unknown> };
  if (!isRecord(donation["user"])) return data;
  const user = omitUndefined({ ...donation["user"], email: undefined, geo: undefined });
  return { ...data, donation: { ...donation, user } };
}
