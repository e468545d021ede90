/* The state of the queue of alerts, and all that can happen to it. Pure. */
import type { StreamEvent } from "../kit/events.ts";
import type { Kind } from "../kit/kind-names.ts";
import type { Hides, Traces } from "../kit/moderation.ts";
import type { Purchase } from "./fold.ts";
import { findLater, isBefore, type Place } from "./place.ts";

/** How long a tip waits to be let through. */
export const PENDING_MS = 3_600_000;

export interface Alert {
  readonly id: string;
  /** The events that it settles: its own, and those that were folded into it. */
  readonly ids: readonly string[];
  readonly kind: Kind;
  readonly event: StreamEvent;
  readonly traces: Traces;
  /** How many more follow with this one. */
  readonly others: number;
  readonly isSilent: boolean;
  readonly cameAt: number;
}

export interface Rules {
  readonly duration: number;
  readonly pause: number;
  readonly queue: number;
  readonly order: string;
  readonly catchup: number;
  readonly hidden: string;
  readonly fold: boolean;
}

export interface Queue {
  readonly waiting: readonly Alert[];
  /** Gifts that may be part of a purchase, each until a time. */
  readonly held: readonly { readonly alert: Alert; readonly until: number }[];
  /** Tips that wait to be let through. */
  readonly pending: readonly Alert[];
  readonly purchases: readonly Purchase[];
  readonly shown: { readonly alert: Alert; readonly until: number } | null;
  readonly freeAt: number;
  /** This page is the one that plays: it is seen, and no other does. */
  readonly mayPlay: boolean;
  readonly isPaused: boolean;
  readonly place: Place;
  /** Alerts that waited in an earlier life of the page, or wait in another, and have not come yet. */
  readonly awaited: readonly string[];
  /** How many came too late to be played. */
  readonly missed: number;
}

export type Input =
  | { readonly type: "alert"; readonly alert: Alert; readonly live: boolean; readonly age: number }
  | { readonly type: "moderated"; readonly event: StreamEvent }
  | { readonly type: "passed"; readonly position: string }
  | { readonly type: "hide"; readonly hides: Hides; readonly isBan: boolean }
  | { readonly type: "turn"; readonly mayPlay: boolean; readonly place: Place | null }
  | { readonly type: "place"; readonly place: Place }
  | { readonly type: "command"; readonly command: string }
  | { readonly type: "again"; readonly alert: Alert }
  | { readonly type: "tick" };

export type Effect =
  | { readonly type: "show"; readonly alert: Alert; readonly ms: number }
  | { readonly type: "hide" }
  | { readonly type: "silence" }
  | { readonly type: "remember"; readonly place: Place };

export function startQueue(place: Place | null): Queue {
  return {
    waiting: [],
    held: [],
    pending: [],
    purchases: [],
    shown: null,
    freeAt: 0,
    mayPlay: false,
    isPaused: false,
    place: place ?? { latest: "", open: [] },
    awaited: place?.open ?? [],
    missed: 0,
  };
}

/** Notes that the log has been heard up to here: what has not come by now will not. */
export function pass(queue: Queue, position: string): Queue {
  const awaited = queue.awaited.filter((id) => isBefore(position, id));
  return {
    ...queue,
    awaited,
    place: { ...queue.place, latest: findLater(queue.place.latest, position) },
  };
}
