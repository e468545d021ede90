/* A goal's figure: (state, event) → state. Test events do not count. Pure. */
import type { StreamEvent } from "../kit/events.ts";
import { findGiver, findKind } from "../kit/kinds.ts";
import { readDecimal } from "../kit/money.ts";

export interface Count {
  readonly value: number;
  readonly currency: string;
  /** Gifts that were counted with their purchase, by giver. */
  readonly gifts: Readonly<Record<string, number>>;
  /** Tips that wait to be let through. */
  readonly pending: readonly StreamEvent[];
}

const PENDING = 100;

export function startCount(value: number, currency: string): Count {
  return { value, currency: currency.toUpperCase(), gifts: {}, pending: [] };
}

/** Event types that a goal counts. */
export function listCounted(of: string): string[] {
  if (of.startsWith("session:")) return ["session.updated", "session.reset"];
  const types: Record<string, string[]> = {
    tip: ["channel.tip", "channel.tip.moderated"],
    subscription: ["channel.subscription", "channel.subscription.gift"],
    cheer: ["channel.cheer"],
    follow: ["channel.follow"],
  };
  return new Map(Object.entries(types)).get(of) ?? ["channel.follow"];
}

export function addToCount(count: Count, event: StreamEvent, of: string): Count {
  const { type, data, test } = event;
  if (test) return count;
  if (of.startsWith("session:")) {
    if (type !== "session.updated" || data.key !== of.slice(8)) return count;
    return { ...count, value: readFigure(data.value) ?? count.value };
  }
  if (type === "channel.tip.moderated") {
    const tip = count.pending.find((each) => each.data.tipId === data.tipId);
    const rest = { ...count, pending: count.pending.filter((each) => each !== tip) };
    return tip && data.moderation === "allowed" ? addMoney(rest, tip) : rest;
  }
  if (data.moderation === "rejected") return count;
  if (data.moderation === "pending")
    return { ...count, pending: [...count.pending, event].slice(-PENDING) };
  switch (findKind(event)) {
    case "tip":
    case "cheer":
      return addMoney(count, event);
    case "gift":
    case "subscription":
      return addSubscriptions(count, event);
    case "follow":
      return { ...count, value: count.value + 1 };
    default:
      return count;
  }
}

/** Adds money of one currency; of others nobody knows what they are worth. */
function addMoney(count: Count, { data: { amount } }: StreamEvent): Count {
  if (!amount) return count;
  const currency = count.currency || amount.currency.toUpperCase();
  if (amount.currency.toUpperCase() !== currency) return count;
  const value = readDecimal(count.value + readDecimal(amount.value));
  return { ...count, currency, value };
}

/** Adds a subscription, or a purchase of many, whose singles are told of before or after it. */
function addSubscriptions(count: Count, event: StreamEvent): Count {
  const giver = findGiver(event);
  if (giver === null) return { ...count, value: count.value + 1 };
  const gifts = new Map(Object.entries(count.gifts));
  const isPurchase = findKind(event) === "gift";
  const change = isPurchase ? (event.data.count ?? 1) : -1;
  // Above none: of a purchase that is counted. Below: singles that came before their purchase.
  const left = (gifts.get(giver) ?? 0) + change;
  gifts.delete(giver);
  if (left !== 0) gifts.set(giver, left);
  const added = isPurchase ? Math.max(0, Math.min(event.data.count ?? 1, left)) : left < 0 ? 1 : 0;
  return {
    ...count,
    value: count.value + added,
    gifts: Object.fromEntries([...gifts].slice(-200)),
  };
}

function readFigure(value: unknown): number | null {
  const figure = typeof value === "object" && value !== null ? Object.values(value)[0] : value;
  return typeof figure === "number" || typeof figure === "string" ? readDecimal(figure) : null;
}

const BREAK_MS = 30 * 60_000;

/** When the stream began: of its starts and ends, newest first. A break of half an hour is none. */
export function findStreamStart(events: readonly StreamEvent[]): string | null {
  let begun: string | null = null;
  for (const { type, recordedtime } of events) {
    if (type === "stream.online") begun = recordedtime;
    else if (begun !== null && Date.parse(begun) - Date.parse(recordedtime) > BREAK_MS)
      return begun;
  }
  return begun;
}
