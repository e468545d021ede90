import type { Problem } from "./types.ts";

/** A failure as plain data. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly status?: number | null;
  readonly retryAfterMs?: number | null;
  readonly problem?: Problem | null;
}

/**
 * A failure. `code` is the relay's own, or one of `offline`, `timeout`, `connection_lost`,
 * `origin_forbidden`, `credential_failed`, `protocol_error`, `closed`.
 */
export class TributaryError extends Error {
  override readonly name: string = "TributaryError";
  readonly code!: string;
  readonly retryable!: boolean;
  readonly status: number | null = null;
  readonly retryAfterMs: number | null = null;
  readonly problem: Problem | null = null;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    Object.assign(this, failure);
  }
}

/** A failure that may pass by itself. */
export function failLater(code: string, message: string = code): Failure {
  return { code, message, retryable: true };
}

/** A failure that stays. */
export function failForGood(code: string, message: string = code): Failure {
  return { code, message, retryable: false };
}

/** Any failure as one of ours. */
export function toError(error: unknown, code = "offline"): TributaryError {
  if (error instanceof TributaryError) return error;
  const { message } = error instanceof Error ? error : { message: String(error) };
  return new TributaryError(failLater(code, message), { cause: error });
}
