import type {
  DeliveryDetail,
  DeliveryQuery,
  DeliveryView,
  PageQuery,
} from "../../calls/delivery.ts";
import type { RecoveryInput, RecoveryView } from "../../calls/recovery.ts";
import type {
  PublicKeyView,
  ShownWebhook,
  WebhookInput,
  WebhookSpec,
  WebhookView,
} from "../../calls/webhook-view.ts";
import {
  WEBHOOKS_MAX,
  type HandOver,
  type Taken,
  type WebhookCalls,
  type WebhookRefusal,
} from "../../calls/webhook.ts";
import type { Endpoint } from "../../delivery/endpoint.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type { Erasure } from "../../event/erasure.ts";
import { Turns } from "../../lib/turns.ts";
import { report } from "../../report.ts";
import { dropMeta, readMeta, writeMeta } from "../../store/object/meta.ts";
import { findMade } from "../../store/object/requests.ts";
import { migrateQueue } from "../../store/queue/schema.ts";
import { DeliveryApi } from "./api.ts";
import type { MadeKey } from "./keys.ts";
import { WebhookLife } from "./life.ts";
import { Greeted, Making } from "./meta.ts";

/**
 * One endpoint: what may be asked of its object. How that begins, is woken and ends is in
 * `WebhookLife`, how its parts are joined in `WebhookRuntime`.
 */
export class WebhookObject extends WebhookLife implements WebhookCalls {
  readonly #rotations = new Turns();
  #creating: Promise<Answer<ShownWebhook, WebhookRefusal>> | null = null;

  create(spec: WebhookSpec): Promise<Answer<ShownWebhook, WebhookRefusal>> {
    // The same request may come again while it is under way: both are one.
    this.#creating ??= this.#create(spec).finally(() => {
      this.#creating = null;
    });
    return this.#creating;
  }

  async #create(spec: WebhookSpec): Promise<Answer<ShownWebhook, WebhookRefusal>> {
    const now = Date.now();
    const problem = await this.guard.check(spec.url, now);
    if (problem !== null) return refuseAddress(problem);
    const { storage } = this.ctx;
    const { sql } = storage;
    migrateQueue(sql);
    const before = this.runtime;
    const endpoint: Endpoint = before?.endpoint ?? {
      ...spec,
      types: [...spec.types],
      providers: [...spec.providers],
      platforms: [...spec.platforms],
      batch: spec.batch === null ? null : { ...spec.batch },
      disabledReason: spec.enabled ? null : "requested",
      createdAt: now,
      updatedAt: now,
    };
    if (before === null) {
      storage.transactionSync(() => {
        writeMeta(sql, "endpoint", endpoint);
        writeMeta(sql, "making", { since: now });
      });
    }
    const runtime = before ?? this.begin(endpoint);
    // Whatever becomes of this instance: it is undone, or it is whole.
    this.scheduler.wakeAt(null, true, now);
    const made = await this.keyMaker.makeFirst(endpoint, now).catch((error: unknown) => {
      report("webhook key failed", error, { webhook: endpoint.id });
      return null;
    });
    const isKnown = made !== null && (await runtime.link.tell());
    const isNew = this.runtime === runtime && readMeta(sql, "making", Making) !== null;
    if (runtime.link.isRefused) {
      await this.destroy();
      return refuse("webhook_limit", `A channel has at most ${WEBHOOKS_MAX} webhooks.`);
    }
    if (made === null || !isKnown) {
      // One that was whole before this request came again stays what it is.
      if (!isNew) return refuse("unavailable", "The webhook cannot be shown now. Try again.");
      await this.destroy();
      return refuse("unavailable", "The webhook could not be made known. Try again.");
    }
    // Whoever asked for a webhook of a channel that is gone gets none.
    if (this.runtime !== runtime) return NO_WEBHOOK;
    dropMeta(sql, "making");
    if (endpoint.enabled && readMeta(sql, "greeted", Greeted) === null) {
      runtime.addTest("verification", crypto.randomUUID(), now);
      writeMeta(sql, "greeted", { at: now });
    } else runtime.look();
    return grant({ ...runtime.view(), ...pickShownOnce(made) });
  }

  async find(): Promise<WebhookView | null> {
    return this.runtime?.view() ?? null;
  }

  async change(
    patch: Partial<WebhookInput>,
    expectedAt: number | null,
  ): Promise<Answer<WebhookView, WebhookRefusal>> {
    const now = Date.now();
    const problem = patch.url === undefined ? null : await this.guard.check(patch.url, now);
    if (problem !== null) return refuseAddress(problem);
    // Looking at the address let other calls in: what is changed is what is there now.
    const runtime = this.runtime;
    if (runtime === null) return NO_WEBHOOK;
    if (expectedAt !== null && runtime.endpoint.updatedAt !== expectedAt) {
      return refuse("conflict", "The webhook was changed by somebody else.");
    }
    runtime.change(patch, now);
    // What cannot be told now is told later.
    await runtime.link.tell();
    runtime.look();
    return grant(runtime.view());
  }

  rotate(
    graceSeconds: number,
    request: string | null,
  ): Promise<Answer<ShownWebhook, WebhookRefusal>> {
    // One after the other: the last that was asked for is the one that is signed with.
    return this.#rotations.run(() => this.#rotate(graceSeconds, request));
  }

  async #rotate(
    graceSeconds: number,
    request: string | null,
  ): Promise<Answer<ShownWebhook, WebhookRefusal>> {
    const runtime = this.runtime;
    if (runtime === null) return NO_WEBHOOK;
    const now = Date.now();
    const known = (await this.keys?.shownAgain(findMade(this.ctx.storage.sql, request))) ?? null;
    const until = now + graceSeconds * 1_000;
    const made = known ?? (await this.keyMaker.make(runtime.endpoint, until, now, request));
    return grant({ ...runtime.view(), ...pickShownOnce(made) });
  }

  async publicKeys(): Promise<PublicKeyView[] | null> {
    return this.keys?.shown(Date.now()) ?? null;
  }

  async sendTest(request: string | null): Promise<Answer<DeliveryView, WebhookRefusal>> {
    return this.#api()?.test(request, Date.now()) ?? NO_WEBHOOK;
  }

  async deliveries(query: DeliveryQuery): Promise<Answer<DeliveryView[], WebhookRefusal>> {
    return this.#api()?.deliveries(query) ?? NO_WEBHOOK;
  }

  async delivery(id: string): Promise<Answer<DeliveryDetail, WebhookRefusal>> {
    return this.#api()?.delivery(id) ?? NO_WEBHOOK;
  }

  async retry(id: string, request: string | null): Promise<Answer<DeliveryView, WebhookRefusal>> {
    return this.#api()?.retry(id, request, Date.now()) ?? NO_WEBHOOK;
  }

  async retryWaiting(request: string | null): Promise<Answer<WebhookView, WebhookRefusal>> {
    return this.#api()?.retryWaiting(request, Date.now()) ?? NO_WEBHOOK;
  }

  async recover(
    input: RecoveryInput,
    request: string | null,
  ): Promise<Answer<RecoveryView, WebhookRefusal>> {
    return this.#api()?.recover(input, request) ?? NO_WEBHOOK;
  }

  async recoveries(query: PageQuery): Promise<Answer<RecoveryView[], WebhookRefusal>> {
    return this.#api()?.recoveries(query) ?? NO_WEBHOOK;
  }

  async recovery(id: string): Promise<Answer<RecoveryView, WebhookRefusal>> {
    return this.#api()?.recovery(id) ?? NO_WEBHOOK;
  }

  async cancelRecovery(id: string): Promise<Answer<RecoveryView, WebhookRefusal>> {
    return this.#api()?.cancelRecovery(id) ?? NO_WEBHOOK;
  }

  async take(handOver: HandOver): Promise<Taken> {
    return this.runtime?.take(handOver) ?? { takenTo: handOver.from, wants: "gone" };
  }

  async forget(erasures: readonly Erasure[]): Promise<void> {
    this.runtime?.intake.forget(erasures);
  }

  #api(): DeliveryApi | null {
    const runtime = this.runtime;
    if (runtime === null) return null;
    return new DeliveryApi(this.ctx.storage.sql, runtime, () => this.channelOf(runtime.endpoint));
  }
}

function pickShownOnce({ secret, record }: MadeKey): { secret: string; publicKey: string } {
  return { secret, publicKey: `whpk_${record.publicKey}` };
}

function refuseAddress(problem: string): Answer<never, "invalid_input"> {
  const detail = `url: ${problem}`;
  return refuse("invalid_input", detail, [{ pointer: "/url", detail: problem }]);
}

const NO_WEBHOOK = refuse("webhook_not_found", "This channel has no such webhook.");
