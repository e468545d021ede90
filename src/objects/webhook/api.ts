import type {
  DeliveryDetail,
  DeliveryQuery,
  DeliveryView,
  PageQuery,
} from "../../calls/delivery.ts";
import type { RecoveryInput, RecoveryView } from "../../calls/recovery.ts";
import type { WebhookView } from "../../calls/webhook-view.ts";
import type { WebhookChannelCalls, WebhookRefusal } from "../../calls/webhook.ts";
import { within } from "../../deadline.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import { EVERYTHING } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import { listAttempts } from "../../store/queue/attempts.ts";
import { findDelivery, listDeliveries, type Delivery } from "../../store/queue/deliveries.ts";
import { findRecovery, listRecoveries, type Recovery } from "../../store/queue/recoveries.ts";
import { makeDue, makeUrgent } from "../../store/queue/settlements.ts";
import type { WebhookRuntime } from "./runtime.ts";
import {
  viewDeliveryDetail,
  viewDelivery,
  parseNumberIn,
  formatRecoveryId,
  viewRecovery,
} from "./views.ts";

type Replied<T> = Promise<Answer<T, WebhookRefusal>> | Answer<T, WebhookRefusal>;

const READ_MS = 12_000;

/** The API's part of a webhook: deliveries, attempts, retries and recoveries. */
export class DeliveryApi {
  readonly #sql: SqlStorage;
  readonly #runtime: WebhookRuntime;
  readonly #channel: () => WebhookChannelCalls;

  constructor(sql: SqlStorage, runtime: WebhookRuntime, channel: () => WebhookChannelCalls) {
    // What is read here is to be all there is.
    runtime.flush();
    this.#sql = sql;
    this.#runtime = runtime;
    this.#channel = channel;
  }

  test(request: string | null, now: number): Answer<DeliveryView, WebhookRefusal> {
    const known = this.#find(findMade(this.#sql, request) ?? "");
    if (known !== null) return grant(viewDelivery(known));
    if (!this.#runtime.endpoint.enabled) return DISABLED;
    const view = viewDelivery(this.#runtime.addTest("test", crypto.randomUUID(), now));
    putMade(this.#sql, request, view.id, now);
    return grant(view);
  }

  deliveries({ status, after, limit }: DeliveryQuery): Answer<DeliveryView[], WebhookRefusal> {
    const before = findPlace("d_", after);
    if (before === null) return NO_PLACE;
    return grant(listDeliveries(this.#sql, { before, status, limit }).map(viewDelivery));
  }

  delivery(id: string): Answer<DeliveryDetail, WebhookRefusal> {
    const delivery = this.#find(id);
    if (delivery === null) return NO_DELIVERY;
    const attempts = listAttempts(this.#sql, delivery.number);
    return grant(viewDeliveryDetail(delivery, this.#runtime.endpoint.epoch, attempts));
  }

  async retry(
    id: string,
    request: string | null,
    now: number,
  ): Promise<Answer<DeliveryView, WebhookRefusal>> {
    const delivery = this.#find(id);
    if (delivery === null) return NO_DELIVERY;
    if (findMade(this.#sql, request) !== null) return grant(viewDelivery(delivery));
    if (!this.#runtime.endpoint.enabled) return DISABLED;
    const { number, status } = delivery;
    const isInTurn = this.#runtime.endpoint.ordering === "channel" && delivery.lane === "live";
    if (status === "pending" && isInTurn) makeDue(this.#sql, number, now);
    else if (status === "pending") {
      makeUrgent(this.#sql, number, { body: null, isOnce: delivery.isOnce, now });
    } else {
      const body = delivery.body ?? (await this.#read(delivery.seqs));
      if (body === null) return GONE;
      // Reading let other calls in.
      if (this.#find(id)?.status === "pending") return this.retry(id, request, now);
      makeUrgent(this.#sql, number, { body, isOnce: true, now });
    }
    putMade(this.#sql, request, id, now);
    this.#runtime.requeued();
    return grant(viewDelivery(this.#find(id) ?? delivery));
  }

  retryWaiting(request: string | null, now: number): Answer<WebhookView, WebhookRefusal> {
    if (!this.#runtime.endpoint.enabled) return DISABLED;
    if (findMade(this.#sql, request) === null) {
      putMade(this.#sql, request, this.#runtime.endpoint.id, now);
      this.#runtime.retryWaiting(now);
    }
    return grant(this.#runtime.view());
  }

  async recover(
    input: RecoveryInput,
    request: string | null,
  ): Promise<Answer<RecoveryView, WebhookRefusal>> {
    const { endpoint, intake, recovery } = this.#runtime;
    if (!endpoint.enabled) return DISABLED;
    const head = intake.takenTo ?? (await this.#head());
    const known = findMade(this.#sql, request);
    if (known !== null) return this.recovery(known);
    const upTo = Math.min(input.upTo ?? head, head);
    const job = await recovery.begin(input, upTo, (made) => {
      putMade(this.#sql, request, formatRecoveryId(made.number), made.createdAt);
    });
    this.#runtime.requeued();
    return grant(viewRecovery(job, endpoint.epoch));
  }

  recoveries({ after, limit }: PageQuery): Answer<RecoveryView[], WebhookRefusal> {
    const before = findPlace("r_", after);
    if (before === null) return NO_PLACE;
    return grant(listRecoveries(this.#sql, before, limit).map((job) => this.#view(job)));
  }

  recovery(id: string): Answer<RecoveryView, WebhookRefusal> {
    const number = parseNumberIn("r_", id);
    const job = number === null ? null : findRecovery(this.#sql, number);
    return job === null ? NO_RECOVERY : grant(this.#view(job));
  }

  cancelRecovery(id: string): Replied<RecoveryView> {
    const number = parseNumberIn("r_", id);
    const job = number === null ? null : this.#runtime.recovery.cancel(number);
    if (job === null) return NO_RECOVERY;
    this.#runtime.requeued();
    return grant(this.#view(job));
  }

  #view(job: Recovery): RecoveryView {
    return viewRecovery(job, this.#runtime.endpoint.epoch);
  }

  #find(id: string): Delivery | null {
    const number = parseNumberIn("d_", id);
    return number === null ? null : findDelivery(this.#sql, number);
  }

  async #head(): Promise<Seq> {
    const page = await within(
      READ_MS,
      this.#channel().logPage(this.#runtime.endpoint.epoch, 0, EVERYTHING),
    );
    return page?.head ?? 0;
  }

  /**
   * Reads the events at these places as the log has them now; null if it no longer has all of them.
   */
  async #read(seqs: readonly Seq[]): Promise<string | null> {
    const { epoch } = this.#runtime.endpoint;
    const texts: string[] = [];
    const last = seqs.at(-1) ?? 0;
    for (let after = (seqs[0] ?? 1) - 1; after < last;) {
      const page = await within(READ_MS, this.#channel().logPage(epoch, after, EVERYTHING));
      if (page === null) return null;
      this.#runtime.link.doubt(page.head);
      for (const { seq, text } of page.events) if (seqs.includes(seq)) texts.push(text);
      if (page.seenTo <= after) break;
      after = page.seenTo;
    }
    return texts.length < seqs.length ? null : texts.join(",");
  }
}

/** The number before which a page begins; null for an id that is none. */
function findPlace(prefix: "d_" | "r_", after: string | null): number | null {
  return after === null ? Number.MAX_SAFE_INTEGER : parseNumberIn(prefix, after);
}

const NO_PLACE = refuse("invalid_input", "cursor: is no cursor of this list", [
  { parameter: "cursor", detail: "is no cursor of this list" },
]);
const DISABLED = refuse("webhook_disabled", "The webhook is disabled. Enable it first.");
const NO_DELIVERY = refuse("delivery_not_found", "This webhook has no such delivery.");
const NO_RECOVERY = refuse("recovery_not_found", "This webhook has no such recovery.");
const GONE = refuse("delivery_gone", "The channel no longer keeps what was delivered.");
