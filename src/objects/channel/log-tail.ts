import type { SliceLimits } from "../../channel/batching.ts";
import { ERASING_TYPES } from "../../event/erasure.ts";
import { matches, type Filter } from "../../event/filter.ts";
import { formatRaw, type Group, type NumberedEvent } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import { countBytes } from "../../lib/bytes.ts";
import type { LoggedEvent } from "../../store/logged-event.ts";

// The newest events are kept in memory for those who are up to date, which is nearly all of them.
const TAIL_EVENTS = 512;
const TAIL_BYTES = 4 * 1024 * 1024;

/** The events that a reader hears of the log, and how many of them at once. */
export interface TailQuery extends SliceLimits {
  readonly filter: Filter;
  /** With the providers' words. */
  readonly isRaw: boolean;
}

interface Kept {
  readonly numbered: NumberedEvent;
  readonly textBytes: number;
  readonly rawBytes: number;
}

/** The end of a channel's log, as it was published. */
export class LogTail {
  #events: Kept[] = [];
  #from: Seq;
  #bytes = 0;

  constructor(head: Seq) {
    this.#from = head;
  }

  /** Forgets everything: what is kept begins after this place. */
  clear(head: Seq): void {
    this.#events = [];
    this.#from = head;
    this.#bytes = 0;
  }

  /** A group is on disk. */
  add(group: Group): void {
    const isErasing = group.events.some(({ event }) => isErasingType(event.type));
    // What was erased just now is still whole in memory: from here on it is read from the log.
    if (isErasing || this.#from + this.#events.length !== group.from) this.clear(group.from);
    for (const numbered of group.events) {
      const raw = formatRaw(numbered.raw);
      const textBytes = countBytes(numbered.text);
      const rawBytes = raw === null ? 0 : countBytes(raw);
      this.#events.push({ numbered, textBytes, rawBytes });
      this.#bytes += textBytes + rawBytes;
    }
    if (this.#events.length > 2 * TAIL_EVENTS || this.#bytes > 2 * TAIL_BYTES) this.#cut();
  }

  /** The events after a place, as far as goes in one call; null if they are not all here. */
  after(from: Seq, query: TailQuery): { to: Seq; events: LoggedEvent[] } | null {
    if (from < this.#from) return null;
    const { filter, isRaw, maxEvents, maxBytes } = query;
    const events: LoggedEvent[] = [];
    let to = from;
    let bytes = 0;
    for (let index = from - this.#from; index < this.#events.length; index++) {
      const kept = this.#events[index];
      if (kept === undefined) break;
      if (matches(filter, kept.numbered.event)) {
        bytes += kept.textBytes + (isRaw ? kept.rawBytes : 0);
        if (events.length === maxEvents || (events.length > 0 && bytes > maxBytes)) break;
        events.push(toLogged(kept.numbered, isRaw));
      }
      to = kept.numbered.seq;
    }
    return { to, events };
  }

  /** Leaves the newest, as many as there is room for. */
  #cut(): void {
    let first = this.#events.length;
    let bytes = 0;
    while (this.#events.length - first < TAIL_EVENTS && bytes < TAIL_BYTES) {
      const kept = this.#events[first - 1];
      if (kept === undefined) break;
      first -= 1;
      bytes += kept.textBytes + kept.rawBytes;
    }
    this.#events.splice(0, first);
    this.#from += first;
    this.#bytes = bytes;
  }
}

function toLogged({ seq, event, text, raw }: NumberedEvent, isRaw: boolean): LoggedEvent {
  const { type, provider, platform } = event;
  return { seq, type, provider, platform, text, raw: isRaw ? formatRaw(raw) : null };
}

function isErasingType(type: string): boolean {
  return ERASING_TYPES.some((erasing) => erasing === type);
}
