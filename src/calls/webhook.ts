import type { Answer } from "../event/answer.ts";
import type { Filter } from "../event/filter.ts";
import type { Epoch, Seq } from "../event/ids.ts";
import type { LoggedEvent } from "../store/logged-event.ts";

/*
 * What is asked of a webhook's object, by the door and by its channel's object, and what it asks of
 * the channel: the same seam as `calls/channel.ts`.
 */

/** How many webhooks a channel has at most: each is handed every event, and so many were measured. */
export const WEBHOOKS_MAX = 100;

/** The name of a webhook's object. A channel made anew with an old id has another number. */
export function formatWebhookName(channelNumber: number, id: string): string {
  return `${channelNumber}/${id}`;
}

/**
 * The calls of a webhook's object. `request` names the request that asks, where it may come again:
 * within a day it is answered with what it made the first time.
 */
export interface WebhookCalls {
  /**
   * Begins: makes its keys, and has the channel hand events over. Asked for again it goes on where
   * it was, and answers the same.
   */
  create(spec: WebhookSpec): Promise<Answer<ShownWebhook, WebhookRefusal>>;
  find(): Promise<WebhookView | null>;
  /** Sees to what is due; from a cron, for a webhook whose alarm was lost. */
  ensure(): Promise<void>;
  /** `expectedAt`: only if it was last changed then; null for no matter when. */
  change(
    patch: Partial<WebhookInput>,
    expectedAt: number | null,
  ): Promise<Answer<WebhookView, WebhookRefusal>>;
  /** The webhook is gone: nothing of it stays. */
  destroy(): Promise<boolean>;
  /** A new secret; the old one signs as well for so long. */
  rotate(
    graceSeconds: number,
    request: string | null,
  ): Promise<Answer<ShownWebhook, WebhookRefusal>>;
  publicKeys(): Promise<readonly PublicKeyView[] | null>;
  /** Sends a test event once. */
  sendTest(request: string | null): Promise<Answer<DeliveryView, WebhookRefusal>>;
  deliveries(query: DeliveryQuery): Promise<Answer<DeliveryPage, WebhookRefusal>>;
  delivery(id: string): Promise<Answer<DeliveryDetail, WebhookRefusal>>;
  /** Tries a delivery at once, whatever it waits for or has come to. */
  retry(id: string, request: string | null): Promise<Answer<DeliveryView, WebhookRefusal>>;
  recover(
    wish: RecoveryInput,
    request: string | null,
  ): Promise<Answer<RecoveryView, WebhookRefusal>>;
  recoveries(): Promise<Answer<readonly RecoveryView[], WebhookRefusal>>;
  recovery(id: string): Promise<Answer<RecoveryView, WebhookRefusal>>;
  cancelRecovery(id: string): Promise<Answer<RecoveryView, WebhookRefusal>>;
  /** Takes a stretch of the channel's log. Once it has answered, the events are its own. */
  take(handOver: HandOver): Promise<Taken>;
}

/**
 * What a webhook's object asks of its channel's. A channel that was made anew with an old name has
 * another epoch, and is nobody to an old webhook.
 */
export interface WebhookChannelCalls {
  /** Has events handed over from now on, or no longer; answers from where. Null: no such channel. */
  /** Null: the channel is gone. `full`: it has as many webhooks as it may, and not this one. */
  attachWebhook(epoch: Epoch, link: WebhookLink): Promise<{ readonly cursor: Seq } | "full" | null>;
  detachWebhook(id: string): Promise<void>;
  webhookIds(): Promise<readonly string[]>;
  /** The id of the webhook that a request makes: the one given, or what it was given before. */
  nameWebhook(request: string, id: string): Promise<string>;
  /** There is room again for what could not be taken. */
  resumeWebhook(id: string): Promise<void>;
  /** Tells of a webhook in the channel's log; the same key again is the same event. */
  noteWebhook(epoch: Epoch, note: WebhookNote): Promise<boolean>;
  /** The next events of the log after a place, as far as one page goes. */
  logPage(epoch: Epoch, after: Seq, filter: Filter): Promise<LogPage | null>;
}

/** What a channel has to know of a webhook to feed it. */
export interface WebhookLink {
  readonly id: string;
  readonly filter: Filter;
  readonly enabled: boolean;
}

export interface WebhookNote {
  readonly key: string;
  readonly type: "webhook.failing" | "webhook.recovered" | "webhook.disabled";
  readonly data: Record<string, unknown>;
}

export interface LogPage {
  readonly events: readonly LoggedEvent[];
  /** Later than asked for where what came first is no longer kept. */
  readonly from: Seq;
  readonly seenTo: Seq;
  readonly head: Seq;
}

/** An event on its way to a webhook. */
export type HandedEvent = Omit<LoggedEvent, "raw">;

/**
 * A stretch of the log: everything after `from` up to `to` that the filter lets through, and what
 * orders erasures.
 */
export interface HandOver {
  readonly epoch: Epoch;
  readonly from: Seq;
  readonly to: Seq;
  readonly filter: Filter;
  readonly events: readonly HandedEvent[];
  /** The log does not have the stretch any more: nobody can say what was in it. */
  readonly isLost?: boolean;
}

export interface Taken {
  /** Up to where the webhook has everything: what comes next begins here. */
  readonly takenTo: Seq;
  /** `later`: it is full, and will say when it is not. `nothing`: it is disabled. */
  readonly wants: "more" | "later" | "nothing" | "gone";
}

/** What of a webhook its owner decides. */
export interface WebhookInput {
  readonly url: string;
  readonly types: readonly string[];
  readonly providers: readonly string[];
  readonly platforms: readonly string[];
  readonly ordering: "none" | "channel";
  readonly batch: { readonly max: number; readonly waitMs: number } | null;
  readonly ratePerSecond: number | null;
  readonly handshake: "none" | "cloudevents";
  readonly enabled: boolean;
}

export interface WebhookSpec extends WebhookInput {
  readonly id: string;
  readonly channel: string;
  readonly channelNumber: number;
  readonly epoch: Epoch;
  /** The relay's own host, as whoever asks knows it. */
  readonly origin: string;
}

export type WebhookRefusal =
  | "invalid_input"
  | "webhook_not_found"
  | "webhook_disabled"
  | "webhook_limit"
  | "delivery_not_found"
  | "delivery_gone"
  | "recovery_not_found"
  | "channel_not_found"
  | "conflict"
  | "unavailable";

/** How an endpoint fares. Times as RFC 3339. */
export interface WebhookHealthView {
  readonly state: "healthy" | "failing" | "unverified" | "disabled";
  readonly since: string;
  /** Why it is disabled or not verified. */
  readonly reason: string | null;
  /** The share of recent attempts that failed. */
  readonly failureRate: number;
  readonly failingSince: string | null;
  readonly failedAttempts: number;
  readonly lastSuccessAt: string | null;
  readonly lastFailureAt: string | null;
  /** When a failing endpoint is tried again. */
  readonly nextProbeAt: string | null;
  /** Deliveries that wait, and since when the oldest does. */
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  /** Up to where the log has been taken. */
  readonly position: string | null;
}

/** A webhook as the API shows it, never with its secret. */
export interface WebhookView extends WebhookInput {
  readonly id: string;
  readonly health: WebhookHealthView;
  readonly createdAt: string;
  /** When it was last changed, in milliseconds: what its entity tag is made of. */
  readonly updatedAt: number;
}

/** A webhook with its secret, shown once. */
export interface ShownWebhook extends WebhookView {
  readonly secret: string;
  readonly publicKey: string;
}

export interface PublicKeyView {
  readonly id: string;
  readonly publicKey: string;
  /** Base 64url, as a JSON Web Key has it. */
  readonly x: string;
  /** When it stops signing; null for the current one. */
  readonly retiresAt: string | null;
}

export interface DeliveryQuery {
  readonly status: "pending" | "succeeded" | "failed" | "cancelled" | null;
  readonly after: string | null;
  readonly limit: number;
}

/** A delivery as the API shows it. */
export interface DeliveryView {
  readonly id: string;
  readonly kind: "event" | "test" | "verification";
  readonly messageId: string | null;
  readonly events: number;
  readonly status: "pending" | "succeeded" | "failed" | "cancelled";
  readonly why: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
  readonly settledAt: string | null;
  readonly recovery: string | null;
}

export interface DeliveryPage {
  readonly data: readonly DeliveryView[];
  readonly next: string | null;
}

export interface DeliveryDetail extends Omit<DeliveryView, "attempts"> {
  readonly eventIds: readonly string[];
  readonly attempts: readonly AttemptView[];
}

export interface AttemptView {
  readonly number: number;
  readonly at: string;
  readonly trigger: "scheduled" | "probe" | "manual" | "test" | "recovery";
  readonly class: "success" | "permanent" | "transient" | "ours";
  readonly reason: string;
  readonly detail: string | null;
  readonly traceId: string | null;
  readonly request: {
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly bytes: number;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly bytes: number;
    readonly cut: boolean;
  } | null;
  readonly headersMs: number | null;
  readonly endMs: number | null;
  readonly nextAttemptAt: string | null;
  readonly why: string;
}

/** Which events are to be brought again: after a place, up to another. */
export interface RecoveryInput {
  readonly after: Seq;
  readonly upTo: Seq | null;
  readonly only: "failed" | "missing" | "all";
}

export interface RecoveryView {
  readonly id: string;
  readonly status: "counting" | "running" | "done" | "cancelled";
  readonly only: "failed" | "missing" | "all";
  readonly after: string;
  readonly upTo: string;
  /** Events there were to bring; null while they are being counted. */
  readonly count: number | null;
  readonly delivered: number;
  readonly failed: number;
  readonly remaining: number | null;
  /** Up to where the log has been gone through. */
  readonly position: string;
  /** What was to be brought and is no longer kept; null for nothing. */
  readonly gap: { readonly from: string; readonly to: string; readonly cause: "expired" } | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}
