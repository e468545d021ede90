import { DurableObject } from "cloudflare:workers";

import type {
  DeliveryDetail,
  DeliveryPage,
  DeliveryQuery,
  DeliveryView,
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
  type WebhookChannelCalls,
  type WebhookRefusal,
} from "../../calls/webhook.ts";
import { Endpoint } from "../../delivery/endpoint.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import { Turns } from "../../lib/turns.ts";
import { publishKey } from "../../store/history/webhook-keys.ts";
import { dropMeta, readMeta, writeMeta } from "../../store/object/meta.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import { hasQueue, migrateQueue } from "../../store/queue/schema.ts";
import { keepAwake } from "../alarms.ts";
import { within } from "../deadline.ts";
import { Errands } from "../errands.ts";
import { AddressGuard } from "./address-guard.ts";
import { DeliveryApi } from "./api.ts";
import { endWebhook, performWebhookErrand, webhookErrand, type WebhookErrand } from "./errands.ts";
import { post } from "./http.ts";
import { toX, WebhookKeys, type MadeKey } from "./keys.ts";
import { Greeted, Making } from "./meta.ts";
import { WebhookRuntime } from "./runtime.ts";
import { WebhookScheduler } from "./scheduler.ts";

// A database that has not taken a key by then is away.
const PUBLISH_MS = 10_000;

/**
 * One endpoint. The only place where it touches the runtime: it turns calls and alarms into what its
 * parts do. See `WebhookRuntime` for how they are joined.
 */
export class WebhookObject extends DurableObject<Env> implements WebhookCalls {
  readonly #guard: AddressGuard;
  readonly #waker: WebhookScheduler;
  readonly #rotations = new Turns();
  #keys: WebhookKeys | null = null;
  #creating: Promise<Answer<ShownWebhook, WebhookRefusal>> | null = null;
  #runtime: WebhookRuntime | null = null;
  #errands: Errands<WebhookErrand> | null = null;
  /** A key is being made: what is published and what is used are not to be compared. */
  #making: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#guard = new AddressGuard(env.ALLOW_PRIVATE_NETWORK === "on");
    this.#waker = new WebhookScheduler(ctx.storage, () => this.#runtime?.look());
    void ctx.blockConcurrencyWhile(() => keepAwake(ctx.storage, () => this.#wake()));
  }

  create(spec: WebhookSpec): Promise<Answer<ShownWebhook, WebhookRefusal>> {
    // The same request may come again while it is under way: both are one.
    this.#creating ??= this.#create(spec).finally(() => {
      this.#creating = null;
    });
    return this.#creating;
  }

  async #create(spec: WebhookSpec): Promise<Answer<ShownWebhook, WebhookRefusal>> {
    const now = Date.now();
    const problem = await this.#guard.check(spec.url, now);
    if (problem !== null) return refuseAddress(problem);
    const { storage } = this.ctx;
    const { sql } = storage;
    migrateQueue(sql);
    const before = this.#runtime;
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
    const runtime = before ?? this.#begin(endpoint);
    // Whatever becomes of this instance: it is undone, or it is whole.
    this.#waker.wakeAt(null, true, now);
    const made = await this.#firstKey(endpoint, now).catch((error: unknown) => {
      console.error("webhook key failed", { webhook: endpoint.id, error: String(error) });
      return null;
    });
    const isKnown = made !== null && (await runtime.link.tell());
    const isNew = this.#runtime === runtime && readMeta(sql, "making", Making) !== null;
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
    if (this.#runtime !== runtime) return NO_WEBHOOK;
    dropMeta(sql, "making");
    if (endpoint.enabled && readMeta(sql, "greeted", Greeted) === null) {
      runtime.addTest("verification", crypto.randomUUID(), now);
      writeMeta(sql, "greeted", { at: now });
    } else runtime.look();
    return grant({ ...runtime.view(), ...pickShownOnce(made) });
  }

  async find(): Promise<WebhookView | null> {
    return this.#runtime?.view() ?? null;
  }

  async change(
    patch: Partial<WebhookInput>,
    expectedAt: number | null,
  ): Promise<Answer<WebhookView, WebhookRefusal>> {
    const now = Date.now();
    const problem = patch.url === undefined ? null : await this.#guard.check(patch.url, now);
    if (problem !== null) return refuseAddress(problem);
    // Looking at the address let other calls in: what is changed is what is there now.
    const runtime = this.#runtime;
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

  async ensure(): Promise<void> {
    if (this.#errands?.isAny === true) void this.#errands.run();
    this.#runtime?.look();
  }

  async destroy(): Promise<boolean> {
    const runtime = this.#runtime;
    if (runtime !== null) this.#end(runtime.endpoint);
    await this.#errands?.run();
    await this.#vanish();
    return runtime !== null;
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
    const runtime = this.#runtime;
    if (runtime === null) return NO_WEBHOOK;
    const now = Date.now();
    const known = (await this.#keys?.shownAgain(findMade(this.ctx.storage.sql, request))) ?? null;
    const until = now + graceSeconds * 1_000;
    const made = known ?? (await this.#makeKey(runtime.endpoint, until, now, request));
    return grant({ ...runtime.view(), ...pickShownOnce(made) });
  }

  async publicKeys(): Promise<PublicKeyView[] | null> {
    return this.#keys?.shown(Date.now()) ?? null;
  }

  async sendTest(request: string | null): Promise<Answer<DeliveryView, WebhookRefusal>> {
    return this.#desk()?.test(request, Date.now()) ?? NO_WEBHOOK;
  }

  async deliveries(query: DeliveryQuery): Promise<Answer<DeliveryPage, WebhookRefusal>> {
    return this.#desk()?.deliveries(query) ?? NO_WEBHOOK;
  }

  async delivery(id: string): Promise<Answer<DeliveryDetail, WebhookRefusal>> {
    return this.#desk()?.delivery(id) ?? NO_WEBHOOK;
  }

  async retry(id: string, request: string | null): Promise<Answer<DeliveryView, WebhookRefusal>> {
    return this.#desk()?.retry(id, request, Date.now()) ?? NO_WEBHOOK;
  }

  async recover(
    wish: RecoveryInput,
    request: string | null,
  ): Promise<Answer<RecoveryView, WebhookRefusal>> {
    return this.#desk()?.recover(wish, request) ?? NO_WEBHOOK;
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
    try {
      this.#waker.gone(Date.now());
      const told = this.#errands?.run();
      this.#runtime?.look();
      this.#waker.looked();
      await told;
      await this.#vanish();
    } catch (error) {
      console.error("webhook alarm failed", { webhook: this.ctx.id.name, error: String(error) });
    }
  }

  async #wake(): Promise<void> {
    const { storage } = this.ctx;
    const { sql } = storage;
    if (!hasQueue(sql)) return;
    migrateQueue(sql);
    this.#errands = this.#makeErrands();
    const endpoint = readMeta(sql, "endpoint", Endpoint);
    if (endpoint === null) return;
    // Nobody was told of one whose making was cut off.
    if (readMeta(sql, "making", Making) !== null) return this.#end(endpoint);
    const runtime = this.#begin(endpoint);
    // One whose alarm was given up on would sleep for ever.
    if ((await storage.getAlarm()) === null) runtime.look();
  }

  #begin(endpoint: Endpoint): WebhookRuntime {
    const { storage } = this.ctx;
    this.#errands ??= this.#makeErrands();
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

  /** Ends a webhook at once and for good. What others are to hear of it is written down. */
  #end(endpoint: Endpoint): void {
    const errands = (this.#errands ??= this.#makeErrands());
    this.#runtime?.stop();
    this.#waker.stop();
    this.#runtime = null;
    this.#keys = null;
    endWebhook(this.ctx.storage, errands, endpoint);
    errands.changed();
  }

  /** Gives up an object that is not needed any more. */
  async #vanish(): Promise<void> {
    const isIdle = (): boolean => this.#runtime === null && this.#errands?.isAny === false;
    if (!isIdle()) return;
    await this.ctx.blockConcurrencyWhile(async () => {
      if (!isIdle()) return;
      this.#errands = null;
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
    });
  }

  #makeErrands(): Errands<WebhookErrand> {
    const [, webhook = ""] = (this.ctx.id.name ?? "").split("/");
    const host = {
      db: this.env.DB,
      webhook,
      keys: () => this.#keys,
      channel: (id: string) => this.env.CHANNEL.getByName(id),
    };
    const errands: Errands<WebhookErrand> = new Errands({
      storage: this.ctx.storage,
      perform: async (errand) => {
        await this.#making;
        await performWebhookErrand(errand, host);
      },
      keepAlarm: (isNeeded) => this.#waker.keepErrands(isNeeded, Date.now()),
    });
    errands.changed();
    return errands;
  }

  #desk(): DeliveryApi | null {
    const runtime = this.#runtime;
    if (runtime === null) return null;
    return new DeliveryApi(this.ctx.storage.sql, runtime, () => this.#channel(runtime.endpoint));
  }

  /** The key of a new webhook: the one it has already, where it was asked for before. */
  async #firstKey(endpoint: Endpoint, now: number): Promise<MadeKey> {
    const keys = this.#keys;
    const known = (await keys?.shownAgain(keys.current?.id ?? null)) ?? null;
    return known ?? this.#makeKey(endpoint, now, now, null);
  }

  /** A new key, published before anything is signed with it. */
  async #makeKey(
    endpoint: Endpoint,
    othersUntil: number,
    now: number,
    request: string | null,
  ): Promise<MadeKey> {
    const errands = (this.#errands ??= this.#makeErrands());
    // Whatever is lost from here on: what is published agrees with what is used in the end.
    errands.put([webhookErrand("keys-agree", endpoint)]);
    errands.changed();
    const making = this.#publish(endpoint, othersUntil, now, request);
    this.#making = making.catch(() => null);
    try {
      return await making;
    } finally {
      await errands.run();
    }
  }

  async #publish(
    endpoint: Endpoint,
    othersUntil: number,
    now: number,
    request: string | null,
  ): Promise<MadeKey> {
    const keys = this.#keys;
    if (keys === null) throw new Error("there is no webhook");
    const { id: webhook, channelNumber: channel } = endpoint;
    const made = await keys.make(webhook, bytes, now);
    const { id, publicKey } = made.record;
    const key = { id, channel, webhook, x: toX(publicKey), createdAt: now };
    await within(PUBLISH_MS, publishKey(this.env.DB, key));
    // The webhook may have gone while its key was published.
    if (this.#keys !== keys) throw new Error("there is no webhook");
    // While it was published the same request may have come a second time, and been the first.
    const other = await keys.shownAgain(findMade(this.ctx.storage.sql, request));
    if (other !== null) return other;
    keys.adopt(made.record, othersUntil, now);
    putMade(this.ctx.storage.sql, request, id, now);
    return made;
  }

  #channel({ channel }: Endpoint): WebhookChannelCalls {
    return this.env.CHANNEL.getByName(channel);
  }
}

function bytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}

function pickShownOnce({ secret, record }: MadeKey): { secret: string; publicKey: string } {
  return { secret, publicKey: `whpk_${record.publicKey}` };
}

function refuseAddress(problem: string): Answer<never, "invalid_input"> {
  const detail = `url: ${problem}`;
  return refuse("invalid_input", detail, [{ pointer: "/url", detail: problem }]);
}

const NO_WEBHOOK = refuse("webhook_not_found", "This channel has no such webhook.");
