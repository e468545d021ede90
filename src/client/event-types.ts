import type { Catalogue } from "./events.ts";

/** A place in a channel's log, `<epoch>-<seq>`: it means "after this event". */
export type Position = string;

/** Programs add their own: declare module "tributary-client" { interface CustomEvents { … } } */
// oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-empty-interface -- it is there to be added to.
export interface CustomEvents {}

// oxlint-disable-next-line typescript/no-redundant-type-constituents -- it is empty until it is added to.
export type EventType = keyof Catalogue | keyof CustomEvents;
export type TypePattern = EventType | `${string}.*` | "*" | `custom.${string}`;

/** An event: a CloudEvents 1.0 object. */
export interface EventEnvelope<T extends string, D> {
  readonly specversion: "1.0";
  /** Also its position. */
  readonly id: Position;
  readonly source: string;
  readonly type: T;
  readonly subject?: string;
  /** When it happened, by the provider's clock; absent where it has none. */
  readonly time?: string;
  /** When the relay wrote it down. Never falls within a channel. */
  readonly recordedtime: string;
  readonly sequence: string;
  /** The provider that told of it, or `api`. */
  readonly provider: string;
  readonly platform: string;
  readonly connectionid?: string;
  /** The other connections that told of it later; on what is read from history. */
  readonly seenVia?: readonly string[];
  readonly test?: true;
  readonly data: D;
}

/** The data of one type. */
export type DataOf<T extends EventType> = T extends keyof CustomEvents
  ? CustomEvents[T]
  : T extends keyof Catalogue
    ? Catalogue[T]
    : never;

type CustomEvent<T extends `custom.${string}`> = EventEnvelope<T, Record<string, unknown>>;

export type StreamEvent =
  | { [T in EventType]: EventEnvelope<T, DataOf<T>> }[EventType]
  | CustomEvent<`custom.${string}`>;

export type EventOf<P> = P extends "*"
  ? StreamEvent
  : P extends `${infer Head}.*`
    ? Extract<StreamEvent, { type: `${Head}.${string}` }>
    : P extends EventType
      ? Extract<StreamEvent, { type: P }>
      : P extends `custom.${string}`
        ? CustomEvent<P>
        : never;

export interface Filter<P extends TypePattern = TypePattern> {
  readonly types?: readonly P[];
  readonly providers?: readonly string[];
  readonly platforms?: readonly string[];
}
