/**
 * What an emulator knows of itself, as plain JSON: the side of the story that a test holds against
 * what its client made of it. This file imports nothing, so that tests in any runtime can use it.
 */
export interface Truth {
  readonly protocol: string;
  /** Given again at the start, it gives the same ids and the same chatter. */
  readonly seed: number;
  /** Upgrade attempts, refused ones included. */
  readonly dials: number;
  /** Dials turned away: at the upgrade, or for their token right after it. */
  readonly refused: number;
  /** Open now. */
  readonly sockets: number;
  /** Open now, and past what the protocol demands before anything is said to a client. */
  readonly subscribed: number;
  /** Client frames, forgotten ones included. */
  readonly receivedCount: number;
  /** Occurrences, each counted once however often and to however many sockets it was said. */
  readonly saidCount: number;
  /** Occurrences said again: exact repeats, and what a later socket was told anew. */
  readonly repeats: number;
  /** Occurrences that reached nobody: no socket wanted them, or the emulator was silent. */
  readonly unheard: number;
  /** The newest 10,000. */
  readonly queries: readonly Dialled[];
  /** The newest 10,000, oldest first. */
  readonly received: readonly Received[];
  /** The newest 50,000 entries, oldest first. A burst is one entry, or a few if it was interrupted. */
  readonly said: readonly SaidEntry[];
}

/** One upgrade attempt. Token values are kept: which one a client used is what tests ask. */
export interface Dialled {
  readonly dial: number;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The sub-protocols offered, in the client's order. */
  readonly offered: readonly string[];
  /** The number of the socket it became; null if it was refused. */
  readonly socket: number | null;
  readonly at: number;
}

export interface Received {
  readonly socket: number;
  readonly text: string;
  readonly at: number;
}

export type SaidEntry = Said | SaidBurst;

export interface Said {
  /** Its place among all occurrences, from 1. */
  readonly n: number;
  readonly kind: string;
  /** The provider's own id of the occurrence; null where the protocol has none. */
  readonly key: string | null;
  /** Whose stream it belongs to, in the provider's words; null where it belongs to every one. */
  readonly target: string | null;
  /** Left out above 4,096 characters, where `textLength` tells how long it was. */
  readonly text?: string;
  readonly textLength?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A run of burst items without a hole: `from` and `to` are the numbers in their texts. */
export interface SaidBurst {
  /** The place of the first one among all occurrences. */
  readonly n: number;
  readonly kind: string;
  readonly target: string | null;
  readonly burst: {
    readonly prefix: string;
    readonly keyStem: string;
    /** Absent where the stem is a UUID's: see `burstKey`. With "text", the key is stem and text. */
    readonly keyEnd?: "text";
    readonly from: number;
    readonly to: number;
  };
  readonly at: number;
}

/** The native id of a burst's item: its last twelve digits count, in capitals after a stem in capitals. */
export function burstKey(keyStem: string, number: number): string {
  const digits = number.toString(16).padStart(12, "0");
  return keyStem + (/[A-Z]/.test(keyStem) ? digits.toUpperCase() : digits);
}

/** Every occurrence by itself, bursts written out. */
export function expandSaid(entries: readonly SaidEntry[]): Said[] {
  return entries.flatMap((entry) => ("burst" in entry ? expandBurst(entry) : [entry]));
}

function expandBurst({ n, kind, target, burst, at }: SaidBurst): Said[] {
  const { prefix, keyStem, keyEnd, from, to } = burst;
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const text = prefix + String(from + index);
    const key = keyEnd === "text" ? keyStem + text : burstKey(keyStem, from + index);
    return { n: n + index, kind, key, target, text, at };
  });
}
