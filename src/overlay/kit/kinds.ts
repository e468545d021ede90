/* Kinds of alerts, and what is said of each. Pure. */
import type { Data, StreamEvent } from "./events.ts";
import type { Kind } from "./kind-names.ts";
import { readDecimal } from "./money.ts";

const TYPES: ReadonlyMap<string, Kind> = new Map([
  ["channel.follow", "follow"],
  ["channel.subscription", "subscription"],
  ["channel.subscription.gift", "gift"],
  ["channel.tip", "tip"],
  ["channel.cheer", "cheer"],
  ["channel.raid", "raid"],
  ["channel.redemption", "redemption"],
]);

/** The kind of an event; null where it is none of these. Of raids only those that come in are. */
export function findKind({ type, data }: StreamEvent): Kind | null {
  const kind = TYPES.get(type) ?? null;
  return kind === "raid" && data.direction === "out" ? null : kind;
}

/** Event types of these kinds. */
export function listTypes(of: readonly string[]): string[] {
  return [...TYPES].filter(([, kind]) => of.includes(kind)).map(([type]) => type);
}

/** The figure by which an alert is large or small. */
export function measure({ amount, count, viewers, subscription }: Data): number {
  if (amount) return readDecimal(amount.value);
  return count ?? viewers ?? subscription?.months ?? 0;
}

const STEPS: Readonly<Record<Kind, readonly number[]>> = {
  follow: [],
  subscription: [6, 24],
  gift: [5, 20, 50],
  tip: [10, 50, 200],
  cheer: [500, 2_500, 10_000],
  raid: [25, 100, 500],
  redemption: [],
};

/** The level of an alert, 1 to 4. */
export function findLevel(kind: Kind, data: Data): number {
  const value = measure(data);
  return 1 + STEPS[kind].filter((step) => value >= step).length;
}

/** The words of a headline, with its places in braces. */
export function findTemplate(kind: Kind, { subscription }: Data, others: number): string {
  if (others > 0) return "{name} and {others} others follow";
  switch (kind) {
    case "follow":
      return "{name} follows";
    case "subscription":
      if (subscription?.gift?.from?.name) return "{from} gave {name} a subscription";
      return (subscription?.months ?? 0) > 1
        ? "{name} subscribed for {months} months"
        : "{name} subscribed";
    case "gift":
      return "{name} gave {count} subscriptions";
    case "tip":
      return "{name} tipped {amount}";
    case "cheer":
      return "{name} cheered {amount}";
    case "raid":
      return "{name} raids with {count} viewers";
    case "redemption":
      return "{name} redeemed {title}";
  }
}

/** The giver of a gift or of many: by the purchase's name, else by the giver's. */
export function findGiver({ platform, data }: StreamEvent): string | null {
  const { user, gift, subscription, count } = data;
  const single = subscription?.gift;
  if (single === undefined && count === undefined) return null;
  const id = single?.id ?? gift?.id;
  if (id !== undefined) return `${platform} ${id}`;
  const who = single ? single.from : user;
  const name = who?.name ?? who?.login ?? who?.id;
  return name === undefined ? null : `${platform} ${name.toLowerCase()}`;
}
