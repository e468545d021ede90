/* Requests to the relay that this page came from. */
import type { Problem } from "../../client/types.ts";

export interface Asked {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly accept?: string;
}

/** The relay's refusal, or that it could not be reached. */
export class Refused extends Error {
  override readonly name: string = "Refused";
  readonly status: number;
  readonly code: string;
  readonly problem: Problem | null;
  readonly retryAfterMs: number | null;

  constructor(status: number, problem: Problem | null, retryAfterMs: number | null = null) {
    super(problem?.detail ?? "The relay could not be reached.");
    this.status = status;
    this.code = problem?.code ?? "offline";
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The credential of every request, and whoever is told that it no longer holds. */
interface Door {
  key: () => string | null;
  refused: () => void;
  reached: (isReached: boolean) => void;
}

const door: Door = { key: () => null, refused: () => {}, reached: () => {} };

/** Says where requests have their credential from, and who hears of what became of them. */
export function setDoor(given: Door): void {
  Object.assign(door, given);
}

/** An address of the API's, with its query. */
export function formatPath(path: string, query: Asked["query"] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `/v1${path}${given.length > 0 ? `?${search}` : ""}`;
}

/** Asks the relay; answers with the response, or throws what it refused with. */
export async function open(path: string, asked: Asked = {}): Promise<Response> {
  const { method = "GET", query, body, signal, accept } = asked;
  const key = door.key();
  const headers = new Headers({ accept: accept ?? "application/json" });
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  if (method === "POST") headers.set("idempotency-key", crypto.randomUUID());
  const init = { method, headers, signal: signal ?? null, cache: "no-store" as const };
  let response: Response;
  try {
    response = await fetch(
      formatPath(path, query),
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    );
  } catch (error) {
    // Called off by whoever asked, or the relay is away, which everybody is told.
    if (signal?.aborted === true) throw error;
    door.reached(false);
    throw new Refused(0, null);
  }
  door.reached(response.status < 502);
  if (response.ok) return response;
  const problem = await readProblem(response);
  if (response.status === 401 && key !== null && key === door.key()) door.refused();
  throw new Refused(response.status, problem, readRetryAfter(response));
}

/** Asks the relay; answers with what it says. */
export async function ask<T>(path: string, asked: Asked = {}): Promise<T> {
  const response = await open(path, asked);
  const text = await response.text();
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** Reads a list to its end, page after page, up to so many. */
export async function askAll<T>(path: string, signal?: AbortSignal, most = 1_000): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page: { data: T[]; next: string | null } = await ask(path, {
      query: { limit: 100, cursor },
      signal,
    });
    all.push(...page.data);
    cursor = page.next;
  } while (cursor !== null && all.length < most);
  return all;
}

async function readProblem(response: Response): Promise<Problem> {
  const { status } = response;
  const none = {
    type: "about:blank",
    title: "The relay could not answer",
    status,
    code: status >= 500 ? "unavailable" : "refused",
  };
  try {
    const read = (await response.json()) as Partial<Problem>;
    return { ...none, ...read };
  } catch {
    // Something in between has answered, with a page of its own.
    return none;
  }
}

function readRetryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

/** A path of the API's, of parts that may hold anything. */
export function at(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value)));
}
