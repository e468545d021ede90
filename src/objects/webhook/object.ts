import { DurableObject } from "cloudflare:workers";

import type {
  DeliveryDetail,
  DeliveryPage,
  DeliveryQuery,
  DeliveryView,
  HandOver,
  PublicKeyView,
  RecoveryView,
  RecoveryWish,
  ShownWebhook,
  Taken,
  WebhookCalls,
  WebhookChannelCalls,
  WebhookRefusal,
  WebhookSpec,
  WebhookView,
  WebhookWish,
} from "../../calls/webhook.ts";
import { Endpoint } from "../../delivery/endpoint.ts";
import { granted, refused, type Answer } from "../../event/answer.ts";
import { publishKey, retireKeysBefore, withdrawKeys } from "../../store/history/webhook-keys.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { hasQueue, migrateQueue } from "../../store/queue/schema.ts";
import { AddressGuard } from "./address-guard.ts";
import { WebhookDesk } from "./api.ts";
import { post } from "./http.ts";
import { toX, WebhookKeys, type MadeKey } from "./keys.ts";
import { WebhookRuntime } from "./runtime.ts";
import { WebhookWaker } from "./scheduler.ts";

/**
 * One endpoint. The only place where it touches the runtime: it turns calls and alarms into what its
 * parts do. See `WebhookRuntime` for how they are joined.
 */
export class WebhookObject extends DurableObject<Env> implements WebhookCalls {
  readonly #guard: AddressGuard;
  readonly #waker: WebhookWaker;
  #keys: WebhookKeys | null = null;
  #runtime: WebhookRuntime | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#guard = new AddressGuard(env.ALLOW_PRIVATE_NETWORK === "on");
    this.#waker = new WebhookWaker(ctx.storage, () => this.#runtime?.look());
    const { sql } = ctx.storage;
    if (!hasQueue(sql)) return;
    migrateQueue(sql);
    const endpoint = readMeta(sql, "endpoint", Endpoint);
    if (endpoint !== null) this.#begin(endpoint);
  }

  async create(spec: WebhookSpec): Promise<Answer<ShownWebhook, WebhookRefusal>> {
    const now = Date.now();
    const problem = await this.#guard.check(spec.url, now);
    if (problem !== null) return badAddress(problem);
    const { sql } = this.ctx.storage;
    migrateQueue(sql);
    const endpoint: Endpoint = {
      ...spec,
      types: [...spec.types],
      providers: [...spec.providers],
      platforms: [...spec.platforms],
      batch: spec.batch === null ? null : { ...spec.batch },
      disabledReason: spec.enabled ? null : "requested",
      createdAt: now,
      updatedAt: now,
    };
    writeMeta(sql, "endpoint", endpoint);
    const runtime = this.#begin(endpoint);
    const made = await this.#makeKey(endpoint, now, now).catch(() => null);
    if (made === null || !(await runtime.link.tell())) {
      await this.destroy();
      return refused("unavailable", "The webhook could not be made known. Try again.");
    }
    // Whoever asked for a webhook of a channel that is gone gets none.
    if (this.#runtime !== runtime) return NO_WEBHOOK;
    if (endpoint.enabled) runtime.addTest("verification", crypto.randomUUID(), now);
    else runtime.look();
    return granted({ ...runtime.view(), ...shownOnce(made) });
  }

  async find(): Promise<WebhookView | null> {
    return this.#runtime?.view() ?? null;
  }

  async change(
    patch: Partial<WebhookWish>,
    expectedAt: number | null,
  ): Promise<Answer<WebhookView, WebhookRefusal>> {
    const now = Date.now();
    const problem = patch.url === undefined ? null : await this.#guard.check(patch.url, now);
    if (problem !== null) return badAddress(problem);
    // Looking at the address let other calls in: what is changed is what is there now.
    const runtime = this.#runtime;
    if (runtime === null) return NO_WEBHOOK;
    if (expectedAt !== null && runtime.endpoint.updatedAt !== expectedAt) {
      return refused("conflict", "The webhook was changed by somebody else.");
    }
    runtime.change(patch, now);
    // What cannot be told now is told later.
    await runtime.link.tell();
    runtime.look();
    return granted(runtime.view());
  }

  async destroy(): Promise<boolean> {
    const runtime = this.#runtime;
    this.#stop();
    if (runtime !== null) {
      const { channelNumber, id } = runtime.endpoint;
      await withdrawKeys(this.env.DB, channelNumber, id).catch(() => {});
      await this.#channel(runtime.endpoint)
        .detachWebhook(id)
        .catch(() => {});
    }
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    return runtime !== null;
  }

  async rotate(graceSeconds: number): Promise<Answer<ShownWebhook, WebhookRefusal>> {
    const runtime = this.#runtime;
    if (runtime === null) return NO_WEBHOOK;
    const now = Date.now();
    const made = await this.#makeKey(runtime.endpoint, now + graceSeconds * 1_000, now);
    return granted({ ...runtime.view(), ...shownOnce(made) });
  }

  async publicKeys(): Promise<PublicKeyView[] | null> {
    return this.#keys?.shown(Date.now()) ?? null;
  }

  async sendTest(): Promise<Answer<DeliveryView, WebhookRefusal>> {
    return this.#desk()?.test(Date.now()) ?? NO_WEBHOOK;
  }

  async deliveries(query: DeliveryQuery): Promise<Answer<DeliveryPage, WebhookRefusal>> {
    return this.#desk()?.deliveries(query) ?? NO_WEBHOOK;
  }

  async delivery(id: string): Promise<Answer<DeliveryDetail, WebhookRefusal>> {
    return this.#desk()?.delivery(id) ?? NO_WEBHOOK;
  }

  async retry(id: string): Promise<Answer<DeliveryView, WebhookRefusal>> {
    return this.#desk()?.retry(id, Date.now()) ?? NO_WEBHOOK;
  }

  async recover(wish: RecoveryWish): Promise<Answer<RecoveryView, WebhookRefusal>> {
    return this.#desk()?.recover(wish) ?? NO_WEBHOOK;
  }

  async recoveries(): Promise<Answer<RecoveryView[], WebhookRefusal>> {
    return this.#desk()?.recoveries() ?? NO_WEBHOOK;
  }

  async recovery(id: string): Promise<Answer<RecoveryView, WebhookRefusal>> {
    return this.#desk()?.recovery(id) ?? NO_WEBHOOK;
  }

  async cancelRecovery(id: string): Promise<Answer<RecoveryView, WebhookRefusal>> {
    return this.#desk()?.cancelRecovery(id) ?? NO_WEBHOOK;
  }

  async take(handOver: HandOver): Promise<Taken> {
    return this.#runtime?.take(handOver) ?? { takenTo: handOver.from, wants: "gone" };
  }

  override async alarm(): Promise<void> {
    const runtime = this.#runtime;
    if (runtime === null) return;
    this.#waker.gone(Date.now());
    try {
      runtime.look();
      this.#waker.looked();
    } catch (error) {
      console.error("webhook alarm failed", { webhook: this.ctx.id.name, error: String(error) });
    }
  }

  #begin(endpoint: Endpoint): WebhookRuntime {
    const { storage } = this.ctx;
    const keys = new WebhookKeys(storage.sql, this.env.TRIBUTARY_MASTER_KEY);
    const runtime = new WebhookRuntime(
      {
        storage,
        keys,
        channel: () => this.#channel(endpoint),
        problemWith: (url) => this.#guard.check(url, Date.now()),
        post: (request) => post(request),
        now: () => Date.now(),
        random: () => Math.random(),
        bytes,
        wakeAt: (at, isBusy) => this.#waker.wakeAt(at, isBusy, Date.now()),
        orphaned: () => void this.destroy(),
      },
      endpoint,
    );
    this.#keys = keys;
    this.#runtime = runtime;
    return runtime;
  }

  #stop(): void {
    this.#runtime?.stop();
    this.#waker.stop();
    this.#runtime = null;
    this.#keys = null;
  }

  #desk(): WebhookDesk | null {
    const runtime = this.#runtime;
    if (runtime === null) return null;
    return new WebhookDesk(this.ctx.storage.sql, runtime, () => this.#channel(runtime.endpoint));
  }

  /** A new key, published before anything is signed with it. */
  async #makeKey(endpoint: Endpoint, othersUntil: number, now: number): Promise<MadeKey> {
    const keys = this.#keys;
    if (keys === null) throw new Error("there is no webhook");
    const { id: webhook, channelNumber: channel } = endpoint;
    const made = await keys.make(webhook, bytes, now);
    const { id, publicKey } = made.record;
    const key = { id, channel, webhook, x: toX(publicKey), createdAt: now };
    // Whatever is lost in between, nothing is ever signed with a key that is not published.
    await publishKey(this.env.DB, key);
    keys.adopt(made.record, othersUntil, now);
    await retireKeysBefore(this.env.DB, key, othersUntil);
    return made;
  }

  #channel({ channel }: Endpoint): WebhookChannelCalls {
    return this.env.CHANNEL.getByName(channel);
  }
}

function bytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}

function shownOnce({ secret, record }: MadeKey): { secret: string; publicKey: string } {
  return { secret, publicKey: `whpk_${record.publicKey}` };
}

function badAddress(problem: string): Answer<never, "invalid_input"> {
  const detail = `url: ${problem}`;
  return refused("invalid_input", detail, [{ pointer: "/url", detail: problem }]);
}

const NO_WEBHOOK = refused("webhook_not_found", "This channel has no such webhook.");
