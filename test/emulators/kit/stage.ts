import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import type { WebSocket } from "ws";

import type { End } from "./actions.ts";
import type { Chance } from "./chance.ts";
import { Gate } from "./gate.ts";
import { Ledger } from "./ledger.ts";
import { Line } from "./line.ts";
import type { Dialled } from "./truth.ts";
import type { Utterance } from "./utterance.ts";

/** How often a full or draining buffer is looked at. */
const drainPauseMs = 2;

/**
 * What every protocol plays on: the sockets, the books, who is let in, and whether anything may be
 * said. One stage lasts from a start or a reset to the next one.
 */
export class Stage {
  readonly chance: Chance;
  readonly gate = new Gate();
  readonly ledger = new Ledger();
  readonly lines = new Set<Line>();
  /** How the next sockets end, one after the other; those after them do not. */
  ends: readonly End[] = [];
  /** Aborted when this stage is over. */
  readonly signal: AbortSignal;
  /** Handshakes are answered even so; "everything" stops the keep-alives too. */
  silence: "none" | "items" | "everything" = "none";
  readonly #onChange: () => void;
  #last: Utterance | null = null;
  #lastNanoseconds = 0n;
  #joined = 0;
  #works = 0;

  constructor(chance: Chance, signal: AbortSignal, onChange: () => void) {
    this.chance = chance;
    this.signal = signal;
    this.#onChange = onChange;
  }

  get openLines(): Line[] {
    return [...this.lines].filter((line) => line.isOpen);
  }

  /** A dial has become a socket. */
  join(dial: { socket: number | null } & Dialled, socket: WebSocket, stream: Duplex): Line {
    this.#joined += 1;
    dial.socket = this.#joined;
    const line = new Line(this.#joined, dial, socket, stream);
    this.lines.add(line);
    const [end, ...others] = this.ends;
    if (end !== undefined) line.endSo(end);
    this.ends = others;
    return line;
  }

  get isBusy(): boolean {
    return this.#works > 0;
  }

  get isFlushed(): boolean {
    return this.openLines.every((line) => line.bufferedBytes === 0);
  }

  /** Says it to every socket that asked for it. False when nobody heard. */
  say(utterance: Utterance): boolean {
    const wasHeard = this.silence === "none" && this.#deliver(utterance, this.lines);
    if (wasHeard) {
      this.#last = utterance;
    } else {
      this.ledger.unheard += utterance.spoken.length;
    }
    this.#onChange();
    return wasHeard;
  }

  /** Says it to one socket, as part of its handshake: silence does not hold that back. */
  tell(line: Line, utterance: Utterance): void {
    this.#deliver(utterance, [line]);
    this.#onChange();
  }

  /** Says the last thing again, byte for byte. False when there is none, or nobody heard. */
  repeat(): boolean {
    return this.#last !== null && this.say(this.#last);
  }

  /** To be called when a count changed in a way that only the caller can see. */
  changed(): void {
    this.#onChange();
  }

  async pause(ms: number, signal = this.signal): Promise<void> {
    await sleep(ms, undefined, { signal });
  }

  /** Everything said in here leaves in one write a socket. */
  together(talk: () => void): void {
    const lines = this.openLines;
    for (const line of lines) {
      line.hold();
    }
    try {
      talk();
    } finally {
      for (const line of lines) {
        line.release();
      }
    }
  }

  /** Until no socket holds more than this many unsent bytes. A socket that is gone holds nothing. */
  async drained(toBytes: number, signal: AbortSignal): Promise<void> {
    while (this.openLines.some((line) => line.bufferedBytes > toBytes)) {
      await this.pause(drainPauseMs, signal);
    }
  }

  /** The emulator is not idle while this lasts. */
  async whileBusy<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#works += 1;
    try {
      return await work();
    } finally {
      this.#works -= 1;
      this.#onChange();
    }
  }

  /** Nanoseconds since the epoch, never the same twice. */
  nanoseconds(): bigint {
    const now = BigInt(Date.now()) * 1_000_000n + BigInt(this.chance.integer(0, 999_999));
    this.#lastNanoseconds = now > this.#lastNanoseconds ? now : this.#lastNanoseconds + 1n;
    return this.#lastNanoseconds;
  }

  #deliver(utterance: Utterance, lines: Iterable<Line>): boolean {
    let wasHeard = false;
    for (const line of lines) {
      if (line.isOpen) {
        for (const frame of utterance.framesFor(line)) {
          wasHeard = line.send(frame) || wasHeard;
        }
      }
    }
    if (wasHeard) {
      this.#book(utterance);
    }
    return wasHeard;
  }

  #book(utterance: Utterance): void {
    if (utterance.wasHeard === true) {
      this.ledger.repeats += utterance.spoken.length;
      return;
    }
    utterance.wasHeard = true;
    for (const spoken of utterance.spoken) {
      this.ledger.say(spoken);
    }
  }
}
