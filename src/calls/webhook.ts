import type { Answer } from "../event/answer.ts";
import type { Erasure } from "../event/erasure.ts";
import type { Filter } from "../event/filter.ts";
import type { Epoch, Seq } from "../event/ids.ts";
import type { SealedLeft } from "../lib/sealed-left.ts";
import type { LoggedEvent } from "../store/logged-event.ts";
import type { DeliveryDetail, DeliveryQuery, DeliveryView, PageQuery } from "./delivery.ts";
import type { RecoveryInput, RecoveryView } from "./recovery.ts";
import type { WebhookState } from "./report.ts";
import type {
  PublicKeyView,
  ShownWebhook,
  WebhookInput,
  WebhookSpec,
  WebhookView,
} from "./webhook-view.ts";

/*
 * The calls to a webhook's object, by the door and by its channel's object, and what it asks of
 * the channel: the same seam as `calls/channel.ts`.
 */

/**
 * How many webhooks a channel has at most: each is handed every event, and so many were measured.
 */
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
  /** Sees to what is due; from a cron, for a webhook whose alarm was lost. Answers how it fares. */
  ensure(): Promise<WebhookState>;
  /** Seals anew what the master key before has sealed, as far as one call goes. */
  reseal(): Promise<SealedLeft>;
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
  /** Newest first. */
  deliveries(query: DeliveryQuery): Promise<Answer<DeliveryView[], WebhookRefusal>>;
  delivery(id: string): Promise<Answer<DeliveryDetail, WebhookRefusal>>;
  /** Tries a delivery at once, whatever it waits for or has come to. */
  retry(id: string, request: string | null): Promise<Answer<DeliveryView, WebhookRefusal>>;
  /** Tries at once, at the endpoint's pace, all that waits for its next try. */
  retryWaiting(request: string | null): Promise<Answer<WebhookView, WebhookRefusal>>;
  recover(
    input: RecoveryInput,
    request: string | null,
  ): Promise<Answer<RecoveryView, WebhookRefusal>>;
  /** Newest first. */
  recoveries(query: PageQuery): Promise<Answer<RecoveryView[], WebhookRefusal>>;
  recovery(id: string): Promise<Answer<RecoveryView, WebhookRefusal>>;
  cancelRecovery(id: string): Promise<Answer<RecoveryView, WebhookRefusal>>;
  /** Takes a range of the channel's log. Once it has answered, the events are its own. */
  take(handOver: HandOver): Promise<Taken>;
  /** Forgets people, in what waits to be sent and in what comes that was read before. */
  forget(erasures: readonly Erasure[]): Promise<void>;
}

/**
 * The calls of a webhook's object to its channel's. A channel that was made anew with an old name
 * has another epoch, and is nobody to an old webhook.
 */
export interface WebhookChannelCalls {
  /**
   * Has events handed over from now on, or no longer; answers from where. Null: there is no such
   * channel. `full`: it has as many webhooks as it may, and not this one.
   */
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

/** The facts of a webhook that its channel needs. */
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
 * A range of the log: everything after `from` up to `to` that the filter lets through, and what
 * orders erasures.
 */
export interface HandOver {
  readonly epoch: Epoch;
  readonly from: Seq;
  readonly to: Seq;
  readonly filter: Filter;
  readonly events: readonly HandedEvent[];
  /** The log does not have the range any more: nobody can say what was in it. */
  readonly isLost?: boolean;
}

export interface Taken {
  /** Up to where the webhook has everything: what comes next begins here. */
  readonly takenTo: Seq;
  /** `later`: it is full, and will say when it is not. `nothing`: it is disabled. */
  readonly wants: "more" | "later" | "nothing" | "gone";
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
