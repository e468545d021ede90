import type { Failure, ProviderEffect } from "../../session.ts";

/** Nothing came by the time a timer stands for. */
export function silence(timer: string): Failure {
  return timer === "ack"
    ? {
        remedy: "retry",
        reason: "handshake_timeout",
        detail: "DLive did not answer the handshake.",
      }
    : { remedy: "retry", reason: "silent", detail: "DLive sent no keep-alive for 55 s." };
}

/** A frame that cannot be read. */
export function reject(problem: string): ProviderEffect {
  return { type: "frame-reject", problem };
}

/** The socket is of no use. */
export function fail(failure: Failure): ProviderEffect {
  return { type: "session-fail", failure };
}
