import type { HandedEvent } from "../../calls/webhook.ts";
import { ERASING_TYPES } from "../../event/erasure.ts";
import { matches, type Filter } from "../../event/filter.ts";
import type { Group, NumberedEvent } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";

// The newest events are kept in memory for those who are up to date, which is nearly all of them.
const TAIL_EVENTS = 512;
const TAIL_CHARS = 4 * 1024 * 1024;

// As much as is handed over at once. Most events have some hundred characters; 256 of the largest
// are more than a call can carry.
const PAGE_EVENTS = 256;
const PAGE_CHARS = 1024 * 1024;

/** The end of a channel's log, as it was published. */
export class LogTail {
  #events: NumberedEvent[] = [];
  #from: Seq;
  #chars = 0;

  constructor(head: Seq) {
    this.#from = head;
  }

  /** A group is on disk. */
  add(group: Group): void {
    const isErasing = group.events.some(({ event }) => isErasingType(event.type));
    // What was erased just now is still whole in memory: from here on it is read from the log.
    if (isErasing || this.#from + this.#events.length !== group.from) {
      this.#events = [];
      this.#from = group.from;
      this.#chars = 0;
    }
    this.#events.push(...group.events);
    for (const { text } of group.events) this.#chars += text.length;
    if (this.#events.length > 2 * TAIL_EVENTS || this.#chars > 2 * TAIL_CHARS) this.#cut();
  }

  /** What follows a place, as far as one page goes; null if that is not all here. */
  after(from: Seq, filter: Filter): { to: Seq; events: HandedEvent[] } | null {
    if (from < this.#from) return null;
    const events: HandedEvent[] = [];
    let to = from;
    let chars = 0;
    for (const { seq, event, text } of this.#events.slice(from - this.#from)) {
      if (events.length === PAGE_EVENTS || chars >= PAGE_CHARS) break;
      to = seq;
      if (!matches(filter, event)) continue;
      const { type, provider, platform } = event;
      events.push({ seq, type, provider, platform, text });
      chars += text.length;
    }
    return { to, events };
  }

  /** Leaves the newest, as many as there is room for. */
  #cut(): void {
    let first = this.#events.length;
    let chars = 0;
    while (this.#events.length - first < TAIL_EVENTS && chars < TAIL_CHARS) {
      const text = this.#events[first - 1]?.text;
      if (text === undefined) break;
      first -= 1;
      chars += text.length;
    }
    this.#events.splice(0, first);
    this.#from += first;
    this.#chars = chars;
  }
}

function isErasingType(type: string): boolean {
  return ERASING_TYPES.some((erasing) => erasing === type);
}
