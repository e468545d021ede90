import type { ChannelInput } from "../channel/channel.ts";
import type { Link } from "../channel/connection-map.ts";
import type { OutboxInput } from "../channel/outbox.ts";
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
import { redactText } from "../event/redact.ts";
import { decode } from "../lib/json.ts";
import type { ProviderAdapter, ProviderLink as LinkSpec } from "../protocols/provider.ts";
import type { ProviderEffect, SendRequest } from "../protocols/session.ts";
import type { ProviderRow } from "../store/journal/providers.ts";
import { connect, type ConnectHost } from "./connect.ts";
import { mayDial } from "./dial.ts";
import { ProviderSocket, type SocketListener } from "./provider-socket.ts";
import { Rejects } from "./rejects.ts";
import { performEffect } from "./session-effects.ts";

/** What a link needs of its object. */
export interface LinkHost extends ConnectHost {
  offer(input: ChannelInput, bytes: number): void;
  saveDial(id: string, dial: DialState): void;
  saveSeen(id: string, at: number): void;
  /** What happens to sends: a session that they can go through, and how they fare. */
  sent(input: OutboxInput): void;
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
  /** How the dials of successors have fared since the last one took over. */
  #succession: DialState = IDLE;
  /** The one that was taken over from, for as long as something may be on its way. */
  #leaving: ProviderSocket | null = null;
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
    this.#closeLine();
    this.#dialling = null;
    if (this.#redialTimer !== null) clearTimeout(this.#redialTimer);
    this.#redialTimer = null;
    const sockets = [this.#current, this.#successor, this.#leaving];
    this.#current = null;
    this.#successor = null;
    this.#leaving = null;
    for (const socket of sockets) socket?.hangUp();
  }

  /** Notes that it lives, for whoever has to tell since when it does not. */
  noteSeen(): void {
    const seenAt = this.#current?.lastFrameAt;
    if (seenAt === undefined || seenAt === this.row.seenAt) return;
    this.row = { ...this.row, seenAt };
    this.#host.saveSeen(this.row.id, seenAt);
  }

  /** Gives the session something to send; false if there is none that is ready. */
  send(request: SendRequest): boolean {
    if (this.#current === null || this.#dial.phase !== "open") return false;
    this.#current.deliver({ type: "send-requested", at: Date.now(), send: request });
    return true;
  }

  perform(
    socket: ProviderSocket,
    effect: ProviderEffect,
    { at, bytes }: { at: number; bytes: number },
  ): void {
    performEffect(effect, {
      socket,
      link: this.#link(socket.dialId),
      at,
      bytes,
      secrets: () => this.#secrets(),
      offer: (input, size) => this.#host.offer(input, size),
      sent: (input) => this.#host.sent(input),
      reject: (problem) => this.reject(problem, ""),
      ready: () => this.#onReady(socket, at),
      replace: (reason, handOver) => this.#replace(socket, reason, handOver, at),
      fail: (failure) => {
        socket.hangUp();
        this.#onFault(socket, failure);
      },
      mayAsk: (url) => this.row.url === null || mayDial(url, this.#host.isPrivateAllowed),
    });
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
      if (goesOn) this.#succeedLater(outcome.fault);
      else this.#fail(outcome.fault, this.row.seenAt ?? Date.now());
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
      this.#takeOver(socket);
    }
    this.#setDial(opened(this.#dial, at));
    const { sending } = this.adapter;
    if (sending === undefined) return;
    const { id: providerId } = this.row;
    this.#host.sent({ type: "line-opened", providerId, paceMs: sending.paceMs, at });
  }

  /** What a provider hands over it may tell on either socket: the old one is heard to its end. */
  #takeOver(socket: ProviderSocket): void {
    this.#leaving?.hangUp();
    this.#leaving = null;
    if (this.#spec?.handOver == null) this.#current?.hangUp();
    else {
      this.#leaving = this.#current;
      this.#leaving?.leave();
    }
    this.#current = socket;
    this.#successor = null;
    this.#succession = IDLE;
  }

  /** The successor came to nothing, and the current one goes on: there will be another. */
  #succeedLater(fault: Fault): void {
    const at = Date.now();
    const chance = { at, random: Math.random(), renewable: false };
    this.#succession = failed(this.#succession, fault, chance);
    const { dueAt } = this.#succession;
    const replaced = this.#current;
    if (dueAt === null || replaced === null) return;
    this.#startTimer(dueAt - at, () => {
      const isAwaited = this.#successor === null && this.#dialling === null;
      if (isAwaited && this.#current === replaced) void this.#dialNow(replaced);
    });
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
    if (socket === this.#successor) {
      this.#successor = null;
      return this.#succeedLater(fault);
    }
    if (socket !== this.#current) return;
    // A successor on its way takes over, ready or not.
    this.#current = this.#successor;
    this.#successor = null;
    const isAlone = this.#current === null && this.#dialling === null;
    this.#closeLine();
    if (isAlone) this.#fail(fault, socket.lastFrameAt);
    else this.#tellLost("connecting", fault.reason, socket.lastFrameAt, Date.now());
  }

  #fail(judged: Fault, lastSeenAt: number): void {
    const at = Date.now();
    // A close reason or an answer is in the provider's words, and an adapter knows no secrets there.
    const fault = { ...judged, detail: redactText(judged.detail, this.#secrets()) };
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
    this.#startTimer(dueAt - now, () => {
      const isDue = !this.isUp && this.#dial.phase === "waiting" && this.#dial.dueAt === dueAt;
      if (isDue) void this.#dialNow(null);
    });
  }

  #startTimer(afterMs: number, ring: () => void): void {
    if (this.#redialTimer !== null) clearTimeout(this.#redialTimer);
    this.#redialTimer = setTimeout(() => {
      this.#redialTimer = null;
      ring();
    }, afterMs);
  }

  /** There is no session to send through, and what it had been given will not be heard of. */
  #closeLine(): void {
    const at = Date.now();
    if (this.adapter.sending === undefined) return;
    this.#host.sent({ type: "line-closed", providerId: this.row.id, at });
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
