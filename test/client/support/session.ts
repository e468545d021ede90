import type { StreamEvent } from "../../../src/client/event-types.ts";
import {
  EVERYTHING,
  IDLE,
  type SessionEffect,
  type SessionInput,
  type SessionOptions,
  type SessionState,
} from "../../../src/client/session-state.ts";
import { step } from "../../../src/client/session.ts";

export const EPOCH = "abcdefghij";

/** A position of the log that most tests are about. */
export function at(seq: number, epoch = EPOCH): string {
  return `${epoch}-${seq}`;
}

/** An event at a place. */
export function eventAt(seq: number, epoch = EPOCH): StreamEvent {
  return {
    specversion: "1.0",
    id: at(seq, epoch),
    source: "/channels/demo",
    type: "custom.note",
    recordedtime: "2026-11-28T22:00:00.000Z",
    sequence: String(seq).padStart(12, "0"),
    provider: "api",
    platform: "api",
    data: { seq },
  };
}

/** The events after a place up to another, as a frame. */
export function framed(from: number, to: number, epoch = EPOCH) {
  const events = Array.from({ length: to - from }, (_, index) => eventAt(from + index + 1, epoch));
  return { type: "events", from: at(from, epoch), to: at(to, epoch), events } as const;
}

type EffectOf<T extends SessionEffect["type"]> = Extract<SessionEffect, { type: T }>;

/** A session, driven by hand: time and chance are given. */
export class Driven {
  readonly options: SessionOptions;
  state: SessionState = IDLE;
  now = 1_000_000;
  random = 0.5;
  /** The effects of the last input. */
  effects: readonly SessionEffect[] = [];
  readonly all: SessionEffect[] = [];

  constructor(options: Partial<SessionOptions> = {}) {
    this.options = { gaps: "tell", transport: "auto", rewind: null, asks: true, ...options };
  }

  take(...inputs: readonly SessionInput[]): this {
    for (const input of inputs) {
      const moment = { at: this.now, random: this.random };
      const { state, effects } = step(this.options, this.state, input, moment);
      this.state = state;
      this.effects = effects;
      this.all.push(...effects);
    }
    return this;
  }

  /** The effects of one kind that the last input had. */
  effectsOf<T extends SessionEffect["type"]>(type: T): EffectOf<T>[] {
    return this.effects.filter((effect): effect is EffectOf<T> => effect.type === type);
  }

  /** The one effect of a kind that the last input had. */
  the<T extends SessionEffect["type"]>(type: T): EffectOf<T> {
    const found = this.effectsOf(type);
    const [first] = found;
    if (first === undefined || found.length > 1) {
      throw new Error(`${found.length} effects ${type} among ${JSON.stringify(this.effects)}`);
    }
    return first;
  }

  /** How long the last input has a timer set; null where it does not. */
  timer(name: string): number | null {
    const set = this.effectsOf("timer-set").findLast((each) => each.name === name);
    return set?.ms ?? null;
  }

  /** Every event that was given, in order. */
  given(): string[] {
    return this.all.flatMap((effect) =>
      effect.type === "events-give" ? effect.events.map(({ id }) => id) : [],
    );
  }

  /** Opens the connection that is being made, as far as its hello. */
  connect(head: number | null = 0, epoch = EPOCH): this {
    const id = this.state.last;
    this.take({ type: "credential-got", id, lastsMs: null });
    if (this.state.attempt?.step === "ticket") this.take({ type: "ticket-got", id });
    const position = head === null ? null : at(head, epoch);
    return this.take({ type: "frame", id, frame: { type: "hello", position } });
  }

  /** A session that is live at a place. */
  static live(head = 0, options: Partial<SessionOptions> = {}): Driven {
    return new Driven(options)
      .take({ type: "filter-changed", filter: EVERYTHING }, { type: "wanted" })
      .connect(head);
  }

  frame(frame: Extract<SessionInput, { type: "frame" }>["frame"]): this {
    return this.take({ type: "frame", id: this.state.line?.id ?? -1, frame });
  }

  close(code: number): this {
    return this.take({ type: "socket-closed", id: this.state.line?.id ?? -1, code });
  }
}
