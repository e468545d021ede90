/* The effects that sessions of all protocols ask for, by one name each. */

import type { EventDraft } from "../event/event.ts";
import type { SendFailure } from "../event/sending.ts";
import type { GatewayEffect } from "./gateway-session.ts";
import type { HttpExchange, LinkFailure, ObservedConnection, ProviderEffect } from "./session.ts";

/** Both ends ask for it in the same words. */
type FrameSend = ProviderEffectOf<"frame-send"> & GatewayEffectOf<"frame-send">;
type ProviderEffectOf<T extends ProviderEffect["type"]> = Extract<ProviderEffect, { type: T }>;
type GatewayEffectOf<T extends GatewayEffect["type"]> = Extract<GatewayEffect, { type: T }>;

export function sendFrame(frame: string): FrameSend {
  return { type: "frame-send", frame };
}

export function rejectFrame(problem: string): ProviderEffectOf<"frame-reject"> {
  return { type: "frame-reject", problem };
}

export function observeEvents(drafts: readonly EventDraft[]): ProviderEffectOf<"events-observe"> {
  return { type: "events-observe", drafts };
}

export function observeConnection(
  connection: ObservedConnection,
): ProviderEffectOf<"connection-observe"> {
  return { type: "connection-observe", connection };
}

export function failSession(failure: LinkFailure): ProviderEffectOf<"session-fail"> {
  return { type: "session-fail", failure };
}

export function setTimer(timer: string, afterMs: number): ProviderEffectOf<"timer-set"> {
  return { type: "timer-set", timer, afterMs };
}

export function clearTimer(timer: string): ProviderEffectOf<"timer-clear"> {
  return { type: "timer-clear", timer };
}

export function issueSend(job: string): ProviderEffectOf<"send-issue"> {
  return { type: "send-issue", job };
}

export function confirmSend(job: string): ProviderEffectOf<"send-confirm"> {
  return { type: "send-confirm", job };
}

/** Ends a send, for good unless the failure says that another try may arrive. */
export function failSend(
  job: string,
  failure: Partial<SendFailure> & Pick<SendFailure, "reason">,
): ProviderEffectOf<"send-fail"> {
  return { type: "send-fail", job, failure: { retryable: false, ...failure } };
}

export function askFor(request: string, exchange: HttpExchange): ProviderEffectOf<"request-issue"> {
  return { type: "request-issue", request, exchange };
}

export function closeSocket(code: number, reason: string): GatewayEffectOf<"socket-close"> {
  return { type: "socket-close", code, reason };
}
