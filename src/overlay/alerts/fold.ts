/* Folding: one alert of many. Pure. */
import { findGiver } from "../kit/kinds.ts";
import type { Alert, Queue } from "./queue-state.ts";

/** A purchase of gifts, whose single gifts are no alerts of their own. */
export interface Purchase {
  readonly giver: string;
  readonly left: number;
  readonly until: number;
}

// How long after a purchase its gifts are told of.
const PURCHASE_MS = 120_000;
const FOLLOWS = 5;
const REMEMBERED = 200;

/** Takes an alert in: single gifts wait for a moment, and go into the purchase that they are of. */
export function foldGift(queue: Queue, alert: Alert, now: number, holdMs: number): Queue {
  const giver =
    alert.kind === "gift" || alert.kind === "subscription" ? findGiver(alert.event) : null;
  if (giver === null) return { ...queue, waiting: [...queue.waiting, alert] };
  const purchases = queue.purchases.filter(({ left, until }) => left > 0 && until > now);
  if (alert.kind === "gift") {
    const of = queue.held.filter((each) => findGiver(each.alert.event) === giver);
    const left = (alert.event.data.count ?? 1) - of.length;
    const whole = { ...alert, ids: [...alert.ids, ...of.flatMap((each) => each.alert.ids)] };
    return {
      ...queue,
      purchases: [...purchases, { giver, left, until: now + PURCHASE_MS }],
      held: queue.held.filter((each) => !of.includes(each)),
      waiting: [...queue.waiting, whole],
    };
  }
  const purchase = purchases.find((each) => each.giver === giver);
  if (purchase) {
    const others = purchases.filter((each) => each !== purchase);
    return { ...queue, purchases: [...others, { ...purchase, left: purchase.left - 1 }] };
  }
  return { ...queue, purchases, held: [...queue.held, { alert, until: now + holdMs }] };
}

/** Lets gifts play that no purchase came for: those of one giver as one. */
export function takeHeld(queue: Queue, now: number): Queue {
  const due = queue.held.filter(({ until }) => until <= now).map(({ alert }) => alert);
  if (due.length === 0) return queue;
  const givers = new Map<string, Alert[]>();
  for (const alert of due) {
    const giver = findGiver(alert.event) ?? alert.id;
    givers.set(giver, [...(givers.get(giver) ?? []), alert]);
  }
  const alerts = [...givers.values()].flatMap((of) => (of.length > 1 ? [foldSingles(of)] : of));
  return {
    ...queue,
    waiting: [...queue.waiting, ...alerts],
    held: queue.held.filter(({ until }) => until > now),
  };
}

function foldSingles(of: readonly Alert[]): Alert {
  const [first] = of as [Alert];
  const { from } = first.event.data.subscription?.gift ?? {};
  const data = { user: { ...from, name: from?.name ?? "" }, count: of.length };
  return {
    ...first,
    kind: "gift",
    ids: of.flatMap(({ ids }) => ids),
    event: { ...first.event, data },
  };
}

/**
 * Makes one of many follows in a row, or has one of before count more. Of a flood of them the last
 * few hundred are remembered as not played yet.
 */
export function foldFollows(waiting: readonly Alert[]): readonly Alert[] {
  const follows = waiting.filter(({ kind, event }) => kind === "follow" && event.test !== true);
  const [first] = follows;
  if (!first || follows.length <= FOLLOWS) return waiting;
  const others = follows.reduce((sum, each) => sum + 1 + each.others, -1);
  const ids = follows.flatMap((each) => each.ids).slice(-REMEMBERED);
  return waiting.flatMap((alert) =>
    alert === first ? [{ ...first, others, ids }] : follows.includes(alert) ? [] : [alert],
  );
}
