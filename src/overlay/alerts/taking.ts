import type { Hides } from "../kit/moderation.ts";
/* What happens to the queue, taken in: nothing is played here. Pure. */
import { foldGift } from "./fold.ts";
import { findLater, isBefore, wasPlayed, type Place } from "./place.ts";
import {
  PENDING_MS,
  pass,
  type Alert,
  type Effect,
  type Input,
  type Queue,
  type Rules,
} from "./queue-state.ts";

const HOLD_MS = 2_000;

// Some services tell up to ten minutes late, Kick now and then by hours: that is no news on a stream.
const LATE_MS = 900_000;

/** Takes an input in; effects that follow at once are added. */
export function takeIn(
  queue: Queue,
  input: Input,
  now: number,
  rules: Rules,
  effects: Effect[],
): Queue {
  switch (input.type) {
    case "alert":
      return pass(takeAlert(queue, input.alert, input.live, input.age, now, rules), input.alert.id);
    case "moderated": {
      const { tipId, moderation } = input.event.data;
      const tip = queue.pending.find(({ event }) => event.data.tipId === tipId);
      const pending = queue.pending.filter((each) => each !== tip);
      const waiting = tip && moderation === "allowed" ? [...queue.waiting, tip] : queue.waiting;
      return { ...queue, pending, waiting };
    }
    case "passed":
      return pass(queue, input.position);
    case "hide":
      return hide(queue, input.hides, input.isBan, effects);
    case "turn": {
      const next = { ...queue, mayPlay: input.mayPlay };
      return input.mayPlay && input.place ? forget(next, input.place) : next;
    }
    case "place":
      return queue.mayPlay ? queue : forget(queue, input.place);
    case "command":
      return obey(queue, input.command, now, rules, effects);
    case "again":
      return { ...queue, waiting: [{ ...input.alert, ids: [] }, ...queue.waiting] };
    case "tick":
      return queue;
  }
}

function takeAlert(
  queue: Queue,
  alert: Alert,
  live: boolean,
  age: number,
  now: number,
  rules: Rules,
): Queue {
  if (wasPlayed(queue.place, alert.id)) return queue;
  const { data, test } = alert.event;
  if (data.moderation === "rejected") return queue;
  if (data.moderation === "pending") {
    return age > PENDING_MS
      ? queue
      : { ...queue, pending: [...queue.pending, alert].slice(-rules.queue) };
  }
  const isDue = live || age < rules.catchup * 1_000 || queue.place.open.includes(alert.id);
  if (!isDue || isLate(alert) || (rules.hidden === "skip" && !queue.mayPlay))
    return { ...queue, missed: queue.missed + 1 };
  if (test) return { ...queue, waiting: [alert, ...queue.waiting] };
  if (!rules.fold) return { ...queue, waiting: [...queue.waiting, alert] };
  return foldGift(queue, alert, now, HOLD_MS);
}

/** Was it told long after it happened? */
function isLate({ event: { time, recordedtime, test } }: Alert): boolean {
  return (
    test !== true && time !== undefined && Date.parse(recordedtime) - Date.parse(time) > LATE_MS
  );
}

/** Lets go of what another page has played meanwhile, and expects what waits there. */
function forget(queue: Queue, place: Place): Queue {
  const isOpen = ({ id }: Alert): boolean => !wasPlayed(place, id);
  return {
    ...queue,
    place: { ...queue.place, latest: findLater(queue.place.latest, place.latest) },
    awaited: place.open.filter(
      (id) => queue.awaited.includes(id) || isBefore(queue.place.latest, id),
    ),
    waiting: queue.waiting.filter(isOpen),
    held: queue.held.filter(({ alert }) => isOpen(alert)),
    pending: queue.pending.filter(isOpen),
  };
}

function hide(queue: Queue, hides: Hides, isBan: boolean, effects: Effect[]): Queue {
  const change = (alert: Alert): Alert[] =>
    !hides(alert.traces) ? [alert] : isBan ? [] : [{ ...alert, isSilent: true }];
  const { shown } = queue;
  const isHit = shown !== null && hides(shown.alert.traces);
  if (isHit) effects.push({ type: isBan ? "hide" : "silence" });
  return {
    ...queue,
    waiting: queue.waiting.flatMap(change),
    held: queue.held.flatMap((each) => change(each.alert).map((alert) => ({ ...each, alert }))),
    pending: queue.pending.flatMap(change),
    shown: isHit && isBan ? null : shown,
  };
}

function obey(
  queue: Queue,
  command: string,
  now: number,
  { pause }: Rules,
  effects: Effect[],
): Queue {
  const freeAt = now + pause * 1_000;
  switch (command) {
    case "pause":
    case "resume":
      return { ...queue, isPaused: command === "pause" };
    case "skip":
      if (queue.shown) effects.push({ type: "hide" });
      return { ...queue, shown: null, freeAt };
    case "clear":
      if (queue.shown) effects.push({ type: "hide" });
      return { ...queue, shown: null, freeAt, waiting: [], held: [] };
    default:
      return queue;
  }
}
