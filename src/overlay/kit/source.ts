import type { Delivery, StreamEvent } from "./events.ts";

export type Handler = (event: StreamEvent, delivery: Delivery) => void;

/** A filter: types with `*` at the end, and of where. */
export interface Wanted {
  readonly types: readonly string[];
  readonly providers?: readonly string[];
  readonly platforms?: readonly string[];
}

export interface Query extends Wanted {
  readonly since?: string;
  readonly limit: number;
}

/** The beginning of a page: so many events back, at a time, or at a place that is kept. */
export interface Beginning {
  readonly rewind?: number;
  readonly since?: string;
  readonly kept?: PlaceStore;
}

/** A place in the log that outlives the page. */
export interface PlaceStore {
  readonly name: string;
  load(name: string): string | null;
  save(name: string, position: string): void;
}

/** Events of a channel as they come: the relay's, made-up ones, or the configurator's. */
export interface Source {
  on(wanted: Wanted, handler: Handler): void;
  /** The newest events of these types, newest first. */
  look(query: Query): Promise<StreamEvent[]>;
  /** One event; null where it cannot be had. */
  find(id: string): Promise<StreamEvent | null>;
  /** The relay's time. */
  now(): number;
  /** Tells whenever it becomes live or is no more, and where events are missing for good. */
  watch(tell: (isLive: boolean, said: string) => void, lose: () => void): void;
}
