import { DurableObject } from "cloudflare:workers";

import { reachChannel } from "../../asking.ts";
import { nameChannel, readLocation } from "../../calls/object-names.ts";
import type { WebhookState } from "../../calls/report.ts";
import type { WebhookChannelCalls } from "../../calls/webhook.ts";
import { Endpoint } from "../../delivery/endpoint.ts";
import type { Location } from "../../event/location.ts";
import { readMasterKeys, type MasterKeys } from "../../lib/master-keys.ts";
import type { SealedLeft } from "../../lib/sealed-left.ts";
import { report } from "../../report.ts";
import { readMeta } from "../../store/object/meta.ts";
import { hasQueue, migrateQueue } from "../../store/queue/schema.ts";
import { keepAwake } from "../alarms.ts";
import { Errands } from "../errands.ts";
import { resealAll } from "../resealing.ts";
import { AddressGuard } from "./address-guard.ts";
import { endWebhook, performWebhookErrand, type WebhookErrand } from "./errands.ts";
import { post } from "./http.ts";
import { WebhookKeyMaker } from "./key-maker.ts";
import { WebhookKeys } from "./keys.ts";
import { Making } from "./meta.ts";
import { WebhookRuntime } from "./runtime.ts";
import { WebhookScheduler } from "./scheduler.ts";

/**
 * How a webhook's object begins, is woken, and ends: the only place where it touches the runtime.
 * See `WebhookRuntime` for how its parts are joined.
 */
export abstract class WebhookLife extends DurableObject<Env> {
  protected readonly guard: AddressGuard;
  protected readonly masterKeys: MasterKeys;
  protected readonly scheduler: WebhookScheduler;
  protected readonly keyMaker: WebhookKeyMaker;
  /** The endpoint at work; null while there is none. */
  protected runtime: WebhookRuntime | null = null;
  protected keys: WebhookKeys | null = null;
  #errands: Errands<WebhookErrand> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.masterKeys = readMasterKeys(env);
    this.guard = new AddressGuard(env.ALLOW_PRIVATE_NETWORK === "on");
    this.scheduler = new WebhookScheduler(ctx.storage, () => this.runtime?.look());
    this.keyMaker = new WebhookKeyMaker({
      storage: ctx.storage,
      db: env.DB,
      keys: () => this.keys,
      errands: () => (this.#errands ??= this.#makeErrands()),
    });
    void ctx.blockConcurrencyWhile(() => keepAwake(ctx.storage, () => this.#wake()));
  }

  async ensure(): Promise<WebhookState> {
    if (this.#errands?.isAny === true) void this.#errands.run();
    this.runtime?.look();
    const { runtime } = this;
    if (runtime === null) return "fine";
    const { disabledReason } = runtime.endpoint;
    if (disabledReason !== null && disabledReason !== "requested") return "disabled";
    return runtime.view().health.state === "failing" ? "failing" : "fine";
  }

  /** Seals anew what the master key before has sealed. Answers what is left. */
  reseal(): Promise<SealedLeft> {
    return resealAll(this.masterKeys, this.keys?.keptSeals ?? []);
  }

  async destroy(): Promise<boolean> {
    const runtime = this.runtime;
    if (runtime !== null) this.#end(runtime.endpoint);
    await this.#errands?.run();
    await this.#vanish();
    return runtime !== null;
  }

  override async alarm(): Promise<void> {
    try {
      this.scheduler.gone(Date.now());
      const told = this.#errands?.run();
      this.runtime?.look();
      this.scheduler.finishLook();
      await told;
      await this.#vanish();
    } catch (error) {
      report("webhook alarm failed", error, { webhook: this.ctx.id.name });
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
    const runtime = this.begin(endpoint);
    // One whose alarm was given up on would sleep for ever.
    if ((await storage.getAlarm()) === null) runtime.look();
  }

  protected begin(endpoint: Endpoint): WebhookRuntime {
    const { storage } = this.ctx;
    this.#errands ??= this.#makeErrands();
    const keys = new WebhookKeys(storage.sql, this.masterKeys, makeBytes);
    const runtime = new WebhookRuntime(
      {
        storage,
        keys,
        channel: () => this.channelOf(endpoint),
        problemWith: (url) => this.guard.check(url, Date.now()),
        post: (request) => post(request),
        now: () => Date.now(),
        random: () => Math.random(),
        bytes: makeBytes,
        wakeAt: (at, isBusy) => this.scheduler.wakeAt(at, isBusy, Date.now()),
        orphaned: () => void this.destroy(),
      },
      endpoint,
    );
    this.keys = keys;
    this.runtime = runtime;
    return runtime;
  }

  /** Ends a webhook at once and for good. What others are to hear of it is written down. */
  #end(endpoint: Endpoint): void {
    const errands = (this.#errands ??= this.#makeErrands());
    this.runtime?.stop();
    this.scheduler.stop();
    this.runtime = null;
    this.keys = null;
    endWebhook(this.ctx.storage, errands, endpoint);
    errands.changed();
  }

  /** Gives up an object that is not needed any more. */
  async #vanish(): Promise<void> {
    const isIdle = (): boolean => this.runtime === null && this.#errands?.isAny === false;
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
      keys: () => this.keys,
      channel: (id: string) => this.#findChannel(id),
    };
    const errands: Errands<WebhookErrand> = new Errands({
      storage: this.ctx.storage,
      perform: async (errand) => {
        await this.keyMaker.settled;
        await performWebhookErrand(errand, host);
      },
      keepAlarm: (isNeeded) => this.scheduler.keepErrands(isNeeded, Date.now()),
    });
    errands.changed();
    return errands;
  }

  protected channelOf({ channel }: Endpoint): WebhookChannelCalls {
    return this.#findChannel(channel);
  }

  /** Finds where this object is. */
  protected findLocation(): Location {
    return readLocation(this.ctx.id);
  }

  /** A channel's object: it is where this one is. */
  #findChannel(id: string): WebhookChannelCalls {
    return reachChannel(this.env, nameChannel({ ...this.findLocation(), id }));
  }
}

function makeBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}
