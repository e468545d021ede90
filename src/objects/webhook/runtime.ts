import type { WebhookInput, WebhookView } from "../../calls/webhook-view.ts";
import type { HandOver, Taken, WebhookChannelCalls } from "../../calls/webhook.ts";
import type { Endpoint } from "../../delivery/endpoint.ts";
import { report } from "../../report.ts";
import type { Delivery } from "../../store/queue/deliveries.ts";
import { countPending, findOldestPending } from "../../store/queue/waiting.ts";
import { WebhookLink } from "./channel-link.ts";
import { WebhookHandshake } from "./handshake.ts";
import { WebhookHold } from "./hold.ts";
import type { Exchange, Outbound } from "./http.ts";
import { WebhookIntake } from "./intake.ts";
import type { WebhookKeys } from "./keys.ts";
import { WebhookQueue } from "./queue.ts";
import { WebhookRecorder } from "./recorder.ts";
import { WebhookRecovery } from "./recovery.ts";
import { WebhookSender } from "./sender.ts";
import { WebhookSettings } from "./settings.ts";
import { addTest } from "./test-events.ts";
import { WebhookTidying } from "./tidying.ts";
import { viewWebhook } from "./views.ts";

/** The port through which a webhook reaches the runtime. Time and chance come from here alone. */
export interface WebhookHost {
  readonly storage: DurableObjectStorage;
  readonly keys: WebhookKeys;
  channel(): WebhookChannelCalls;
  /** Why an address must not be sent to; null if it may. */
  problemWith(url: string): Promise<string | null>;
  post(request: Outbound): Promise<Exchange>;
  now(): number;
  random(): number;
  bytes(count: number): Uint8Array<ArrayBuffer>;
  /** Look again at a time, or not by the clock; busy: also should this instance be lost. */
  wakeAt(at: number | null, isBusy: boolean): void;
  /** The channel is gone for good. */
  orphaned(): void;
}

// What may wait here: beyond it the log keeps what is not taken, and so do its 30 days.
const QUEUE_MAX = 10_000;
const QUEUE_ROOM = 5_000;

/**
 * An endpoint at work: its queue, and how the parts around it are joined. It lives as long as the
 * object is in memory; everything it has to know again it reads from storage.
 */
export class WebhookRuntime {
  readonly intake: WebhookIntake;
  readonly link: WebhookLink;
  readonly recovery: WebhookRecovery;
  readonly #host: WebhookHost;
  readonly #settings: WebhookSettings;
  readonly #queue: WebhookQueue;
  readonly #recorder: WebhookRecorder;
  readonly #sender: WebhookSender;
  readonly #handshake: WebhookHandshake;
  readonly #tidying: WebhookTidying;
  #isStopped = false;
  #isFull = false;
  #isTelling = false;

  constructor(host: WebhookHost, endpoint: Endpoint) {
    this.#host = host;
    const { storage } = host;
    this.#tidying = new WebhookTidying(storage.sql, host.now());
    this.#settings = new WebhookSettings(storage.sql, endpoint);
    const hold = new WebhookHold(host);
    const common = {
      storage,
      endpoint: () => this.endpoint,
      channel: () => host.channel(),
      problemWith: (url: string) => host.problemWith(url),
      post: (request: Outbound) => host.post(request),
      now: () => host.now(),
      random: () => host.random(),
      flush: () => this.flush(),
      changed: () => this.#queue.changed(),
    };
    this.intake = new WebhookIntake(common);
    this.#handshake = new WebhookHandshake(common);
    this.link = new WebhookLink({
      ...common,
      intake: this.intake,
      orphaned: () => host.orphaned(),
    });
    this.#queue = new WebhookQueue(common);
    this.#recorder = new WebhookRecorder({
      ...common,
      hold,
      queue: this.#queue,
      notify: (notice, at) => {
        this.#settings.note(notice, at);
        this.link.noticed();
        if (notice.type === "disabled") this.link.changed();
      },
      settled: (deliveries, status) => this.#onSettled(deliveries, status),
    });
    this.#sender = new WebhookSender({
      ...common,
      keys: host.keys,
      link: this.link,
      queue: this.#queue,
      recorder: this.#recorder,
      hold,
      handshake: () => this.#handshake.state,
      bytes: (count) => host.bytes(count),
      look: () => this.look(),
    });
    this.recovery = new WebhookRecovery({
      ...common,
      intake: this.intake,
      link: this.link,
      queue: this.#queue,
    });
  }

  get endpoint(): Endpoint {
    return this.#settings.endpoint;
  }

  /** This instance is gone: it begins nothing and writes nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#sender.stop();
    this.#recorder.stop();
  }

  /** Begins all that may begin now, and sees to it that it is woken for the rest. */
  look(): void {
    if (this.#isStopped) return;
    const now = this.#host.now();
    this.#tidying.tidy(now);
    const times = [
      this.#sender.go(),
      this.#isTelling ? null : this.#when(this.link.dueAt, now, () => this.#tell()),
      this.#when(this.#handshake.dueAt, now, () => this.#handshake.ask()),
      this.#when(this.recovery.dueAt, now, () => this.#recover()),
    ].filter((time) => time !== null);
    const isBusy = this.#sender.isBusy || this.#isTelling || times.some((time) => time <= now);
    this.#host.wakeAt(times.length === 0 ? null : Math.min(...times), isBusy);
  }

  /** Something in the queue was changed from outside: it is looked at anew. */
  requeued(): void {
    this.#queue.changed();
    this.look();
  }

  /** Its owner says that it is well: what waits for its next try leaves at its pace. */
  retryWaiting(now: number): void {
    this.#recorder.makeReady(now);
    this.look();
  }

  /** Writes down what is in memory only: whoever reads the queue's tables calls this first. */
  flush(): void {
    this.#recorder.flush();
  }

  take(handOver: HandOver): Taken {
    const { intake } = this;
    if (handOver.epoch !== this.endpoint.epoch || !this.endpoint.enabled) {
      return { takenTo: handOver.from, wants: "nothing" };
    }
    if (this.#isFull || countPending(this.#host.storage.sql) >= QUEUE_MAX) {
      this.#isFull = true;
      return { takenTo: intake.takenTo ?? handOver.from, wants: "later" };
    }
    if (intake.take(handOver) > 0) {
      this.#queue.changed();
      this.look();
    }
    return { takenTo: intake.takenTo ?? handOver.from, wants: "more" };
  }

  /** Changes what its owner decides. The channel learns of it as soon as it can be told. */
  change(input: Partial<WebhookInput>, now: number): void {
    this.#recorder.flush();
    this.#host.storage.transactionSync(() => {
      const { isMoved, isBack } = this.#settings.change(input, now);
      if (isMoved || isBack) {
        this.#recorder.reset(now);
        this.#handshake.reset();
      }
      // What happened while it was disabled was not owed to it: a recovery can bring it.
      if (isBack) this.intake.beginAt(null);
      this.link.changed();
      this.link.noticed();
    });
    this.#sender.reset();
    this.#queue.changed();
  }

  /** Adds a test, or the event that a new endpoint is greeted with. */
  addTest(kind: "test" | "verification", uuid: string, now: number): Delivery {
    const added = addTest(this.#host.storage.sql, this.endpoint, kind, uuid, now);
    this.requeued();
    return added;
  }

  view(): WebhookView {
    const { sql } = this.#host.storage;
    this.flush();
    return viewWebhook({
      endpoint: this.endpoint,
      state: this.#recorder.state,
      handshake: this.#handshake.state,
      pending: countPending(sql),
      oldestPendingAt: findOldestPending(sql)?.createdAt ?? null,
      takenTo: this.intake.takenTo,
      now: this.#host.now(),
    });
  }

  #when(at: number | null, now: number, work: () => Promise<void>): number | null {
    if (at === null || at > now) return at;
    void work().finally(() => this.look());
    return now;
  }

  async #tell(): Promise<void> {
    this.#isTelling = true;
    await this.link.tell();
    this.#isTelling = false;
  }

  async #recover(): Promise<void> {
    await this.recovery.run();
    this.#queue.changed();
  }

  #onSettled(deliveries: readonly Delivery[], status: "succeeded" | "failed"): void {
    const brought = new Map<number, number>();
    for (const { recovery, seqs, isOnce } of deliveries) {
      if (recovery === null || isOnce) continue;
      brought.set(recovery, (brought.get(recovery) ?? 0) + seqs.length);
    }
    for (const [recovery, events] of brought) this.recovery.settled(recovery, events, status);
    // Something may have waited for it.
    queueMicrotask(() => this.look());
    if (!this.#isFull || countPending(this.#host.storage.sql) > QUEUE_ROOM) return;
    this.#isFull = false;
    const { id: webhook } = this.endpoint;
    const told = this.#host.channel().resumeWebhook(webhook);
    void told.catch((error: unknown) => {
      // The channel asks again by itself.
      report("webhook could not say that it has room", error, { webhook });
    });
  }
}
