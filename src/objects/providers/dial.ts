import { isPublicHost } from "../../lib/address.ts";
import { parseReset, parseRetryAfter } from "../../lib/retry-after.ts";
import type { DialRequest, DialRefusal } from "../../protocols/provider.ts";
import type { HttpExchange } from "../../protocols/session.ts";
import { report } from "../../report.ts";
import { readAnswerBody } from "./answer-body.ts";

// A provider that has not answered the upgrade by then is treated as down.
const DIAL_MS = 15_000;

// As much of an answer as anyone needs to read.
export const BODY_MAX_BYTES = 16 * 1024;

/** The outcome of a dial. */
export type Dialled =
  | { readonly type: "socket"; readonly socket: WebSocket }
  | { readonly type: "refused"; readonly refusal: DialRefusal }
  | { readonly type: "unreachable"; readonly detail: string };

/**
 * Opens a socket to a provider, not yet accepted. Never throws, and says nothing of the address:
 * it may hold a token.
 */
export async function dial(request: DialRequest): Promise<Dialled> {
  const url = new URL(request.url);
  url.protocol = url.protocol === "ws:" ? "http:" : "https:";
  const headers = new Headers({ Upgrade: "websocket" });
  if (request.protocols.length > 0) {
    headers.set("Sec-WebSocket-Protocol", request.protocols.join(", "));
  }
  try {
    return await withDeadline(async (signal) =>
      readDialled(await fetch(url, { headers, signal, redirect: "manual" })),
    );
  } catch (error) {
    report("provider not reached", error);
    return { type: "unreachable", detail: describeError(error) };
  }
}

/** Reads an answer to a dial, with the beginning of its body where it is no socket. */
async function readDialled(response: Response): Promise<Dialled> {
  if (response.webSocket !== null) return { type: "socket", socket: response.webSocket };
  const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), Date.now());
  const refusal: DialRefusal = {
    // A 2xx or 3xx without a socket is an address that speaks something else.
    status: response.status < 400 ? 404 : response.status,
    body: await readAnswerBody(response, BODY_MAX_BYTES),
    ...(retryAfterMs !== null && { retryAfterMs }),
  };
  return { type: "refused", refusal };
}

/** Performs an HTTP exchange with a provider; null if nobody answered in time. */
export async function performExchange(
  request: HttpExchange,
): Promise<{ status: number; body: string; retryAfterMs?: number } | null> {
  const { url, method, headers, body = null, answerMaxBytes = BODY_MAX_BYTES } = request;
  try {
    return await withDeadline(async (signal) => {
      const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
      const { status } = response;
      const retryAfterMs = status === 429 ? readWait(response) : null;
      return {
        status,
        body: await readAnswerBody(response, answerMaxBytes),
        ...(retryAfterMs !== null && { retryAfterMs }),
      };
    });
  } catch (error) {
    report("provider did not answer", error, { method });
    return null;
  }
}

/** How long a server wants nothing more to be asked; null where it does not say. */
function readWait({ headers }: Response): number | null {
  const now = Date.now();
  const wait = parseRetryAfter(headers.get("retry-after"), now);
  return wait ?? parseReset(headers.get("ratelimit-reset"), now);
}

/** Is it an address that may be dialled from here? One of our own making always is. */
export function mayDial(url: string, isPrivateAllowed: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  const isSecure = protocol === "wss:" || protocol === "https:";
  return isPrivateAllowed || (isSecure && isPublicHost(hostname));
}

export async function withDeadline<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), DIAL_MS);
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}

function describeError(error: unknown): string {
  if (error instanceof Error && error.name === "AbortError") return "no answer in time";
  return "could not be reached";
}
