import { setTimeout as pause } from "node:timers/promises";

import type { Readiness } from "./failures.ts";

// An answer is awaited for this long, and asked for again after this.
const ANSWER_MS = 10_000;
const PAUSE_MS = 2_000;

/** The answer of `/readyz` for a database without the tables of this version. */
const NOT_MIGRATED = "not migrated";

/**
 * Asks the relay whether it is ready until it is, or until the time is up. Null when it is, else what
 * it answered last. Whoever stands before it and leads elsewhere is not it.
 */
export async function askReadiness(address: string, waitMs: number): Promise<Readiness | null> {
  const end = performance.now() + waitMs;
  for (;;) {
    const last = await askOnce(`${address}/readyz`);
    if (last.status === 200) return null;
    if (performance.now() + PAUSE_MS > end) return last;
    await pause(PAUSE_MS);
  }
}

async function askOnce(question: string): Promise<Readiness> {
  try {
    const response = await fetch(question, {
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    return { status: response.status, isMigrated: text !== NOT_MIGRATED };
  } catch (error) {
    // The answer: it is not there yet, and why.
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return { status: null, error: cause?.code ?? message };
  }
}
