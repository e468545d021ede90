/*
 * The queue of alerts: what plays, when, and what of it is remembered. (state, input) → { state,
 * effects }: time is an argument. Pure.
 */
import type { Kind } from "../kit/kind-names.ts";
import { foldFollows, takeHeld } from "./fold.ts";
import {
  PENDING_MS,
  type Alert,
  type Effect,
  type Input,
  type Queue,
  type Rules,
} from "./queue-state.ts";
import { takeIn } from "./taking.ts";

const HIDDEN_MS = 300_000;
const HIDDEN = 50;
const LEAST_MS = 2_000;
const HURRY = 10;
// Money is never dropped for want of room; this ends a flood of it.
const MOST = 1_000;
const MONEY: readonly Kind[] = ["tip", "cheer", "gift", "subscription"];

export function advance(
  queue: Queue,
  input: Input,
  now: number,
  rules: Rules,
): { queue: Queue; effects: Effect[] } {
  const effects: Effect[] = [];
  let next = takeIn(queue, input, now, rules, effects);
  next = takeHeld(next, now);
  next = relieve(next, now, rules);
  next = play(next, now, rules, effects);
  const open = listOpen(next);
  const isSame =
    open.length === queue.place.open.length && open.every((id, at) => id === queue.place.open[at]);
  next = { ...next, place: { latest: next.place.latest, open: isSame ? queue.place.open : open } };
  // Only the page that plays knows what was played. It is remembered before it is seen.
  if (next.mayPlay && !(isSame && next.place.latest === queue.place.latest)) {
    effects.unshift({ type: "remember", place: next.place });
  }
  return { queue: next, effects };
}

/** When something happens by itself next; null where nothing does. */
export function findNextTime({
  shown,
  held,
  waiting,
  freeAt,
  mayPlay,
  isPaused,
  pending,
}: Queue): number | null {
  const times = held.map(({ until }) => until);
  if (shown) times.push(shown.until);
  else if (waiting.length > 0 && mayPlay && !isPaused) times.push(freeAt);
  // Money waits for as long as it takes.
  const poor = mayPlay ? undefined : waiting.find(({ kind }) => !MONEY.includes(kind));
  if (poor) times.push(poor.cameAt + HIDDEN_MS);
  if (pending[0]) times.push(pending[0].cameAt + PENDING_MS);
  return times.length > 0 ? Math.min(...times) : null;
}

function listOpen({ waiting, held, pending, awaited }: Queue): string[] {
  const mine = [...waiting, ...held.map(({ alert }) => alert), ...pending].flatMap(
    ({ ids }) => ids,
  );
  return [...new Set([...mine, ...awaited])];
}

/** Drops what there is no room for: the oldest follows first, money never. */
function relieve(queue: Queue, now: number, rules: Rules): Queue {
  const isHeld = !queue.mayPlay;
  let waiting = queue.waiting;
  if (isHeld)
    waiting = waiting.filter((each) => MONEY.includes(each.kind) || now - each.cameAt < HIDDEN_MS);
  const most = isHeld ? Math.min(HIDDEN, rules.queue) : rules.queue;
  // Follows are made one before any is dropped, so that all of them count.
  if (rules.fold && waiting.length > most) waiting = foldFollows(waiting);
  while (waiting.length > most) {
    const drop = waiting.findIndex(({ kind }) => kind === "follow");
    const at = drop >= 0 ? drop : waiting.findIndex(({ kind }) => !MONEY.includes(kind));
    if (at < 0) break;
    waiting = waiting.toSpliced(at, 1);
  }
  const pending = queue.pending.filter(({ cameAt }) => now - cameAt < PENDING_MS);
  return { ...queue, waiting: waiting.slice(-MOST), pending };
}

function play(queue: Queue, now: number, rules: Rules, effects: Effect[]): Queue {
  let next = queue;
  if (next.shown && next.shown.until <= now) {
    effects.push({ type: "hide" });
    next = { ...next, shown: null, freeAt: next.shown.until + rules.pause * 1_000 };
  }
  if (
    next.shown ||
    !next.mayPlay ||
    next.isPaused ||
    now < next.freeAt ||
    next.waiting.length === 0
  )
    return next;
  const waiting = rules.fold ? foldFollows(next.waiting) : next.waiting;
  const isFirst = ({ event, kind }: Alert): boolean =>
    event.test === true || kind === "tip" || kind === "cheer";
  const first = rules.order === "value" ? Math.max(0, waiting.findIndex(isFirst)) : 0;
  const alert = waiting[first];
  if (!alert) return next;
  const full = rules.duration * 1_000;
  const ms = waiting.length > HURRY ? Math.max(LEAST_MS, full / 2) : full;
  effects.push({ type: "show", alert, ms });
  return { ...next, waiting: waiting.toSpliced(first, 1), shown: { alert, until: now + ms } };
}
