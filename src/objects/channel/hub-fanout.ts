import type { HubCalls, HubPopulation, LogBatch } from "../../calls/hub.ts";
import {
  BACKLOG_MAX_CHARS,
  HOLD_MS,
  countNextBatch,
  retryAfterMs,
} from "../../channel/batching.ts";
import type { Group } from "../../event/group.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import type { HeldGround } from "../../store/hub/feeds.ts";
import { dropHub, listHubs, putHub } from "../../store/journal/hubs.ts";
import { within } from "../deadline.ts";

/** What telling hubs needs of the rest of a channel's object. */
export interface LinesHost {
  readonly ctx: DurableObjectState;
  readonly channel: { readonly id: string; readonly epoch: Epoch };
  hub(name: string): HubCalls;
  head(): Seq;
  /** What decides who may read the channel, as it is now. */
  ground(): HeldGround;
  /** A hub has come or gone. */
  changed(): void;
}

interface Waiting {
  readonly group: Group;
  readonly events: number;
  readonly chars: number;
}

/** One hub that holds sockets of this channel, and what it is still to be told. */
interface Line {
  readonly hub: string;
  term: number;
  expiresAt: number;
  waiting: Waiting[];
  chars: number;
  /** It lacks something that is not waiting here: it is told how far the log is, and reads it. */
  isBehind: boolean;
  isBusy: boolean;
  failures: number;
}

// A hub that has not taken a batch by then is away: it is told later how far the log is.
const DELIVER_MS = 10_000;

// Somebody waits for this, and it is not worth a long wait.
const ASK_MS = 2_000;

/**
 * Tells hubs what happens on the channel: one call at a time to each, beside the channel's own work.
 * A hub that is slow or away costs the channel nothing: it reads what it missed from the log.
 */
export class HubFanout {
  readonly #host: LinesHost;
  readonly #lines = new Map<string, Line>();

  constructor(host: LinesHost) {
    this.#host = host;
    for (const row of listHubs(host.ctx.storage.sql)) this.#lines.set(row.hub, makeLine(row));
  }

  get count(): number {
    return this.#lines.size;
  }

  /** When the first of them has to have said again that it is there; null where there is none. */
  get expiresAt(): number | null {
    const times = [...this.#lines.values()].map((line) => line.expiresAt);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** A hub holds sockets of this channel, or still does. */
  attach(hub: string, term: number, now: number): void {
    const expiresAt = now + HOLD_MS;
    const line = this.#lines.get(hub);
    if (line === undefined) this.#lines.set(hub, makeLine({ hub, term, expiresAt }));
    else Object.assign(line, { term: Math.max(term, line.term), expiresAt });
    putHub(this.#host.ctx.storage.sql, { hub, term: Math.max(term, line?.term ?? 0), expiresAt });
    this.#host.changed();
  }

  /** It holds none any more, unless it has come anew since. */
  detach(hub: string, term: number): void {
    const line = this.#lines.get(hub);
    if (line === undefined || line.term > term) return;
    this.#lines.delete(hub);
    dropHub(this.#host.ctx.storage.sql, hub);
    this.#host.changed();
  }

  /** Lets go of those that have not been heard of for too long. */
  expire(now: number): void {
    for (const { hub, term, expiresAt } of this.#lines.values()) {
      if (expiresAt <= now) this.detach(hub, term);
    }
  }

  publish(group: Group): void {
    if (this.#lines.size === 0) return;
    const chars = group.events.reduce((sum, { text }) => sum + text.length, 0);
    const waiting = { group, events: group.events.length, chars };
    for (const line of this.#lines.values()) {
      // One that is being tried again hears of it then.
      if (!line.isBehind) {
        line.waiting.push(waiting);
        line.chars += chars;
      }
      if (line.chars > BACKLOG_MAX_CHARS) markBehind(line);
      this.#start(line);
    }
  }

  /** Tells all of them how far the log is: after a restart nobody knows what was still told. */
  nudge(): void {
    for (const line of this.#lines.values()) {
      markBehind(line);
      this.#start(line);
    }
  }

  /** The channel is gone: nothing of it is told any more. */
  stop(): void {
    this.#lines.clear();
  }

  /** The sockets of this channel elsewhere, as far as the hubs can be asked. */
  async populations(): Promise<HubPopulation[]> {
    const { id } = this.#host.channel;
    const asked = [...this.#lines.keys()].map((hub) =>
      within(ASK_MS, this.#host.hub(hub).population(id)),
    );
    const answers = await Promise.allSettled(asked);
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  }

  #start(line: Line): void {
    if (line.isBusy) return;
    line.isBusy = true;
    this.#host.ctx.waitUntil(this.#run(line));
  }

  async #run(line: Line): Promise<void> {
    // Not in the channel's own turn: the group goes to its own sockets first.
    await Promise.resolve();
    while (this.#lines.get(line.hub) === line && (line.waiting.length > 0 || line.isBehind)) {
      const { id, epoch } = this.#host.channel;
      const { term } = line;
      const batch = this.#take(line);
      try {
        const isFollowed = await within(
          DELIVER_MS,
          this.#host.hub(line.hub).deliver(id, epoch, batch),
        );
        line.failures = 0;
        if (!isFollowed) this.detach(line.hub, term);
      } catch {
        line.failures += 1;
        markBehind(line);
        setTimeout(() => this.#host.ctx.waitUntil(this.#run(line)), retryAfterMs(line.failures));
        return;
      }
    }
    line.isBusy = false;
  }

  #take(line: Line): LogBatch {
    const ground = this.#host.ground();
    if (line.isBehind) {
      line.isBehind = false;
      const head = this.#host.head();
      return { from: head, to: head, texts: [], raws: [], ground };
    }
    const taken = line.waiting.splice(0, countNextBatch(line.waiting));
    line.chars -= taken.reduce((sum, { chars }) => sum + chars, 0);
    const events = taken.flatMap(({ group }) => group.events);
    return {
      from: taken[0]?.group.from ?? 0,
      to: taken.at(-1)?.group.to ?? 0,
      texts: events.map(({ text }) => text),
      raws: events.map(({ raw }) => (raw === null ? null : JSON.stringify(raw))),
      ground,
    };
  }
}

function makeLine({ hub, term, expiresAt }: Pick<Line, "hub" | "term" | "expiresAt">): Line {
  const nothing = { waiting: [], chars: 0, isBehind: false, isBusy: false, failures: 0 };
  return { hub, term, expiresAt, ...nothing };
}

/** Gives up on what waits: it is in the log. */
function markBehind(line: Line): void {
  line.waiting = [];
  line.chars = 0;
  line.isBehind = true;
}

/** The sockets of a channel, wherever they are, as one. */
export function sumPopulations(parts: readonly HubPopulation[]): HubPopulation {
  const byProtocol = new Map<string, number>();
  let delivered = 0;
  let shed = 0;
  for (const part of parts) {
    delivered += part.delivered;
    shed += part.shed;
    for (const [protocol, count] of Object.entries(part.byProtocol)) {
      byProtocol.set(protocol, (byProtocol.get(protocol) ?? 0) + count);
    }
  }
  return { byProtocol: Object.fromEntries(byProtocol), delivered, shed };
}
