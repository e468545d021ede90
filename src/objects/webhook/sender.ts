import { chooseNextStep, type Dues, type Lane, type Load } from "../../delivery/agenda.ts";
import { formatMessageId, type Endpoint } from "../../delivery/endpoint.ts";
import { computeInternalRetryMs } from "../../delivery/schedule.ts";
import type { Trigger } from "../../delivery/settle.ts";
import { signDelivery } from "../../delivery/signature.ts";
import { report } from "../../report.ts";
import { closeBatch } from "../../store/queue/batches.ts";
import type { Delivery } from "../../store/queue/deliveries.ts";
import { postpone } from "../../store/queue/settlements.ts";
import type { Attempt } from "./attempt.ts";
import type { WebhookLink } from "./channel-link.ts";
import type { WebhookHold } from "./hold.ts";
import type { Exchange, Outbound } from "./http.ts";
import type { WebhookKeys } from "./keys.ts";
import { WebhookPace } from "./pace.ts";
import type { WebhookQueue } from "./queue.ts";
import type { WebhookRecorder } from "./recorder.ts";
import { countBytes, findFault, makeHeaders, NO_KEYS, deriveTrace } from "./request.ts";

/** The port through which the sender reaches its object. */
export interface SenderHost {
  readonly storage: DurableObjectStorage;
  readonly keys: WebhookKeys;
  readonly link: WebhookLink;
  readonly queue: WebhookQueue;
  readonly recorder: WebhookRecorder;
  readonly hold: WebhookHold;
  endpoint(): Endpoint;
  /** May anything be sent at all? Deliveries a minute may be fewer than its owner asked for. */
  handshake(): { readonly isGiven: boolean; readonly perMinute: number | null };
  /** Why an address must not be sent to; null if it may. */
  problemWith(url: string): Promise<string | null>;
  post(request: Outbound): Promise<Exchange>;
  now(): number;
  random(): number;
  bytes(count: number): Uint8Array;
  /** An attempt has ended, or could not begin: there may be more to do. */
  look(): void;
}

/** A delivery as it was sent, and what came of it. */
interface Sent {
  readonly delivery: Delivery;
  readonly attempt: Omit<Attempt, "trigger">;
}

/** Sends what is due, as fast as the endpoint may be sent to, and has each attempt recorded. */
export class WebhookSender {
  readonly #host: SenderHost;
  readonly #pace: WebhookPace;
  #isStopped = false;

  constructor(host: SenderHost) {
    this.#host = host;
    this.#pace = new WebhookPace(host);
  }

  get isBusy(): boolean {
    return this.#host.queue.underWay.length > 0 || this.#host.recorder.isGathering;
  }

  /** Nothing is sent or recorded any more: this instance is gone. */
  stop(): void {
    this.#isStopped = true;
  }

  /** The endpoint has changed: what it was paced by before does not hold. */
  reset(): void {
    this.#pace.reset();
  }

  /** Begins all that may begin now; answers when to look again, null for not by the clock. */
  go(): number | null {
    const { hold } = this.#host;
    try {
      return hold.until ?? this.#beginAll();
    } catch (error) {
      // Reported by the hold.
      hold.begin(error);
      return hold.until;
    }
  }

  #beginAll(): number | null {
    const { queue, recorder } = this.#host;
    for (;;) {
      if (this.#isStopped || !this.#host.handshake().isGiven) return null;
      const now = this.#host.now();
      const first = {
        urgent: queue.first("urgent"),
        live: queue.first("live"),
        recovery: queue.first("recovery"),
      };
      const dues: Dues = {
        urgent: first.urgent?.dueAt ?? null,
        live: first.live?.dueAt ?? null,
        recovery: first.recovery?.dueAt ?? null,
      };
      const step = chooseNextStep(recorder.state, dues, this.#load(), this.#pace.at(now), now);
      if (step.type === "wait") return step.until;
      const chosen = first[step.lane];
      if (chosen === null) return null;
      this.#begin(chosen, step.lane, step.isProbe, now);
    }
  }

  #begin(delivery: Delivery, lane: Lane, isProbe: boolean, now: number): void {
    this.#pace.take(lane, now);
    const current = this.#host.queue.begin(delivery, lane);
    void this.#carryOut(delivery, current, lane, isProbe);
  }

  async #carryOut(
    delivery: Delivery,
    current: () => Delivery | null,
    lane: Lane,
    isProbe: boolean,
  ): Promise<void> {
    let isOver = false;
    try {
      const sent = (await this.#isUpToDate(delivery)) ? await this.#send(current) : null;
      // Null: it was not sent, and waits.
      if (sent !== null) isOver = this.#record(sent, lane, isProbe);
    } catch (error) {
      // Reported by the hold. As far as storage knows it was never sent, and is due as before.
      this.#host.hold.begin(error);
    } finally {
      this.#host.queue.end(delivery.number, isOver);
      if (!this.#isStopped) this.#host.look();
    }
  }

  /** Answers whether the delivery is over: it will not be sent again by itself. */
  #record({ delivery, attempt }: Sent, lane: Lane, isProbe: boolean): boolean {
    const trigger = findTrigger(delivery, lane, isProbe);
    return this.#host.recorder.record(delivery, { ...attempt, trigger }) !== "pending";
  }

  /** Is what the delivery says what the log says by now? If that cannot be told, it has to wait. */
  async #isUpToDate(delivery: Delivery): Promise<boolean> {
    const { link, storage } = this.#host;
    const { number, kind, lane, attempts, createdAt, deferrals } = delivery;
    const isNew = lane === "live" && attempts === 0;
    if (kind !== "event" || link.isFresh(isNew ? createdAt : 0)) return true;
    try {
      await link.sync();
      return true;
    } catch (error) {
      report("webhook could not look at the log", error, { webhook: this.#host.endpoint().id });
      if (this.#isStopped) return false;
      const dueAt = this.#host.now() + computeInternalRetryMs(deferrals, this.#host.random());
      // Not an attempt: nothing was sent.
      postpone(storage.sql, number, dueAt);
      return false;
    }
  }

  /** Sends a delivery as it is now; null if it is not to be sent any more. */
  async #send(current: () => Delivery | null): Promise<Sent | null> {
    const { keys } = this.#host;
    const { url } = this.#host.endpoint();
    const [problem, signing] = await Promise.all([
      this.#host.problemWith(url),
      keys.signing(this.#host.now()).catch((error: unknown) => {
        report("webhook cannot sign", error, { webhook: this.#host.endpoint().id });
        return null;
      }),
    ]);
    const delivery = this.#maySend(url) ? this.#closed(current()) : null;
    if (delivery === null) return null;
    const body = delivery.isBatch ? `[${delivery.body ?? ""}]` : (delivery.body ?? "");
    const at = this.#host.now();
    const [traceId, spanId] = deriveTrace(this.#host.bytes(24));
    const { origin } = this.#host.endpoint();
    const headers = makeHeaders(delivery, { at, origin, traceId, spanId });
    const attempt = { at, url, traceId, requestHeaders: headers, requestBytes: countBytes(body) };
    const fault = findFault(problem, body, signing === null);
    if (fault !== null || signing === null) {
      return { delivery, attempt: { ...attempt, exchange: fault ?? NO_KEYS } };
    }
    const id = delivery.messageId ?? "";
    const signature = await signDelivery(signing, id, Math.floor(at / 1_000), body);
    if (!this.#maySend(url)) return null;
    const signed = { ...headers, "webhook-signature": signature };
    const exchange = await this.#host.post({ method: "POST", url, headers: signed, body });
    return this.#isStopped ? null : { delivery, attempt: { ...attempt, exchange } };
  }

  /**
   * Its owner may have changed or disabled it, or the object may be gone, since it was looked at.
   */
  #maySend(url: string): boolean {
    if (this.#isStopped || !this.#host.recorder.state.enabled) return false;
    return this.#host.endpoint().url === url;
  }

  /** The delivery as it is sent: an open batch is closed before anyone sees it. */
  #closed(delivery: Delivery | null): Delivery | null {
    if (delivery === null || delivery.status !== "pending") return null;
    if (delivery.messageId !== null) return delivery;
    const { firstSeq: first, lastSeq: last } = delivery;
    const id = formatMessageId(this.#host.endpoint().epoch, { first, last, isBatch: true });
    closeBatch(this.#host.storage.sql, delivery.number, id);
    return { ...delivery, messageId: id };
  }

  #load(): Load {
    const { queue } = this.#host;
    return {
      urgent: queue.count("urgent"),
      live: queue.count("live"),
      recovery: queue.count("recovery"),
    };
  }
}

function findTrigger({ kind, isOnce }: Delivery, lane: Lane, isProbe: boolean): Trigger {
  if (kind === "test") return "test";
  if (isProbe) return "probe";
  if (lane === "recovery") return "recovery";
  return lane === "urgent" && (kind === "event" || isOnce) ? "manual" : "scheduled";
}
