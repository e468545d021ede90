import { BODY_MAX_BYTES } from "../../delivery/endpoint.ts";
import type { Fault } from "../../delivery/outcome.ts";
import { isLonger } from "../../lib/bytes.ts";
import type { Delivery } from "../../store/queue/deliveries.ts";
import { UNRESOLVED } from "./address-guard.ts";
import type { Exchange } from "./http.ts";

/** Makes the headers of an attempt, without its signature. */
export function makeHeaders(
  { isBatch, messageId }: Delivery,
  about: {
    readonly at: number;
    readonly origin: string;
    readonly traceId: string;
    readonly spanId: string;
  },
): Record<string, string> {
  return {
    "content-type": isBatch ? "application/cloudevents-batch+json" : "application/cloudevents+json",
    "user-agent": `Tributary-Webhooks/1 (${about.origin})`,
    "webhook-id": messageId ?? "",
    "webhook-timestamp": String(Math.floor(about.at / 1_000)),
    traceparent: `00-${about.traceId}-${about.spanId}-01`,
  };
}

/** Why a delivery is not even sent; null if it is. */
export function findFault(
  problem: string | null,
  body: string,
  isKeyless: boolean,
): Exchange | null {
  const fault = problem === UNRESOLVED ? "connection" : "address_refused";
  if (problem !== null) return makeUnsent(fault, `The address ${problem}.`);
  if (isLonger(body, BODY_MAX_BYTES)) return makeUnsent("too_large", null);
  return isKeyless ? NO_KEYS : null;
}

function makeUnsent(fault: Fault, detail: string | null): Exchange {
  const outcome = { type: "failed" as const, fault };
  return { outcome, detail, answer: null, headersMs: null, endMs: null };
}

export const NO_KEYS = makeUnsent(
  "internal",
  "The relay cannot open the keys that it signs with. Nothing is sent until it can.",
);

export function countBytes(text: string): number {
  return encoder.encode(text).byteLength;
}

const encoder = new TextEncoder();

/** A trace's id and a span's (W3C Trace Context), of 24 bytes. */
export function deriveTrace(bytes: Uint8Array): [traceId: string, spanId: string] {
  let digits = "";
  for (const byte of bytes) digits += HEX[byte] ?? "";
  return [digits.slice(0, 32), digits.slice(32)];
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
