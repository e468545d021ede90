import type { LogPage, WebhookChannelCalls } from "../../calls/webhook.ts";
import { within } from "../../deadline.ts";
import { makeFilter, type Endpoint } from "../../delivery/endpoint.ts";
import { computeInternalRetryMs } from "../../delivery/schedule.ts";
import { ERASING_TYPES } from "../../event/erasure.ts";
import { EVERYTHING, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { report } from "../../report.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { dropNotice, listNotices } from "../../store/queue/notices.ts";
import type { WebhookIntake } from "./intake.ts";
import { LinkMark } from "./meta.ts";

/** The port through which the link reaches its object. */
export interface LinkHost {
  readonly storage: DurableObjectStorage;
  readonly intake: WebhookIntake;
  endpoint(): Endpoint;
  /** A stub is good until its first failure. */
  channel(): WebhookChannelCalls;
  now(): number;
  random(): number;
  /** The channel is gone for good. */
  orphaned(): void;
}

// The channel answers from memory, or reads a page of history.
const CALL_MS = 12_000;

// What was taken so recently cannot have been deleted long ago.
const FRESH_MS = 1_000;

const ERASING: Filter = { ...EVERYTHING, types: ERASING_TYPES };

/** The connection of a webhook to its channel. A call that fails is tried again. */
export class WebhookLink {
  readonly #host: LinkHost;
  #isAttached: boolean;
  #isRefused = false;
  #hasNotices: boolean;
  #failures = 0;
  #dueAt = 0;
  #running: Promise<void> | null = null;
  #syncing: Promise<void> | null = null;
  #syncedAt = 0;

  constructor(host: LinkHost) {
    this.#host = host;
    const { sql } = host.storage;
    this.#isAttached = readMeta(sql, "link", LinkMark)?.isAttached ?? false;
    this.#hasNotices = listNotices(sql).length > 0;
  }

  /** When there is something to tell; null for nothing. */
  get dueAt(): number | null {
    return this.#isAttached && !this.#hasNotices ? null : this.#dueAt;
  }

  /** The channel has as many webhooks as it may, and this is not one of them. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** The endpoint has changed: the channel is to know. */
  changed(): void {
    this.#isAttached = false;
    this.#dueAt = 0;
    writeMeta(this.#host.storage.sql, "link", { isAttached: false });
  }

  noticed(): void {
    this.#hasNotices = true;
    this.#dueAt = 0;
  }

  /** Tells the channel what it is due to be told. Never throws; answers whether all is said. */
  async tell(): Promise<boolean> {
    this.#running ??= this.#tell().finally(() => {
      this.#running = null;
    });
    await this.#running;
    return this.#isAttached && !this.#hasNotices;
  }

  async #tell(): Promise<void> {
    try {
      while (!this.#isAttached) await this.#attach();
      for (const { number, notice } of listNotices(this.#host.storage.sql)) {
        const { epoch } = this.#host.endpoint();
        const { key, type, data } = notice;
        const call = this.#host.channel().noteWebhook(epoch, { key, type, data });
        if (!(await within(CALL_MS, call))) return this.#host.orphaned();
        dropNotice(this.#host.storage.sql, number);
      }
      this.#hasNotices = listNotices(this.#host.storage.sql).length > 0;
      this.#failures = 0;
    } catch (error) {
      report("webhook could not tell its channel", error, { webhook: this.#host.endpoint().id });
      this.#dueAt = this.#host.now() + computeInternalRetryMs(this.#failures, this.#host.random());
      this.#failures += 1;
    }
  }

  async #attach(): Promise<void> {
    const asked = this.#host.endpoint();
    const { id, epoch, enabled } = asked;
    const link = { id, enabled, filter: makeFilter(asked) };
    const answer = await within(CALL_MS, this.#host.channel().attachWebhook(epoch, link));
    if (answer === null || answer === "full") {
      this.#isRefused = answer === "full";
      this.#isAttached = true;
      return this.#host.orphaned();
    }
    // It was changed in the meantime: once more.
    if (this.#host.endpoint() !== asked) return;
    if (enabled && this.#host.intake.takenTo === null) this.#host.intake.beginAt(answer.cursor);
    this.#isAttached = true;
    writeMeta(this.#host.storage.sql, "link", { isAttached: true });
  }

  /** May what was taken at a time be sent as it is? */
  isFresh(takenAt: number): boolean {
    const age = this.#host.now() - Math.max(takenAt, this.#syncedAt);
    // If the clock went backwards the age is unknown: treat it as stale.
    return age >= 0 && age < FRESH_MS;
  }

  /** The next events of the log. Rejects if the channel cannot be asked, or is gone for good. */
  async read(after: Seq, filter: Filter): Promise<LogPage> {
    const { epoch } = this.#host.endpoint();
    const page = await within(CALL_MS, this.#host.channel().logPage(epoch, after, filter));
    if (page !== null) return page;
    this.#host.orphaned();
    throw new Error("the channel is gone");
  }

  /** Brings the queue up to date with what was erased since its events were read. */
  doubt(place: Seq): void {
    this.#host.intake.doubt(place);
    this.#syncedAt = 0;
  }

  /**
   * Catches up on what was erased, so that nothing deleted by now is sent. Rejects if the channel
   * cannot be asked.
   */
  sync(): Promise<void> {
    this.#syncing ??= this.#sync().finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  async #sync(): Promise<void> {
    const { intake } = this.#host;
    const beganAt = this.#host.now();
    for (;;) {
      const after = intake.erasedTo;
      const page = await this.read(after, ERASING);
      intake.eraseAll(page.events, after, page.seenTo);
      // Else the same page would be asked for again, and at once.
      if (page.seenTo <= after && after < page.head)
        throw new Error("the log was not read any further");
      // What was put in the queue meanwhile may have been read before.
      if (intake.erasedTo >= page.head) break;
    }
    this.#syncedAt = beganAt;
  }
}
