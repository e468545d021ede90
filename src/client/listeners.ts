/*
 * Those who listen to a channel: handlers, which are called as events come, and readers, which take
 * them one by one.
 */
import type { Position, StreamEvent } from "./event-types.ts";
import { matches, type Lists } from "./filter.ts";

/** One who is given events. */
export interface Listener {
  readonly lists: Lists;
  give(event: StreamEvent): void;
}

/** One who takes events one by one. */
export interface OneByOne extends Listener {
  /** Up to where everything was done; null where that is all that was given. */
  readonly place: Position | null;
  /** Notes the place before what is given next. */
  at(position: Position): void;
  /** Ends it: after an error, with that. */
  finish(error?: unknown): void;
}

/** A reader before the rest of it is loaded: what comes meanwhile waits. */
export class EarlyReader implements OneByOne {
  readonly lists: Lists;
  readonly events: StreamEvent[] = [];
  /** Everything up to here is done. */
  done: Position | null;
  end: { readonly error: unknown } | null = null;

  constructor(lists: Lists, done: Position | null) {
    this.lists = lists;
    this.done = done;
  }

  get place(): Position | null {
    return this.events.length === 0 ? null : this.done;
  }

  at(position: Position): void {
    if (this.events.length === 0) this.done = position;
  }

  give(event: StreamEvent): void {
    this.events.push(event);
  }

  finish(error?: unknown): void {
    this.end ??= { error };
  }
}

/** Gives an event to all whose filter lets it through. */
export function giveAll(
  listeners: Iterable<Listener>,
  event: StreamEvent,
  failed: (error: unknown) => void,
): void {
  for (const listener of listeners) {
    if (!matches(listener.lists, event)) continue;
    try {
      listener.give(event);
    } catch (error) {
      // Whoever throws stops nobody else.
      failed(error);
    }
  }
}
