import {
  beginDial,
  noteFailed,
  noteHungUp,
  IDLE,
  releaseDial,
  type DialState,
} from "../../channel/redial.ts";
import { RejectedFrames } from "../../channel/rejected-frames.ts";
import type { LinkFailure } from "../../event/link-failure.ts";
import type { ProviderAdapter } from "../../protocols/provider.ts";
import type { ProviderEffect, SendRequest } from "../../protocols/session.ts";
import type { ProviderRow } from "../../store/journal/providers.ts";
import { connect, type ConnectHost } from "./connect.ts";
import { makeEffectContext } from "./effect-context.ts";
import { performProviderEffect } from "./effects.ts";
import { makeListener } from "./hook-listener.ts";
import type { Hooks } from "./hooks.ts";
import { LinkDials } from "./link-dials.ts";
import { LinkSockets } from "./link-sockets.ts";
import { LinkRecord, type RecordHost } from "./link-state.ts";
import { takeDial } from "./outbound.ts";
import { ProviderSocket, type SocketListener } from "./socket.ts";

/** The port through which a link reaches its object. */
export interface LinkHost extends ConnectHost, RecordHost {
  readonly hooks: Pick<Hooks, "heard" | "noteReady" | "claim" | "offer">;
}

// A link that has just been replaced and wants to be again is not helped by it.
const REPLACE_AT_MOST_EVERY_MS = 60_000;

/**
 * One provider of a channel: dials it, dials it again, hangs it up. When to do which is decided in
 * channel/redial and by the protocol's session; here it is done. A socket that is not the current
 * one (or its successor) is not listened to.
 */
export class ProviderLink implements SocketListener {
  readonly rejects = new RejectedFrames();
  readonly #host: LinkHost;
  readonly #record: LinkRecord;
  readonly #dials: LinkDials;
  readonly #sockets = new LinkSockets();
  /** How the dials of successors have fared since the last one took over. */
  #succession: DialState = IDLE;
  #replacedAt = 0;

  constructor(host: LinkHost, row: ProviderRow, adapter: ProviderAdapter) {
    this.#host = host;
    this.#record = new LinkRecord(host, row, adapter);
    this.#dials = new LinkDials(() => takeDial(host.turns, row.id, adapter, Date.now()));
  }

  get adapter(): ProviderAdapter {
    return this.#record.adapter;
  }

  get row(): ProviderRow {
    return this.#record.row;
  }

  set row(row: ProviderRow) {
    this.#record.row = row;
  }

  get dialState(): DialState {
    return this.#record.dial;
  }

  get lastFrameAt(): number | null {
    return this.#sockets.current?.lastFrameAt ?? this.row.seenAt;
  }

  get isUp(): boolean {
    return this.#sockets.current !== null || this.#dials.isUnderWay;
  }

  /** Somebody wants it: sees to it that it is up or on its way. */
  ensure(now: number): void {
    if (this.isUp) return this.#sockets.current?.tick(now);
    const { phase, dueAt } = this.dialState;
    if (phase === "stopped") return;
    if (phase === "open" || phase === "dialling") this.#record.tellGone(now);
    if (phase === "waiting" && dueAt !== null && dueAt > now) this.#redialAt(dueAt, now);
    else void this.#dialNow(null);
  }

  /** Nobody wants it any more. */
  hangUp(now: number, reason: string): void {
    if (!this.isUp && this.dialState.phase !== "waiting") return;
    const lastSeenAt = this.lastFrameAt ?? now;
    this.close();
    this.#record.move(noteHungUp(this.dialState, now, reason));
    this.#record.tellLost("closed", reason, lastSeenAt, now);
  }

  /** Begins anew at once, whatever stood in the way. */
  release(now: number): void {
    const lastSeenAt = this.#sockets.current?.lastFrameAt ?? null;
    this.close();
    this.#record.move(releaseDial(this.dialState, now));
    if (lastSeenAt === null) return;
    this.#record.tellLost("connecting", "reconnect_asked", lastSeenAt, now);
  }

  /** Hangs up without a word: the row is gone, or the object is. */
  close(): void {
    this.#record.closeLine();
    this.#dials.cancel();
    this.#sockets.hangUp();
  }

  /** Notes that it lives, for whoever has to tell since when it does not. */
  noteSeen(): void {
    const seenAt = this.#sockets.current?.lastFrameAt;
    if (seenAt !== undefined) this.#record.noteSeen(seenAt);
  }

  /** Gives the session something to send; false if there is none that is ready. */
  send(request: SendRequest): boolean {
    const { current } = this.#sockets;
    if (current === null || this.dialState.phase !== "open") return false;
    current.deliver({ type: "send-requested", at: Date.now(), send: request });
    return true;
  }

  /** Takes what the provider said to the relay itself, also while no session is up. */
  receive(frame: string): void {
    (this.#sockets.current ?? makeListener(this)).receive(frame);
  }

  perform(
    socket: ProviderSocket,
    effect: ProviderEffect,
    about: { at: number; bytes: number; frame: string },
  ): void {
    const context = {
      link: this,
      host: this.#host,
      record: this.#record,
      socket,
      ready: () => this.#onReady(socket, about.at),
      replace: (reason: string, handOver: string | null) =>
        this.#replace(socket, reason, handOver, about.at),
      fail: (failure: LinkFailure) => {
        socket.hangUp();
        this.#onFault(socket, failure);
      },
      renew: () => void this.#record.renew(socket),
    };
    performProviderEffect(effect, makeEffectContext(context, about));
  }

  reject(problem: string, frame: string): void {
    this.rejects.add(problem, frame, this.#record.secrets, Date.now());
  }

  over(socket: ProviderSocket, closing: { code: number; reason: string }): void {
    this.#onFault(socket, this.adapter.closed(closing));
  }

  /** `replaces`: the socket that goes on until the new one is ready, and `why` it is replaced. */
  async #dialNow(replaces: ProviderSocket | null, handOver: string | null = null, why?: string) {
    const before = { ...this.dialState, ...(why !== undefined && { reason: why }) };
    if (replaces === null) this.#record.move(beginDial(before, Date.now()));
    const connected = await this.#dials.begin(() =>
      connect(this.#host, this.row, this.adapter, before, handOver),
    );
    if (connected === null) return;
    this.#record.dialled(connected);
    const { spec, outcome } = connected;
    const goesOn = replaces !== null && this.#sockets.current === replaces;
    if (outcome.type === "fault") {
      if (goesOn) this.#succeedLater(outcome.fault);
      else this.#fail(outcome.fault, this.row.seenAt ?? Date.now());
      return;
    }
    if (spec === null) return;
    const session = this.adapter.open(spec);
    const socket = new ProviderSocket(spec.dialId, outcome.socket, session, this);
    this.#sockets.add(socket, goesOn ? "successor" : "current");
    socket.open();
  }

  #onReady(socket: ProviderSocket, at: number): void {
    if (this.#sockets.roleOf(socket) === "successor") {
      this.#sockets.takeOver(this.#record.isHandedOver);
      this.#succession = IDLE;
    }
    this.#record.open(at);
  }

  /** The successor came to nothing, and the current one goes on: there will be another. */
  #succeedLater(fault: LinkFailure): void {
    const at = Date.now();
    const chance = { at, random: Math.random(), renewable: false };
    this.#succession = noteFailed(this.#succession, fault, chance);
    const { dueAt } = this.#succession;
    const replaced = this.#sockets.current;
    if (dueAt === null || replaced === null) return;
    this.#dials.beginAfter(dueAt - at, () => {
      if (this.#mayBeReplaced(replaced)) void this.#dialNow(replaced);
    });
  }

  /** It is the current one, and nothing is about to take over from it. */
  #mayBeReplaced(socket: ProviderSocket): boolean {
    const { current, hasSuccessor } = this.#sockets;
    return socket === current && !hasSuccessor && !this.#dials.isUnderWay;
  }

  #replace(socket: ProviderSocket, reason: string, handOver: string | null, at: number): void {
    if (!this.#mayBeReplaced(socket)) return;
    if (handOver === null && at - this.#replacedAt < REPLACE_AT_MOST_EVERY_MS) {
      socket.hangUp();
      const detail = "The socket is useless, and its replacement was as well.";
      return this.#onFault(socket, { remedy: "slow", reason, detail });
    }
    this.#replacedAt = at;
    void this.#dialNow(socket, handOver, reason);
  }

  #onFault(socket: ProviderSocket, fault: LinkFailure): void {
    const role = this.#sockets.roleOf(socket);
    if (role === "none") return;
    this.#sockets.remove(socket);
    if (role === "successor") return this.#succeedLater(fault);
    const isAlone = !this.isUp;
    this.#record.closeLine();
    if (isAlone) this.#fail(fault, socket.lastFrameAt);
    else this.#record.tellLost("connecting", fault.reason, socket.lastFrameAt, Date.now());
  }

  #fail(fault: LinkFailure, lastSeenAt: number): void {
    const at = Date.now();
    this.#record.fail(fault, lastSeenAt, at);
    const { dueAt } = this.dialState;
    if (dueAt !== null) this.#redialAt(dueAt, at);
  }

  #redialAt(dueAt: number, now: number): void {
    this.#dials.beginAfter(dueAt - now, () => {
      const { phase, dueAt: next } = this.dialState;
      if (!this.isUp && phase === "waiting" && next === dueAt) void this.#dialNow(null);
    });
  }
}
