import { countBytes, isLonger } from "../../lib/bytes.ts";
import type { ProviderEffect, Session, SocketInput } from "../../protocols/session.ts";
import { report } from "../../report.ts";
import { OpenAnswers } from "./open-answers.ts";

/** The notices of a socket to its link. Nothing comes after `over`. */
export interface SocketListener {
  /** `at`: when it happened. */
  perform(
    socket: ProviderSocket,
    effect: ProviderEffect,
    about: { at: number; bytes: number; frame: string },
  ): void;
  reject(problem: string, frame: string): void;
  over(socket: ProviderSocket, closing: { code: number; reason: string }): void;
}

// A frame that is longer is counted and left: the event it makes must fit a row of the journal and
// of D1, as text, as fragments and as raw.
export const MAX_FRAME_BYTES = 256 * 1024;

// A provider that has not answered our goodbye by then will not.
const LEAVE_WITHIN_MS = 5_000;

const ENDS: readonly ProviderEffect["type"][] = ["send-confirm", "send-fail"];

/**
 * One outbound socket with its session, or a session of a provider that has no socket. It lives and
 * dies with this instance of the object: timers are in memory, since the socket would not outlive them. An ending is told once, whichever of
 * `close` and `error` comes first, and nothing is told after it.
 */
export class ProviderSocket {
  readonly dialId: string;
  /** The answers that are read as they come, and end with it. */
  readonly answers = new OpenAnswers();
  readonly #socket: WebSocket | null;
  readonly #session: Session<ProviderEffect>;
  readonly #listener: SocketListener;
  readonly #timers = new Map<string, { dueAt: number; id: ReturnType<typeof setTimeout> }>();
  #lastFrameAt: number;
  #isOver = false;
  #isLeaving = false;

  constructor(
    dialId: string,
    socket: WebSocket | null,
    session: Session<ProviderEffect>,
    listener: SocketListener,
  ) {
    this.dialId = dialId;
    this.#socket = socket;
    this.#session = session;
    this.#listener = listener;
    this.#lastFrameAt = Date.now();
  }

  get lastFrameAt(): number {
    return this.#lastFrameAt;
  }

  open(): void {
    if (this.#socket !== null) this.#listen(this.#socket);
    this.#handle({ type: "socket-opened", at: Date.now() }, 0);
  }

  /** Hands the session something that the provider said, wherever it said it. */
  receive(frame: string, maxBytes = MAX_FRAME_BYTES): void {
    if (this.#isOver) return;
    this.#lastFrameAt = Date.now();
    if (isLonger(frame, maxBytes)) return this.reject("too large", frame);
    const input = { type: "frame-received", at: this.#lastFrameAt, frame } as const;
    this.#handle(input, countBytes(frame), frame);
  }

  /** Counts something that the provider said and that no session can read. */
  reject(problem: string, frame: string): void {
    if (!this.#isOver) this.#listener.reject(problem, frame);
  }

  /** Fires what is due: the alarm's part, should the timers have been lost. */
  tick(now: number): void {
    for (const [timer, { dueAt }] of this.#timers) if (dueAt <= now) this.#fire(timer);
  }

  /**
   * Gives the session something that did not come over the socket. What it says of sends counts also
   * when the socket has ended: an answer is one wherever it was awaited.
   */
  deliver(input: SocketInput): void {
    if (!this.#isOver) return this.#handle(input, 0);
    for (const effect of this.#session.handle(input)) {
      if (!ENDS.includes(effect.type)) continue;
      this.#listener.perform(this, effect, { at: input.at, bytes: 0, frame: "" });
    }
  }

  /**
   * Another socket has taken over: takes its leave of the provider, and tells only of what was on
   * its way by then.
   */
  leave(): void {
    this.#isLeaving = true;
    this.answers.endAll();
    this.#clearTimers();
    this.#start("leave", Date.now() + LEAVE_WITHIN_MS, LEAVE_WITHIN_MS);
    this.#close();
  }

  /** Hangs up, and tells nothing more. */
  hangUp(): void {
    this.#stop();
    this.#close();
  }

  send(frame: string): void {
    try {
      this.#socket?.send(frame);
    } catch {
      // It has gone: its end is told, and the channel has it on record.
      this.#end({ code: 1006, reason: "" });
    }
  }

  /**
   * A timer that is set again later is left to run and looked at when it fires: a session puts its
   * watchdog off with every frame, and a new timer for each would cost more than the frame.
   */
  setTimer(timer: string, afterMs: number): void {
    const dueAt = Date.now() + afterMs;
    const running = this.#timers.get(timer);
    if (running !== undefined && running.dueAt <= dueAt) {
      running.dueAt = dueAt;
      return;
    }
    this.clearTimer(timer);
    this.#start(timer, dueAt, afterMs);
  }

  clearTimer(timer: string): void {
    clearTimeout(this.#timers.get(timer)?.id ?? null);
    this.#timers.delete(timer);
  }

  #start(timer: string, dueAt: number, afterMs: number): void {
    const id = setTimeout(() => this.#fire(timer), afterMs);
    this.#timers.set(timer, { dueAt, id });
  }

  #listen(socket: WebSocket): void {
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.#onMessage(data));
    socket.addEventListener("close", ({ code, reason }) => this.#end({ code, reason }));
    socket.addEventListener("error", () => this.#end({ code: 1006, reason: "" }));
    socket.accept();
  }

  #onMessage(data: string | ArrayBuffer | Blob): void {
    if (typeof data === "string") return this.receive(data);
    if (this.#isOver) return;
    this.#lastFrameAt = Date.now();
    this.#listener.reject("a binary frame", "");
  }

  #fire(timer: string): void {
    const dueAt = this.#timers.get(timer)?.dueAt ?? 0;
    this.clearTimer(timer);
    const left = dueAt - Date.now();
    if (this.#isLeaving) this.hangUp();
    else if (left > 0) this.#start(timer, dueAt, left);
    else if (!this.#isOver) this.#handle({ type: "timer-fired", at: Date.now(), timer }, 0);
  }

  #handle(input: SocketInput, bytes: number, frame = ""): void {
    for (const effect of this.#effectsOf(input, frame)) {
      // An effect may have ended it: what a dead socket still wants is nobody's.
      if (this.#isOver) return;
      if (effect.type === "frame-reject") this.#listener.reject(effect.problem, frame);
      else if (!this.#isLeaving || effect.type === "events-observe")
        this.#listener.perform(this, effect, { at: input.at, bytes, frame });
    }
  }

  /** Hands an input to the session. A frame that makes it throw counts as unreadable. */
  #effectsOf(input: SocketInput, frame: string): readonly ProviderEffect[] {
    try {
      return this.#session.handle(input);
    } catch (error) {
      report("provider's session failed", error, { input: input.type });
      this.#listener.reject("this could not be read", frame);
      return [];
    }
  }

  #end(closing: { code: number; reason: string }): void {
    if (this.#isOver) return;
    this.hangUp();
    this.#listener.over(this, closing);
  }

  #close(): void {
    try {
      this.#socket?.close(1000, "");
    } catch {
      // It has gone already.
    }
  }

  #stop(): void {
    this.#isOver = true;
    this.answers.endAll();
    this.#clearTimers();
  }

  #clearTimers(): void {
    for (const { id } of this.#timers.values()) clearTimeout(id);
    this.#timers.clear();
  }
}
