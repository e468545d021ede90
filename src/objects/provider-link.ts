import type { ChannelInput } from "../channel/channel.ts";
import type { Link } from "../channel/connections.ts";
import {
  DialState,
  dialling,
  failed,
  hungUp,
  IDLE,
  opened,
  released,
  renewed,
  type Fault,
} from "../channel/redial.ts";
import { decode } from "../lib/json.ts";
import type { ProviderAdapter, ProviderLink as LinkSpec } from "../protocols/provider.ts";
import type { ProviderEffect } from "../protocols/session.ts";
import type { ProviderRow } from "../store/journal/providers.ts";
import { connect, type ConnectHost } from "./connect.ts";
import { ProviderSocket, type SocketListener } from "./provider-socket.ts";
import { Rejects } from "./rejects.ts";

/** What a link needs of its object. */
export interface LinkHost extends ConnectHost {
  offer(input: ChannelInput, bytes: number): void;
  saveDial(id: string, dial: DialState): void;
  saveSeen(id: string, at: number): void;
}

// A link that has just been replaced and wants to be again is not helped by it.
const REPLACE_AT_MOST_EVERY_MS = 60_000;

/**
 * One provider of a channel: dials it, dials it again, hangs it up. When to do which is decided in
 * channel/redial and by the protocol's session; here it is done. A socket that is not the current
 * one (or its successor) is not listened to.
 */
export class ProviderLink implements SocketListener {
  readonly adapter: ProviderAdapter;
  readonly rejects = new Rejects();
  row: ProviderRow;
  readonly #host: LinkHost;
  #dial: DialState;
  /** Names the dial under way, or null: one with another name has become pointless. */
  #dialling: symbol | null = null;
  #current: ProviderSocket | null = null;
  /** The one that is to take over from the current one. */
  #successor: ProviderSocket | null = null;
  /** What was dialled with last. */
  #spec: LinkSpec | null = null;
  #replacedAt = 0;
  #redialTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(host: LinkHost, row: ProviderRow, adapter: ProviderAdapter) {
    this.#host = host;
    this.row = row;
    this.adapter = adapter;
    const known = decode(DialState, row.dial);
    this.#dial = known.ok ? known.value : IDLE;
  }

  get dialState(): DialState {
    return this.#dial;
  }

  get lastFrameAt(): number | null {
    return this.#current?.lastFrameAt ?? this.row.seenAt;
  }

  get isUp(): boolean {
    return this.#current !== null || this.#dialling !== null;
  }

  /** Somebody wants it: sees to it that it is up or on its way. */
  ensure(now: number): void {
    if (this.isUp) {
      this.#current?.tick(now);
      return;
    }
    const { phase, dueAt, since } = this.#dial;
    if (phase === "stopped") return;
    if (phase === "open" || phase === "dialling") {
      // It was up when this object was last seen: the object went, and the socket with it.
      this.#tellLost("connecting", "relay_restarted", this.row.seenAt ?? since, now);
    }
    if (phase === "waiting" && dueAt !== null && dueAt > now) this.#redialAt(dueAt, now);
    else void this.#dialNow(null);
  }

  /** Nobody wants it any more. */
  hangUp(now: number, reason: string): void {
    if (!this.isUp && this.#dial.phase !== "waiting") return;
    const lastSeenAt = this.lastFrameAt ?? now;
    this.close();
    this.#setDial(hungUp(this.#dial, now, reason));
    this.#tellLost("closed", reason, lastSeenAt, now);
  }

  /** Begins anew at once, whatever stood in the way. */
  release(now: number): void {
    const lastSeenAt = this.#current?.lastFrameAt ?? null;
    this.close();
    this.#setDial(released(this.#dial, now));
    if (lastSeenAt !== null) this.#tellLost("connecting", "reconnect_asked", lastSeenAt, now);
  }

  /** Hangs up without a word: the row is gone, or the object is. */
  close(): void {
    this.#dialling = null;
    if (this.#redialTimer !== null) clearTimeout(this.#redialTimer);
    this.#redialTimer = null;
    const sockets = [this.#current, this.#successor];
    this.#current = null;
    this.#successor = null;
    for (const socket of sockets) socket?.hangUp();
  }

  /** Notes that it lives, for whoever has to tell since when it does not. */
  noteSeen(): void {
    const seenAt = this.#current?.lastFrameAt;
    if (seenAt === undefined || seenAt === this.row.seenAt) return;
    this.row = { ...this.row, seenAt };
    this.#host.saveSeen(this.row.id, seenAt);
  }

  perform(
    socket: ProviderSocket,
    effect: ProviderEffect,
    { at, bytes }: { at: number; bytes: number },
  ): void {
    const link = this.#link(socket.dialId);
    switch (effect.type) {
      case "frame-send":
        return socket.send(effect.frame);
      case "frame-reject":
        return this.reject(effect.problem, "");
      case "events-observe": {
        const { drafts } = effect;
        const provider = this.adapter.protocol;
        const secrets = this.#secrets();
        return this.#host.offer({ type: "drafts-observed", provider, drafts, secrets, at }, bytes);
      }
      case "connection-observe": {
        const { connection } = effect;
        return this.#host.offer({ type: "connection-observed", link, connection, at }, bytes);
      }
      case "connection-drop": {
        const { uuid, reason, final } = effect;
        return this.#host.offer(
          { type: "connection-dropped", link, uuid, reason, final, at },
          bytes,
        );
      }
      case "session-ready":
        return this.#onReady(socket, at);
      case "session-settled":
        return this.#host.offer({ type: "link-settled", link, at }, 0);
      case "session-replace":
        return this.#replace(socket, effect.reason, effect.handOver ?? null, at);
      case "session-fail":
        socket.hangUp();
        return this.#onFault(socket, effect.failure);
      case "timer-set":
        return socket.setTimer(effect.timer, effect.afterMs);
      case "timer-clear":
        return socket.clearTimer(effect.timer);
    }
  }

  reject(problem: string, frame: string): void {
    this.rejects.add(problem, frame, this.#secrets(), Date.now());
  }

  over(socket: ProviderSocket, closing: { code: number; reason: string }): void {
    this.#onFault(socket, this.adapter.closed(closing));
  }

  /** `replaces`: the socket that goes on until the new one is ready. */
  async #dialNow(replaces: ProviderSocket | null, handOver: string | null = null): Promise<void> {
    const mine = Symbol("dial");
    this.#dialling = mine;
    const before = this.#dial;
    if (replaces === null) this.#setDial(dialling(before, Date.now()));
    const { spec, outcome, ...connected } = await connect(
      this.#host,
      this.row,
      this.adapter,
      before,
      handOver,
    );
    if (this.#dialling !== mine) {
      if (outcome.type === "socket") discard(outcome.socket);
      return;
    }
    this.#dialling = null;
    this.#spec = spec;
    if (connected.renewed) this.#setDial(renewed(this.#dial));
    const goesOn = replaces !== null && this.#current === replaces;
    if (outcome.type === "fault") {
      if (!goesOn) this.#fail(outcome.fault, this.row.seenAt ?? Date.now());
      return;
    }
    if (spec === null) return;
    const session = this.adapter.open(spec);
    const socket = new ProviderSocket(spec.dialId, outcome.socket, session, this);
    if (goesOn) this.#successor = socket;
    else this.#current = socket;
    socket.open();
  }

  #onReady(socket: ProviderSocket, at: number): void {
    if (socket === this.#successor) {
      this.#current?.hangUp();
      this.#current = socket;
      this.#successor = null;
    }
    this.#setDial(opened(this.#dial, at));
  }

  #replace(socket: ProviderSocket, reason: string, handOver: string | null, at: number): void {
    if (socket !== this.#current || this.#successor !== null || this.#dialling !== null) return;
    if (handOver === null && at - this.#replacedAt < REPLACE_AT_MOST_EVERY_MS) {
      socket.hangUp();
      const detail = "The socket is useless, and its replacement was as well.";
      return this.#onFault(socket, { remedy: "slow", reason, detail });
    }
    this.#replacedAt = at;
    void this.#dialNow(socket, handOver);
  }

  #onFault(socket: ProviderSocket, fault: Fault): void {
    if (socket === this.#successor) this.#successor = null;
    if (socket !== this.#current) return;
    // A successor on its way takes over, ready or not.
    this.#current = this.#successor;
    this.#successor = null;
    const isAlone = this.#current === null && this.#dialling === null;
    if (isAlone) this.#fail(fault, socket.lastFrameAt);
    else this.#tellLost("connecting", fault.reason, socket.lastFrameAt, Date.now());
  }

  #fail(fault: Fault, lastSeenAt: number): void {
    const at = Date.now();
    const renewable = this.#spec !== null && this.adapter.renewal?.forced(this.#spec) != null;
    this.#setDial(failed(this.#dial, fault, { at, random: Math.random(), renewable }));
    const status = this.#dial.phase === "stopped" ? "error" : "connecting";
    this.#tellLost(status, fault.reason, lastSeenAt, at);
    if (this.#dial.dueAt !== null) this.#redialAt(this.#dial.dueAt, at);
  }

  #tellLost(
    status: "connecting" | "error" | "closed",
    reason: string,
    lastSeenAt: number,
    at: number,
  ): void {
    const claims = this.adapter.claims(this.row.target);
    const link = this.#link(this.#spec?.dialId ?? "");
    this.#host.offer({ type: "link-lost", link, claims, status, reason, lastSeenAt, at }, 0);
  }

  /** In memory, for punctuality; the watchdog's alarm sees to it should the memory be lost. */
  #redialAt(dueAt: number, now: number): void {
    if (this.#redialTimer !== null) clearTimeout(this.#redialTimer);
    this.#redialTimer = setTimeout(() => {
      this.#redialTimer = null;
      const isDue = !this.isUp && this.#dial.phase === "waiting" && this.#dial.dueAt === dueAt;
      if (isDue) void this.#dialNow(null);
    }, dueAt - now);
  }

  #setDial(dial: DialState): void {
    this.#dial = dial;
    this.#host.saveDial(this.row.id, dial);
  }

  #link(dialId: string): Link {
    return { providerId: this.row.id, provider: this.adapter.protocol, dialId };
  }

  #secrets(): readonly string[] {
    return this.#spec === null ? [] : this.adapter.secrets(this.#spec.credentials);
  }
}

/** A socket that came too late to be wanted. */
function discard(socket: WebSocket): void {
  socket.accept();
  socket.close(1000, "");
}
