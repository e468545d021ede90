import { exports } from "cloudflare:workers";

import { ORIGIN } from "./api.ts";

/** What a viewer's page was answered. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

interface CallOptions {
  readonly body?: unknown;
  readonly token?: string | null;
  readonly origin?: string;
  readonly headers?: Record<string, string>;
}

/** Calls as a viewer's page does: with its token in the header. */
export async function page(
  method: string,
  path: string,
  { body, token = null, origin = ORIGIN, headers = {} }: CallOptions = {},
): Promise<Told> {
  const response = await exports.default.fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/") === true;
  const read: unknown = isJson && text !== "" ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: read };
}
