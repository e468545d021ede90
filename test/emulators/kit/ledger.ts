import { keep } from "./keep.ts";
import type { Dialled, Received, SaidBurst, SaidEntry } from "./truth.ts";
import type { Spoken } from "./utterance.ts";

/** The books are there for tests and long demos alike: neither may fill the memory. */
const keptDials = 10_000;
const keptReceived = 10_000;
const keptSaid = 50_000;
const keptTextLength = 4_096;

type Writable<Entry> = { -readonly [Key in keyof Entry]: Entry[Key] };

/** What was dialled, heard and said in one life of an emulator. */
export class Ledger {
  dials = 0;
  refused = 0;
  receivedCount = 0;
  saidCount = 0;
  repeats = 0;
  unheard = 0;
  readonly queries: Writable<Dialled>[] = [];
  readonly received: Received[] = [];
  readonly said: SaidEntry[] = [];
  /** The burst entry that may still grow. */
  #growing: { mark: object; entry: SaidBurst; range: { to: number } } | null = null;

  dialled(dial: Omit<Dialled, "dial" | "socket" | "at">): Writable<Dialled> {
    this.dials += 1;
    const entry = { dial: this.dials, ...dial, socket: null, at: Date.now() };
    keep(this.queries, entry, keptDials);
    return entry;
  }

  heard(socket: number, text: string): void {
    this.receivedCount += 1;
    keep(this.received, { socket, text, at: Date.now() }, keptReceived);
  }

  say(spoken: Spoken): void {
    this.saidCount += 1;
    if (spoken.burst === undefined) {
      this.#growing = null;
      const { kind, key, target, text } = spoken;
      const told =
        text === undefined
          ? {}
          : text.length > keptTextLength
            ? { textLength: text.length }
            : { text };
      keep(this.said, { n: this.saidCount, kind, key, target, ...told, at: Date.now() }, keptSaid);
    } else {
      this.#sayBurst(spoken, spoken.burst);
    }
  }

  #sayBurst({ kind, target }: Spoken, { mark, number }: NonNullable<Spoken["burst"]>): void {
    if (this.#growing?.mark === mark && this.#growing.range.to === number - 1) {
      this.#growing.range.to = number;
      return;
    }
    const range = { ...mark, from: number, to: number };
    const entry = { n: this.saidCount, kind, target, burst: range, at: Date.now() };
    this.#growing = { mark, entry, range };
    keep(this.said, entry, keptSaid);
  }
}
