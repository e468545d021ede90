import { computeBalance, findLedgerPlace, type LedgerRow } from "../../../src/event/ledger.ts";
import type { Cost } from "../../../src/event/quota.ts";
import type { ProviderEffect, Session, SocketInput } from "../../../src/protocols/session.ts";

/** How Google answers: frames, each so long after it was asked, and when its answer ends. */
export interface Answered {
  readonly status: number;
  readonly body?: string;
  readonly frames?: readonly (readonly [afterMs: number, frame: object])[];
  readonly endsAfterMs?: number;
}

interface Link {
  readonly session: Session<ProviderEffect>;
  readonly google: (url: URL, at: number) => Answered;
  readonly timers: Map<string, object>;
  readonly streams: Map<string, object>;
  isOver: boolean;
}

/** Time, Google and the ledger, for sessions that live through hours in a moment. */
export class World {
  at: number;
  /** Every effect of every session, with its time. */
  readonly told: { at: number; link: number; effect: ProviderEffect }[] = [];
  readonly asked: { at: number; url: URL }[] = [];
  readonly rows = new Map<string, LedgerRow>();
  readonly #links: Link[] = [];
  readonly #due: { at: number; order: number; run: () => void }[] = [];
  #order = 0;

  constructor(at: number) {
    this.at = at;
  }

  add(session: Session<ProviderEffect>, google: Link["google"]): number {
    const link = { session, google, timers: new Map(), streams: new Map(), isOver: false };
    this.#links.push(link);
    this.#give(link, { type: "socket-opened", at: this.at });
    return this.#links.length - 1;
  }

  give(index: number, input: SocketInput): void {
    const link = this.#links[index];
    if (link !== undefined) this.#give(link, input);
  }

  /** Lives until a time. */
  runUntil(end: number): void {
    for (;;) {
      const index = this.#findNext();
      const [next] = index === -1 ? [] : this.#due.splice(index, 1);
      if (next === undefined) break;
      if (next.at > end) {
        this.#due.push(next);
        break;
      }
      this.at = next.at;
      next.run();
    }
    this.at = end;
  }

  #findNext(): number {
    let found = -1;
    for (const [index, { at, order }] of this.#due.entries()) {
      const best = this.#due[found];
      const isEarlier =
        best === undefined || at < best.at || (at === best.at && order < best.order);
      if (isEarlier) found = index;
    }
    return found;
  }

  #later(afterMs: number, run: () => void): void {
    this.#due.push({ at: this.at + afterMs, order: this.#order++, run });
  }

  #give(link: Link, input: SocketInput): void {
    if (link.isOver) return;
    for (const effect of link.session.handle(input)) {
      if (link.isOver) return;
      this.told.push({ at: this.at, link: this.#links.indexOf(link), effect });
      this.#perform(link, effect);
    }
  }

  #perform(link: Link, effect: ProviderEffect): void {
    switch (effect.type) {
      case "timer-set": {
        const { timer } = effect;
        const mark = {};
        link.timers.set(timer, mark);
        this.#later(effect.afterMs, () => {
          if (link.timers.get(timer) !== mark) return;
          link.timers.delete(timer);
          this.#give(link, { type: "timer-fired", at: this.at, timer });
        });
        return;
      }
      case "timer-clear":
        link.timers.delete(effect.timer);
        return;
      case "stream-close":
        link.streams.delete(effect.request);
        return;
      case "session-fail":
        link.isOver = true;
        return;
      case "stream-open":
        this.#open(link, effect.request, effect.exchange);
        return;
      default:
    }
  }

  #open(link: Link, request: string, exchange: { url: string; costs?: readonly Cost[] }): void {
    const mark = {};
    link.streams.set(request, mark);
    const tell = (afterMs: number, input: (at: number) => SocketInput): void => {
      this.#later(afterMs, () => {
        if (link.streams.get(request) === mark) this.#give(link, input(this.at));
      });
    };
    for (const cost of exchange.costs ?? []) {
      const spent = this.#spend(cost);
      const { balance } = spent;
      if (!spent.isPaid) {
        return tell(0, (at) => ({ type: "request-withheld", at, request, balance }));
      }
      tell(0, (at) => ({ type: "balance-told", at, balances: [balance] }));
    }
    const url = new URL(exchange.url);
    this.asked.push({ at: this.at, url });
    const { status, body = "", frames = [], endsAfterMs = 0 } = link.google(url, this.at);
    if (status < 300) tell(1, (at) => ({ type: "stream-opened", at, request }));
    for (const [afterMs, frame] of frames) {
      tell(1 + afterMs, (at) => ({ type: "frame-received", at, frame: JSON.stringify(frame) }));
    }
    tell(2 + endsAfterMs, (at) => ({ type: "stream-ended", at, request, status, body }));
  }

  #spend(cost: Cost) {
    const { day, hour } = findLedgerPlace(this.at);
    const key = `${cost.bucket} ${day}`;
    const row = this.rows.get(key) ?? { used: 0, hour, hour_used: 0, before_used: 0 };
    const isPaid = row.used + cost.units <= cost.limit;
    const next = isPaid ? book(row, hour, cost.units) : row;
    this.rows.set(key, next);
    return { isPaid, balance: computeBalance(cost, next, this.at) };
  }
}

function book(row: LedgerRow, hour: number, units: number): LedgerRow {
  const isSame = hour <= row.hour;
  const before = hour === row.hour + 1 ? row.hour_used : 0;
  return {
    used: row.used + units,
    hour,
    hour_used: isSame ? row.hour_used + units : units,
    before_used: isSame ? row.before_used : before,
  };
}
