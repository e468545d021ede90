/*
 * Performs what a session decides: sockets, timers, requests.
 */
import { toError } from "./errors.ts";
import type { Command, Frame } from "./frames.ts";
import type { Http, World } from "./http.ts";
import { placeBefore } from "./place.ts";
import {
  IDLE,
  type CommandAnswer,
  type SessionEffect,
  type SessionInput,
  type SessionOptions,
  type SessionState,
  type TimerName,
} from "./session-state.ts";
import { step } from "./session.ts";
import { openSocket, type Wire, type WireEvents } from "./socket.ts";
import type { HistoryPage } from "./types.ts";

/** Effects that are for whoever listens. */
export type Told = Extract<
  SessionEffect,
  {
    type:
      | "welcome-give"
      | "events-give"
      | "gap-give"
      | "error-tell"
      | "command-settle"
      | "state-tell";
  }
>;

/** A session at work. */
export class Performer {
  readonly #world: World;
  readonly #http: Http;
  readonly #options: SessionOptions;
  readonly #since: string | Date | null;
  readonly #tell: (effect: Told) => void;
  readonly #timers = new Map<TimerName, () => void>();
  readonly #wires = new Map<number, Wire>();
  #inputs: SessionInput[] = [];
  #isBusy = false;
  #ticket = "";
  /** The relay's clock before ours. */
  #ahead = 0;
  state: SessionState = IDLE;

  constructor(
    world: World,
    http: Http,
    options: SessionOptions,
    since: string | Date | null,
    tell: (effect: Told) => void,
  ) {
    this.#world = world;
    this.#http = http;
    this.#options = options;
    this.#since = since;
    this.#tell = tell;
  }

  /** The relay's time, as far as it is known. */
  serverNow(): number {
    return this.#world.clock.now() + this.#ahead;
  }

  /** Notes that it is this time at the relay, or later. */
  noteTime(time: number): void {
    if (Number.isFinite(time)) this.#ahead = time - this.#world.clock.now();
  }

  /** Takes an input. One that comes of another waits its turn. */
  take(input: SessionInput): void {
    this.#inputs.push(input);
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
      try {
        this.#step(next);
      } catch (error) {
        // A frame that is not as it must be changes nothing.
        this.#tell({ type: "error-tell", failure: toError(error, "protocol_error") });
      }
    }
    this.#isBusy = false;
  }

  #step(input: SessionInput): void {
    const { clock } = this.#world;
    const moment = { at: clock.now(), random: clock.random() };
    const { state, effects } = step(this.#options, this.state, input, moment);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: SessionEffect): void {
    switch (effect.type) {
      case "credential-ask":
        if (effect.reason !== null) this.#http.forget(effect.reason);
        return this.#answer(effect.id, "credential-failed", this.#findCredential(effect.id));
      case "ticket-ask":
        return this.#answer(effect.id, "ticket-failed", this.#findTicket(effect.id));
      case "socket-open":
        return this.#open(effect);
      case "socket-send":
        return this.#wires.get(effect.id)?.send(effect.frame);
      case "socket-close":
        this.#wires.get(effect.id)?.close();
        this.#wires.delete(effect.id);
        return;
      case "command-post":
        void this.#post(effect.key, effect.command);
        return;
      case "timer-set":
      case "timer-clear":
        this.#timers.get(effect.name)?.();
        this.#timers.delete(effect.name);
        if (effect.type === "timer-set") this.#setTimer(effect.name, effect.ms);
        return;
      case "welcome-give":
        if (effect.time !== null) this.noteTime(Date.parse(effect.time));
        return this.#tell(effect);
      default:
        this.#tell(effect);
    }
  }

  #setTimer(name: TimerName, ms: number): void {
    const run = (): void => {
      this.#timers.delete(name);
      this.take({ type: "timer", name });
    };
    this.#timers.set(name, this.#world.clock.setTimer(ms, run));
  }

  #answer(
    id: number,
    type: "credential-failed" | "ticket-failed",
    answer: Promise<SessionInput>,
  ): void {
    answer.then(
      (input) => this.take(input),
      // The session decides what follows, and tells of it.
      (error: unknown) => this.take({ type, id, failure: toError(error) }),
    );
  }

  async #findCredential(id: number): Promise<SessionInput> {
    const credential = await this.#http.credential();
    if (this.#since !== null && this.state.position === null) {
      // The place before the first event since then; now, where there is none yet.
      const query = { since: this.#since, order: "asc", limit: 1 };
      const { events } = await this.#http.ask<HistoryPage>("/events", { query });
      for (const event of events)
        this.take({ type: "place-found", position: placeBefore(event.id) });
    }
    return { type: "credential-got", id, lastsMs: credential?.lastsMs ?? null };
  }

  async #findTicket(id: number): Promise<SessionInput> {
    const asked = { method: "POST" };
    const { ticket } = await this.#http.ask<{ ticket: string }>("/tickets", asked);
    this.#ticket = ticket;
    return { type: "ticket-got", id };
  }

  #open({ id, via, filter, after, rewind }: Extract<SessionEffect, { type: "socket-open" }>): void {
    const query = { ...filter, after, rewind };
    const tell: WireEvents = {
      frame: (frame: Frame) => this.take({ type: "frame", id, frame }),
      closed: (code, failure) =>
        this.take({ type: "socket-closed", id, code, ...(failure !== undefined && { failure }) }),
      error: (error) => {
        this.#tell({ type: "error-tell", failure: toError(error, "protocol_error") });
      },
    };
    if (via === "socket") {
      const url = this.#http.address("/socket", query);
      try {
        this.#wires.set(id, openSocket(this.#world, url, this.#ticket, tell));
      } catch (error) {
        // As by a page's policy: it is told as one that could not be opened.
        tell.closed(1006, toError(error, "connection_lost"));
      }
      return;
    }
    const aborter = new AbortController();
    this.#wires.set(id, { send: () => undefined, close: () => aborter.abort() });
    import("./stream.ts")
      .then(({ readStream }) => readStream(this.#http, query, tell, aborter.signal))
      .catch((error: unknown) => {
        // Whoever closed it knows; else it is told why it ended.
        if (!aborter.signal.aborted) tell.closed(1006, toError(error));
      });
  }

  /** Asks a command by a request, where there is no socket. */
  async #post(key: string, command: Command): Promise<void> {
    let answer: CommandAnswer;
    try {
      const { postCommand } = await import("./stream.ts");
      const data = await postCommand(this.#http, command, (ms) => this.pause(ms));
      answer = { ok: true, data };
    } catch (error) {
      // Whoever asked is told of it.
      answer = { ok: false, failure: toError(error) };
    }
    this.take({ type: "command-answered", key, answer });
  }

  /** Waits. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#world.clock.setTimer(ms, resolve);
    });
  }
}
