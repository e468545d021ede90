import type { AttemptView, DeliveryDetail, DeliveryView } from "../../calls/delivery.ts";
import type { RecoveryView } from "../../calls/recovery.ts";
import type { WebhookHealthView, WebhookView } from "../../calls/webhook-view.ts";
import type { Endpoint } from "../../delivery/endpoint.ts";
import { computeFailureRate } from "../../delivery/health.ts";
import type { EndpointState } from "../../delivery/settle.ts";
import type { Seq } from "../../event/ids.ts";
import { formatPosition } from "../../event/position.ts";
import { formatTime } from "../../lib/time.ts";
import type { AttemptRecord } from "../../store/queue/attempts.ts";
import type { Delivery } from "../../store/queue/deliveries.ts";
import type { Recovery } from "../../store/queue/recoveries.ts";

/*
 * The API's view of a webhook, with times as RFC 3339.
 */

/** The parts that a webhook's view is made of. */
export interface Shown {
  readonly endpoint: Endpoint;
  readonly state: EndpointState;
  readonly handshake: { readonly isGiven: boolean; readonly detail: string | null };
  readonly pending: number;
  readonly oldestPendingAt: number | null;
  readonly takenTo: Seq | null;
  readonly now: number;
}

export function viewWebhook(shown: Shown): WebhookView {
  const { endpoint } = shown;
  const { id, url, types, providers, platforms, ordering, batch, ratePerSecond } = endpoint;
  const { handshake, enabled, createdAt, updatedAt } = endpoint;
  return {
    id,
    url,
    types,
    providers,
    platforms,
    ordering,
    batch,
    ratePerSecond,
    handshake,
    enabled,
    health: viewHealth(shown),
    createdAt: formatTime(createdAt),
    updatedAt,
  };
}

function viewHealth(shown: Shown): WebhookHealthView {
  const { endpoint, handshake, now, pending, oldestPendingAt, takenTo } = shown;
  const { health } = shown.state;
  const isFailing = health.state === "failing" && endpoint.enabled;
  return {
    state: describeState(shown),
    since: formatTime(endpoint.enabled ? health.since : endpoint.updatedAt),
    reason: endpoint.disabledReason ?? (handshake.isGiven ? null : handshake.detail),
    failureRate: Number(computeFailureRate(health, now).toFixed(3)),
    failingSince: formatTimeOrNull(health.failingSince),
    failedAttempts: health.failedAttempts,
    lastSuccessAt: formatTimeOrNull(health.lastSuccessAt),
    lastFailureAt: formatTimeOrNull(health.lastFailureAt),
    nextProbeAt: isFailing ? formatTime(health.probeAt) : null,
    pending,
    oldestPendingAt: formatTimeOrNull(oldestPendingAt),
    position: takenTo === null ? null : formatPosition(endpoint.epoch, takenTo),
  };
}

function describeState({ endpoint, state, handshake }: Shown): WebhookHealthView["state"] {
  if (!endpoint.enabled) return "disabled";
  return handshake.isGiven ? state.health.state : "unverified";
}

export function viewDelivery(delivery: Delivery): DeliveryView {
  const { number, kind, messageId, seqs, status, why, attempts, dueAt } = delivery;
  return {
    id: formatDeliveryId(number),
    kind,
    messageId,
    events: kind === "event" ? seqs.length : 0,
    status,
    why,
    attempts,
    nextAttemptAt: status === "pending" ? formatTime(dueAt) : null,
    createdAt: formatTime(delivery.createdAt),
    settledAt: formatTimeOrNull(delivery.settledAt),
    recovery: delivery.recovery === null ? null : formatRecoveryId(delivery.recovery),
  };
}

export function viewDeliveryDetail(
  delivery: Delivery,
  epoch: string,
  attempts: readonly AttemptRecord[],
): DeliveryDetail {
  const seqs = delivery.kind === "event" ? delivery.seqs : [];
  return {
    ...viewDelivery(delivery),
    eventIds: seqs.map((seq) => formatPosition(epoch, seq)),
    attempts: attempts.map(viewAttempt),
  };
}

function viewAttempt(record: AttemptRecord): AttemptView {
  const { number, at, trigger, reason, detail, traceId, headersMs, endMs, nextAt, why } = record;
  const { url, requestHeaders, requestBytes } = record;
  return {
    number,
    at: formatTime(at),
    trigger,
    class: record.class,
    reason,
    detail,
    traceId,
    request: { url, headers: requestHeaders, bytes: requestBytes },
    response:
      record.status === null
        ? null
        : {
            status: record.status,
            headers: record.responseHeaders ?? {},
            body: record.body ?? "",
            bytes: record.bodyBytes ?? 0,
            cut: record.bodyCut,
          },
    headersMs,
    endMs,
    nextAttemptAt: formatTimeOrNull(nextAt),
    why,
  };
}

export function viewRecovery(recovery: Recovery, epoch: string): RecoveryView {
  const { number, status, only, after, upTo, total, succeeded, failed, queuedTo } = recovery;
  const isCounted = recovery.countedTo >= upTo;
  const { lost } = recovery;
  return {
    id: formatRecoveryId(number),
    status,
    only,
    after: formatPosition(epoch, after),
    upTo: formatPosition(epoch, upTo),
    count: isCounted ? total : null,
    delivered: succeeded,
    failed,
    remaining: isCounted ? Math.max(0, total - succeeded - failed) : null,
    position: formatPosition(epoch, queuedTo),
    gap:
      lost === null
        ? null
        : {
            from: formatPosition(epoch, lost.after),
            to: formatPosition(epoch, lost.upTo),
            cause: "expired",
          },
    createdAt: formatTime(recovery.createdAt),
    endedAt: formatTimeOrNull(recovery.endedAt),
  };
}

function formatDeliveryId(number: number): string {
  return `d_${number}`;
}

export function formatRecoveryId(number: number): string {
  return `r_${number}`;
}

/** The number in an id with a prefix; null if it is none. */
export function parseNumberIn(prefix: "d_" | "r_", id: string): number | null {
  const digits = id.startsWith(prefix) ? id.slice(prefix.length) : "";
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : null;
}

function formatTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms);
}
