import type { ConnectionEntry, ConnectionMap } from "../../channel/connection-map.ts";
import { Job, WAIT_MAX_MS } from "../../channel/job.ts";
import {
  decideOutbox,
  EMPTY_OUTBOX,
  type OutboxEffect,
  type OutboxInput,
  type OutboxState,
} from "../../channel/outbox.ts";
import { endDraft, draftAccepted, draftInterfaceShown } from "../../channel/send-events.ts";
import { findFlaw, findSendTargets, type Flaw } from "../../channel/send-targets.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type {
  SendAsk,
  SendContent,
  SendRefusal,
  SendFlaw,
  Sending,
  SendTaken,
} from "../../event/sending.ts";
import { computeFingerprint } from "../../lib/fingerprint.ts";
import { decode, isRecord, type Json, lookUp } from "../../lib/json.ts";
import { dropJob, findSend, listJobs, putJob, putSend } from "../../store/journal/sends.ts";
import { Timer } from "../timer.ts";
import type { ChannelPort, InputPort, WakePort } from "./ports.ts";

/** The rest of the object, as far as sending needs it. */
export interface OutboxHost extends Pick<
  ChannelPort & InputPort & WakePort,
  "storage" | "record" | "keepAlarm"
> {
  readonly log: { readonly connections: ConnectionMap };
  readonly providers: {
    /** How a provider's connections are written to; undefined where they are not. */
    sendingOf(providerId: string): Sending | undefined;
    /** Hands a job to the provider's session; false if there is none that is ready. */
    send(job: Job): boolean;
  };
  /** Shows on every connection what the relay's own viewers are shown. */
  readonly viewerInterface: {
    /** As it was given; `{}` for nothing. */
    readonly wanted: Json;
    flawOf(given: Json): SendFlaw | null;
    show(given: Json, at: number): void;
  };
}

/**
 * A channel's way out: takes sends on, sees to it that each leaves at most once, and tells its end.
 */
export class Outbox {
  readonly #host: OutboxHost;
  #state: OutboxState = EMPTY_OUTBOX;
  #isStopped = false;
  /** By connection: the uuid that was there when it was last seen to. */
  readonly #shownOn = new Map<string, string>();
  /** The connections, and how each is written to, as they are when it is asked. */
  readonly #lines = {
    connections: (): ConnectionMap => this.#host.log.connections,
    sendingOf: (providerId: string): Sending | undefined =>
      this.#host.providers.sendingOf(providerId),
  };
  readonly #timer = new Timer(() => this.handle({ type: "time-passed", at: Date.now() }));

  constructor(host: OutboxHost) {
    this.#host = host;
  }

  /** Goes on with what was under way when the object was last there. */
  restore(now: number): void {
    const jobs = listJobs(this.#host.storage.sql).flatMap((row) => {
      const known = decode(Job, row);
      return known.ok ? [known.value] : [];
    });
    if (jobs.length === 0) return;
    jobs.sort((a, b) => a.at - b.at);
    this.handle({ type: "jobs-restored", jobs, at: now });
  }

  /**
   * A connection is there anew. What is to be shown on it is state, which a provider forgets with
   * the socket: it is shown again.
   */
  onConnected(identifier: string, now: number): void {
    const entry = lookUp(this.#lines.connections(), identifier);
    if (entry === undefined || entry.status !== "connected" || !entry.writable) return;
    if (this.#lines.sendingOf(entry.providerId)?.latestOnly !== true) return;
    if (this.#shownOn.get(identifier) === entry.uuid) return;
    this.#shownOn.set(identifier, entry.uuid);
    const wanted = this.#host.viewerInterface.wanted;
    const isWaiting = this.#state.jobs.some((job) => job.identifier === identifier);
    if (isWaiting || isEmpty(wanted)) return;
    this.#showOn([entry], `restore-${crypto.randomUUID()}`, wanted, now);
  }

  /** Has an interface shown by all connections that show any, whatever was shown before. */
  pass(shown: Json, now: number): void {
    const content = { kind: "ui" as const, interface: shown };
    const targets = findSendTargets(this.#lines, {
      sendId: null,
      content,
      to: null,
      sender: "relay",
    });
    if (targets.ok) this.#showOn(targets.value, `pass-${crypto.randomUUID()}`, shown, now);
  }

  #showOn(entries: readonly ConnectionEntry[], sendId: string, shown: Json, now: number): void {
    const content = { kind: "ui" as const, interface: shown };
    const ask = { sendId: null, content, to: null, sender: "relay" };
    const jobs = entries.map((entry) => makeJob(entry, sendId, ask, now));
    if (jobs.length > 0) this.handle({ type: "jobs-asked", jobs, latestOnly: true, at: now });
  }

  /** How many sends have not ended. */
  get count(): number {
    return this.#state.jobs.length;
  }

  /** Takes a send on, or says at once why it cannot be. */
  ask(ask: SendAsk, now: number): Answer<SendTaken, SendRefusal> {
    const { sql } = this.#host.storage;
    const sendId = ask.sendId ?? crypto.randomUUID();
    const digest = computeFingerprint(JSON.stringify([ask.content, ask.to]));
    const known = findSend(sql, sendId);
    // What it went to the first time, whatever is there by now.
    if (known?.digest === digest) return grant({ sendId, targets: known.targets });
    if (known !== null) return refuse("send_conflict", "Another send has this id.");
    const targets = findSendTargets(this.#lines, ask);
    if (!targets.ok) return targets;
    const flaw =
      findFlaw(this.#lines, targets.value, ask.content) ??
      this.#interfaceFlaw(ask.content) ??
      this.#findFullConnection(targets.value);
    if (flaw !== null) return flaw;
    const identifiers = targets.value.map(({ identifier }) => identifier);
    putSend(sql, sendId, { digest, targets: identifiers, now });
    if (ask.content.kind === "ui") this.#host.viewerInterface.show(ask.content.interface, now);
    const jobs = targets.value.map((entry) => makeJob(entry, sendId, ask, now));
    const latestOnly = ask.content.kind === "ui";
    this.handle({ type: "jobs-asked", jobs, latestOnly, at: now });
    // The relay's own viewers are shown it: that is an outcome, where there is no other.
    if (jobs.length === 0) void this.#host.record(draftInterfaceShown(sendId), "relay");
    return grant({ sendId, targets: identifiers });
  }

  /** The channel is gone: nothing is to be written of it. */
  stop(): void {
    this.#isStopped = true;
    this.#timer.cancel();
  }

  handle(input: OutboxInput): void {
    if (this.#isStopped) return;
    const { state, effects } = decideOutbox(this.#state, input);
    this.#state = state;
    this.#host.keepAlarm("outbox", state.jobs.length > 0);
    for (const effect of effects) this.#perform(effect, input.at);
  }

  #perform(effect: OutboxEffect, at: number): void {
    switch (effect.type) {
      case "job-keep":
        return putJob(this.#host.storage.sql, effect.job);
      case "job-offer": {
        if (this.#host.providers.send(effect.job)) return;
        return this.handle({ type: "line-closed", providerId: effect.job.providerId, at });
      }
      case "jobs-accept":
        // Together, so that whoever tells of a send as a whole has all that it goes to.
        if (effect.jobs.length > 0) void this.#host.record(effect.jobs.map(draftAccepted), "relay");
        return;
      case "job-end":
        void this.#end(effect);
        return;
      case "clock-set":
        return this.#timer.ringBy(effect.at, at);
    }
  }

  /** The row goes after the event is on disk: ended twice it is still one event, by its key. */
  async #end({ job, outcome }: Extract<OutboxEffect, { type: "job-end" }>): Promise<void> {
    await this.#host.record([endDraft(job, outcome)], job.provider);
    dropJob(this.#host.storage.sql, job.id);
  }

  #interfaceFlaw(content: SendContent): Flaw | null {
    const flaw =
      content.kind === "ui" ? this.#host.viewerInterface.flawOf(content.interface) : null;
    if (flaw === null) return null;
    const { pointer = "", detail } = flaw;
    return refuse("invalid_input", `${pointer}: ${detail}`, [{ pointer, detail }]);
  }

  /** A queue that is longer than anyone would wait is refused rather than let go stale. */
  #findFullConnection(entries: readonly ConnectionEntry[]): Flaw | null {
    for (const { identifier, providerId } of entries) {
      const paceMs = this.#lines.sendingOf(providerId)?.paceMs ?? 0;
      const waiting = this.#state.jobs.filter((job) => job.providerId === providerId);
      const before = waiting.filter((job) => job.identifier === identifier).length;
      if (waiting.length < QUEUE_MAX && (before + 1) * paceMs <= WAIT_MAX_MS) continue;
      const seconds = Math.ceil(Math.max(paceMs, 1000) / 1000);
      return {
        ...refuse("send_queue_full", `Too much waits to be sent to ${identifier}.`),
        retryAfterSeconds: seconds,
      };
    }
    return null;
  }
}

// More than a session ever has under way, and little enough to be kept in memory.
const QUEUE_MAX = 200;

function isEmpty(value: Json): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

function makeJob(
  { identifier, platform, providerId, provider }: ConnectionEntry,
  sendId: string,
  { content, sender }: SendAsk,
  at: number,
): Job {
  const id = `${sendId}/${identifier}`;
  return {
    id,
    sendId,
    identifier,
    platform,
    providerId,
    provider,
    content,
    sender,
    phase: "queued",
    at,
  };
}
