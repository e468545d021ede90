/*
 * Requests to the relay, with the channel's credential.
 */
import { failForGood, failLater, toError, TributaryError } from "./errors.ts";
import type {
  AuthProvider,
  AuthReason,
  Clock,
  Problem,
  TributaryOptions,
  WebSocketConstructor,
} from "./types.ts";

const ANSWER_WITHIN_MS = 10_000;
const CREDENTIAL_WITHIN_MS = 30_000;

/** The world, as the SDK reaches it. */
export interface World {
  readonly base: URL;
  readonly auth: string | AuthProvider | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly WebSocket: WebSocketConstructor;
  readonly clock: Clock;
}

/** Takes what is given, and the rest from the machine. */
export function findWorld(options: TributaryOptions): World {
  const url = options.url ?? globalThis.location?.origin;
  if (url === undefined) throw new TypeError("url: the relay's address is needed");
  return {
    base: new URL(url),
    auth: options.auth,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    WebSocket: options.WebSocket ?? globalThis.WebSocket,
    clock: options.clock ?? {
      now: () => Date.now(),
      random: () => Math.random(),
      setTimer(ms, run) {
        // Beyond this a timer fires at once.
        const timer = setTimeout(run, Math.min(ms, 0x7fffffff));
        return () => clearTimeout(timer);
      },
    },
  };
}

/** A request of the API's. */
export interface Asked {
  readonly method?: string;
  readonly query?: object;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
}

/** The credential of one channel, got when it is needed and again when it no longer holds. */
export class Http {
  readonly #world: World;
  readonly #channel: string;
  #aborter = new AbortController();
  #got: Promise<{ value: string; endsAt: number | null } | null> | null = null;
  #reason: AuthReason | null = "first";

  constructor(world: World, channel: string) {
    this.#world = world;
    this.#channel = channel;
  }

  get asks(): boolean {
    return typeof this.#world.auth === "function";
  }

  /** Has the next credential asked for anew. */
  forget(reason: AuthReason): void {
    this.#got = null;
    this.#reason = reason;
  }

  /** The credential, and how long it lasts. */
  async credential(): Promise<{ value: string; lastsMs: number | null } | null> {
    this.#got ??= this.#ask();
    try {
      const got = await this.#got;
      if (got === null) return null;
      const { value, endsAt } = got;
      return { value, lastsMs: endsAt === null ? null : endsAt - this.#world.clock.now() };
    } catch (error) {
      // The next one who needs it asks again.
      this.#got = null;
      throw toError(error, "credential_failed");
    }
  }

  async #ask(): Promise<{ value: string; endsAt: number | null } | null> {
    const { auth, clock } = this.#world;
    if (auth === undefined) return null;
    if (typeof auth === "string") return { value: auth, endsAt: null };
    const reason = this.#reason ?? "expiring";
    const aborter = new AbortController();
    const { signal } = aborter;
    this.#aborter = aborter;
    const stop = clock.setTimer(CREDENTIAL_WITHIN_MS, () => abort(aborter, "timeout"));
    const givenUp = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as TributaryError));
    });
    const asking = auth({ channel: this.#channel, reason, signal });
    const given = await Promise.race([asking, givenUp]).finally(stop);
    this.#reason = null;
    if (given === null) return null;
    const { value, expiresAt } = typeof given === "string" ? { value: given } : given;
    const endsAt = new Date(expiresAt ?? Number.NaN).getTime();
    return { value, endsAt: Number.isNaN(endsAt) ? null : endsAt };
  }

  /** An address of the channel's, or of a part of it. */
  address(path: string, query: object = {}): URL {
    const { base } = this.#world;
    const root = base.pathname.replace(/\/$/, "");
    const url = new URL(`${root}/v1/channels/${encodeURIComponent(this.#channel)}${path}`, base);
    for (const [name, value] of Object.entries(query)) {
      // A list that is empty leaves nothing out.
      const text = value instanceof Date ? value.toISOString() : String(value ?? "");
      if (text !== "") url.searchParams.set(name, text);
    }
    return url;
  }

  /** Asks the relay; rejects with what it says where it refuses. */
  async ask<T>(path: string, asked: Asked = {}): Promise<T> {
    const response = await this.open(path, asked);
    return (response.status === 204 ? null : await response.json()) as T;
  }

  /** As `ask`, with the answer as it is. One that needs a better credential is asked once more. */
  async open(path: string, asked: Asked = {}, isAgain = false): Promise<Response> {
    const { method = "GET", query, body, headers, signal } = asked;
    const { base, clock, fetch } = this.#world;
    const credential = await this.credential();
    const aborter = new AbortController();
    const stop = clock.setTimer(ANSWER_WITHIN_MS, () => abort(aborter, "timeout"));
    try {
      const response = await fetch(this.address(path, query), {
        method,
        signal: AbortSignal.any([aborter.signal, ...(signal === undefined ? [] : [signal])]),
        headers: {
          ...(credential !== null && { authorization: `Bearer ${credential.value}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (response.ok) return response;
      if (response.status === 401 && this.asks && !isAgain) {
        this.forget("refused");
        return await this.open(path, asked, true);
      }
      throw await readProblem(response);
    } catch (error) {
      if (error instanceof TributaryError || signal?.aborted === true) throw error;
      const { origin } = globalThis.location ?? base;
      if (origin === base.origin) throw toError(error);
      throw await import("./origin.ts")
        .then(({ explain }) => explain(base, fetch, origin))
        .then(
          (message) => new TributaryError(failLater("origin_forbidden", message)),
          // It is away, or what would find out is: what is told is the first error.
          () => toError(error),
        );
    } finally {
      stop();
    }
  }

  /** Waits no longer for a credential: whoever is asked for it is told. */
  giveUp(): void {
    abort(this.#aborter, "closed");
  }
}

function abort(aborter: AbortController, code: string): void {
  aborter.abort(new TributaryError(failLater(code)));
}

/** The failure that a refusal tells of. */
async function readProblem(response: Response): Promise<TributaryError> {
  const { status, headers } = response;
  const problem = await readJson(response);
  const code = problem?.code ?? (status === 401 ? "unauthorized" : `http_${status}`);
  const message = problem?.detail ?? problem?.title;
  const isLater = status === 408 || status === 429 || status >= 500;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return new TributaryError({
    ...(isLater ? failLater : failForGood)(code, message),
    status,
    problem,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : null,
  });
}

async function readJson(response: Response): Promise<Problem | null> {
  try {
    return (await response.json()) as Problem;
  } catch {
    // It is of something in between, which has no problem.
    return null;
  }
}
