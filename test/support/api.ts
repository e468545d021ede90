import { exports } from "cloudflare:workers";

export const ORIGIN = "https://relay.test";
export const ADMIN = "admin-key-of-the-tests";

/** What a call was answered. `body` is read as JSON where it says it is. */
export interface Answered<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

interface CallOptions {
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

/** Calls the API through the Worker, as the admin unless told otherwise. */
export async function call<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  { key = ADMIN, headers = {} }: CallOptions = {},
): Promise<Answered<T>> {
  const response = await exports.default.fetch(`${ORIGIN}/v1${path}`, {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const type = response.headers.get("content-type") ?? "";
  // Not `text()`: it warns of media types that it does not take for text.
  const text = new TextDecoder().decode(await response.arrayBuffer());
  const read: unknown =
    /^application\/([a-z.-]+\+)?json\b/.test(type) && text !== "" ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: read as T };
}

/** An event as the API shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly type: string;
  readonly recordedtime: string;
  readonly provider: string;
  readonly platform: string;
  readonly connectionid?: string;
  readonly data: Record<string, unknown>;
}

export interface ShownPage {
  readonly events: readonly ShownEvent[];
  readonly next: string | null;
  readonly hasMore: boolean;
  readonly gap?: { readonly from: string; readonly to: string; readonly cause: string };
}

let channels = 0;

/** Makes a channel that no other test has. */
export async function makeChannel(settings: Record<string, unknown> = {}): Promise<string> {
  channels += 1;
  const id = `test-${channels}-${crypto.randomUUID().slice(0, 8)}`;
  const { status, body } = await call("POST", "/channels", { id, ...settings });
  if (status !== 201) throw new Error(`no channel: ${JSON.stringify(body)}`);
  return id;
}

/** Posts events of a program's own type with consecutive numbers; answers their ids. */
export async function postNotes(channel: string, texts: readonly string[]): Promise<string[]> {
  const events = texts.map((text) => ({ type: "custom.note", data: { text } }));
  const { status, body } = await call<{ ids: string[] }>(
    "POST",
    `/channels/${channel}/events`,
    events,
  );
  if (status !== 201) throw new Error(`not posted: ${JSON.stringify(body)}`);
  return body.ids;
}

/** A chat message to be posted. */
export function chat(id: string, text: string, userId = "u1") {
  return {
    type: "chat.message",
    data: {
      user: {
        key: `api:${userId}`,
        id: userId,
        name: userId,
        roles: [],
        badges: [],
        anonymous: false,
      },
      message: {
        id,
        text,
        fragments: [{ type: "text", text }],
        action: false,
        highlighted: false,
        first: false,
      },
    },
  };
}

/** Texts of notes, each with its number: `n1`, `n2` … */
export function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `n${from + index}`);
}

/** The texts of notes and messages, in the order given. */
export function textsOf(events: readonly { data: Record<string, unknown> }[]): unknown[] {
  return events.map(({ data }) => {
    const message = data["message"] as { text?: unknown } | undefined;
    return message?.text ?? data["text"];
  });
}
