import type { Settlement, Trigger } from "../../delivery/settle.ts";
import type { AttemptRecord } from "../../store/queue/attempts.ts";
import type { Exchange } from "./http.ts";

/** An attempt as it was made. */
export interface Attempt {
  readonly at: number;
  readonly trigger: Trigger;
  readonly url: string;
  readonly traceId: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBytes: number;
  readonly exchange: Exchange;
}

/** An attempt as it is put on record, with what followed from it. */
export function makeRecord(attempt: Attempt, settlement: Settlement): AttemptRecord {
  const { delivery, verdict, why } = settlement;
  const { exchange, at, trigger, url, traceId, requestHeaders, requestBytes } = attempt;
  const { answer } = exchange;
  return {
    number: delivery.attempts,
    at,
    trigger,
    class: verdict.class,
    reason: verdict.reason,
    detail: exchange.detail,
    url,
    traceId,
    requestHeaders: { ...requestHeaders },
    requestBytes,
    status: answer?.status ?? null,
    responseHeaders: answer?.headers ?? null,
    body: answer?.body ?? null,
    bodyBytes: answer?.bodyBytes ?? null,
    bodyCut: answer?.bodyCut ?? false,
    headersMs: exchange.headersMs,
    endMs: exchange.endMs,
    nextAt: delivery.status === "pending" ? delivery.dueAt : null,
    why,
  };
}
