import { NOTHING_READ, readPiece } from "../../lib/json-elements.ts";
import type { HttpExchange, ProviderEffect } from "../../protocols/session.ts";
import { report } from "../../report.ts";
import type { ProviderRow } from "../../store/journal/providers.ts";
import { readAnswerBody } from "./answer-body.ts";
import { BODY_MAX_BYTES, mayDial, performExchange, withDeadline } from "./dial.ts";
import type { OutboundTurns } from "./outbound.ts";
import type { QuotaLedger } from "./quota-ledger.ts";
import type { ProviderSocket } from "./socket.ts";

/*
 * What a session says to a provider over HTTP: exchanges, whose answers are read at once, and answers
 * that are read as they come.
 */

// A page of a list holds many events, each of which is told by itself: it may be larger than a frame.
const ELEMENT_MAX_BYTES = 1024 * 1024;

// A refusal comes at once: what has not come by then is an answer that has nothing to say yet.
const QUIET_MS = 5_000;

/** The object, as far as exchanges need it. */
export interface ExchangeKeeper {
  readonly turns: OutboundTurns;
  readonly ledger: QuotaLedger;
  readonly isPrivateAllowed: boolean;
}

/** The part of it that one link's exchanges need. */
export interface ExchangeHost {
  /** Is it an address that may be asked from here? */
  readonly mayAsk: (url: string) => boolean;
  /** Resolves when the provider may be asked, with what ends its turn. */
  readonly takeTurn: () => Promise<() => void>;
  readonly ledger: QuotaLedger;
}

export function makeExchangeHost(keeper: ExchangeKeeper, row: ProviderRow): ExchangeHost {
  return {
    mayAsk: (url) => row.url === null || mayDial(url, keeper.isPrivateAllowed),
    takeTurn: () => keeper.turns.exchanges.take(row.id),
    ledger: keeper.ledger,
  };
}

/** Performs an exchange, and tells the session of its answer. */
export async function ask(
  request: string,
  what: HttpExchange,
  socket: ProviderSocket,
  host: ExchangeHost,
): Promise<void> {
  if (!(await pay(request, what, socket, host))) return;
  const answer = host.mayAsk(what.url) ? await inTurn(host, () => performExchange(what)) : null;
  const at = Date.now();
  socket.deliver(
    answer === null
      ? { type: "request-lost", at, request }
      : { type: "request-answered", at, request, ...answer },
  );
}

type StreamOpen = Extract<ProviderEffect, { type: "stream-open" }>;

/** Performs an exchange whose answer is read as it comes, and tells the session of all of it. */
export async function readAsItComes(
  effect: StreamOpen,
  socket: ProviderSocket,
  host: ExchangeHost,
): Promise<void> {
  const { request, exchange } = effect;
  const signal = socket.answers.begin(request);
  if (!(await pay(request, exchange, socket, host, signal))) return;
  const ended = host.mayAsk(exchange.url)
    ? await follow(effect, { socket, host, signal })
    : { status: null, body: "" };
  if (signal.aborted) return;
  socket.answers.forget(request, signal);
  socket.deliver({ type: "stream-ended", at: Date.now(), request, ...ended });
}

/** Pays for an exchange where it costs something; false where it is not to be performed. */
async function pay(
  request: string,
  { costs = [] }: HttpExchange,
  socket: ProviderSocket,
  { ledger }: ExchangeHost,
  signal?: AbortSignal,
): Promise<boolean> {
  if (costs.length === 0) return true;
  const spent = await ledger.spend(costs, Date.now());
  if (isEnded(signal)) return false;
  const at = Date.now();
  if (!spent.ok) {
    if (signal !== undefined) socket.answers.forget(request, signal);
    socket.deliver({ type: "request-withheld", at, request, balance: spent.balance });
    return false;
  }
  const { balances } = spent;
  if (balances.length > 0) socket.deliver({ type: "balance-told", at, balances });
  return !isEnded(signal);
}

/** A session may have ended it while it heard what there is left. */
function isEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

interface Following {
  readonly socket: ProviderSocket;
  readonly host: ExchangeHost;
  readonly signal: AbortSignal;
}

/** Follows an answer to its end. Never throws. */
async function follow(
  effect: StreamOpen,
  following: Following,
): Promise<{ status: number | null; body: string }> {
  const { socket, signal } = following;
  let status: number | null = null;
  try {
    const response = await begin(effect, following);
    status = response.status;
    if (!response.ok) return { status, body: await readAnswerBody(response, BODY_MAX_BYTES) };
    await response.body?.pipeTo(collect(socket, signal), { signal });
  } catch (error) {
    // It was cut, or nobody answered. One that we ended ourselves is nobody's business.
    if (!signal.aborted) report("provider's answer was cut", error, { request: effect.request });
  }
  return { status, body: "" };
}

/** Asks, and resolves with the head of the answer. The session is told once that it has begun. */
async function begin(
  { request, exchange, mayBeQuiet }: StreamOpen,
  { socket, host, signal }: Following,
): Promise<Response> {
  let isTold = false;
  const tell = (): void => {
    if (isTold || signal.aborted) return;
    isTold = true;
    socket.deliver({ type: "stream-opened", at: Date.now(), request });
  };
  const end = await host.takeTurn();
  try {
    if (mayBeQuiet !== true) {
      const response = await withDeadline((late) =>
        send(exchange, AbortSignal.any([late, signal])),
      );
      if (response.ok) tell();
      return response;
    }
    // It has its turn as long as any other, and may then go on without an answer.
    const quiet = setTimeout(() => {
      end();
      tell();
    }, QUIET_MS);
    try {
      const response = await send(exchange, signal);
      if (response.ok) tell();
      return response;
    } finally {
      clearTimeout(quiet);
    }
  } finally {
    end();
  }
}

function send(what: HttpExchange, signal: AbortSignal): Promise<Response> {
  const { url, method, headers, body = null } = what;
  return fetch(url, { method, headers, body, signal, redirect: "manual" });
}

/**
 * Takes bytes as they come. The answer goes into a sink and is not read by a reader, for the reason
 * that `readAnswerBody` has.
 */
function collect(socket: ProviderSocket, signal: AbortSignal): WritableStream<Uint8Array> {
  // A piece may end inside a character: the decoder keeps its beginning.
  const decoder = new TextDecoder();
  let reading = NOTHING_READ;
  return new WritableStream({
    write(bytes) {
      const next = readPiece(reading, decoder.decode(bytes, { stream: true }), ELEMENT_MAX_BYTES);
      ({ reading } = next);
      for (const { text, isTooLarge } of next.elements) {
        if (signal.aborted) return;
        if (isTooLarge) socket.reject("too large", text);
        else socket.receive(text, ELEMENT_MAX_BYTES);
      }
    },
  });
}

async function inTurn<T>({ takeTurn }: ExchangeHost, work: () => Promise<T>): Promise<T> {
  const end = await takeTurn();
  try {
    return await work();
  } finally {
    end();
  }
}
