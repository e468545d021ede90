import type { Fault, AttemptOutcome } from "../../delivery/outcome.ts";
import { redactDetail } from "../../event/redact.ts";
import { readBounded } from "../../lib/read-bounded.ts";

/** DESIGN 3: one deadline over connecting, headers and body. */
const DEADLINE_MS = 15_000;

// What is read of an answer at most, and what is kept of it.
const READ_MAX_BYTES = 64 * 1024;
const KEEP_MAX_CHARS = 4 * 1024;
const HEADER_MAX_CHARS = 512;
const HEADERS_MAX = 40;

/** A request to an endpoint. */
export interface Outbound {
  readonly method: "POST" | "OPTIONS";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The outcome of an exchange, for the policy and for the record. */
export interface Exchange {
  readonly outcome: AttemptOutcome;
  readonly detail: string | null;
  readonly answer: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly bodyBytes: number;
    readonly bodyCut: boolean;
  } | null;
  readonly headersMs: number | null;
  readonly endMs: number | null;
}

/**
 * Sends a request and reads the beginning of its answer. Never throws, and ends by the deadline.
 * Once the headers have come, their status is the answer, whatever becomes of the body: that is for
 * the record alone.
 */
export async function post(request: Outbound, deadlineMs = DEADLINE_MS): Promise<Exchange> {
  const beganAt = Date.now();
  const seen: Seen = { answer: null, headersMs: null, retryAfter: null };
  const deadline = new AbortController();
  let timer: ReturnType<typeof setTimeout> | null = null;
  // Beside the signal: whatever does not heed it is left behind.
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => {
      resolve("late");
      deadline.abort();
    }, deadlineMs);
  });
  let failure: { readonly fault: Fault; readonly detail: string } | null = null;
  try {
    if ((await Promise.race([performExchange(request, deadline.signal, seen), late])) === "late") {
      failure = { fault: "timeout", detail: `Not at its end within ${deadlineMs} ms.` };
    }
  } catch (error) {
    // Nothing of ours failed: it is on record with the attempt, for the endpoint's owner.
    const detail = redactDetail(error instanceof Error ? error.message : "unknown").slice(0, 200);
    failure = { fault: "connection", detail };
  } finally {
    clearTimeout(timer);
  }
  const { answer, headersMs, retryAfter } = seen;
  const outcome: AttemptOutcome =
    answer === null
      ? { type: "failed", fault: failure?.fault ?? "connection" }
      : { type: "answered", status: answer.status, retryAfter };
  const detail = failure?.detail ?? null;
  return { outcome, detail, answer, headersMs, endMs: Date.now() - beganAt };
}

/** The part of an answer that has arrived so far. */
interface Seen {
  answer: Exchange["answer"];
  headersMs: number | null;
  retryAfter: string | null;
}

async function performExchange(
  { method, url, headers, body }: Outbound,
  signal: AbortSignal,
  seen: Seen,
): Promise<void> {
  const beganAt = Date.now();
  const content = body === null ? {} : { body };
  const response = await fetch(url, { method, headers, ...content, redirect: "manual", signal });
  seen.headersMs = Date.now() - beganAt;
  seen.retryAfter = response.headers.get("retry-after");
  const { status } = response;
  const shown = listHeaders(response.headers);
  seen.answer = { status, headers: shown, body: "", bodyBytes: 0, bodyCut: true };
  seen.answer = { status, headers: shown, ...(await readStart(response)) };
}

async function readStart(
  response: Response,
): Promise<{ body: string; bodyBytes: number; bodyCut: boolean }> {
  const { text, bytes, isWhole } = await readBounded(response.body, READ_MAX_BYTES);
  const bodyCut = !isWhole || text.length > KEEP_MAX_CHARS;
  return { body: cutBody(text), bodyBytes: bytes, bodyCut };
}

function cutBody(body: string): string {
  return redactDetail(body.slice(0, KEEP_MAX_CHARS));
}

const SECRET_HEADERS =
  /^(set-cookie|cookie|authorization|proxy-.*|www-authenticate)$|token|secret|key/;

/** An answer's headers, none of which may hold a secret. */
function listHeaders(headers: Headers): Record<string, string> {
  const shown: [name: string, value: string][] = [];
  for (const [name, value] of headers) {
    if (shown.length === HEADERS_MAX) break;
    const isSecret = SECRET_HEADERS.test(name);
    shown.push([name, isSecret ? "[redacted]" : redactDetail(value.slice(0, HEADER_MAX_CHARS))]);
  }
  return Object.fromEntries(shown);
}
