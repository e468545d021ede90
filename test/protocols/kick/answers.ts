import { EVENTS } from "../../../src/protocols/kick/wire/frames.ts";
import type { HttpExchange } from "../../../src/protocols/session.ts";

export interface KickAnswer {
  readonly status: number;
  readonly body: string;
}

export function ok(data: unknown): KickAnswer {
  return { status: 200, body: JSON.stringify({ data, message: "OK" }) };
}

export const TOKEN: KickAnswer = {
  status: 200,
  body: JSON.stringify({
    access_token: "app-t0ken",
    expires_in: 5_184_000,
    token_type: "Bearer",
  }),
};

/** The subscriptions to some events, each with an id made of its place and `mark`. */
export function held(events: readonly string[] = EVENTS, mark = "A"): object[] {
  return events.map((event, index) => ({
    id: `01M7Q${mark}${String(index).padStart(4, "0")}`,
    event,
    version: 1,
    broadcaster_user_id: 700100,
    app_id: "01M7QAPP",
    method: "webhook",
    created_at: "2026-10-02T18:00:00Z",
    updated_at: "2026-10-02T18:00:00Z",
  }));
}

/** Kick, for an app that has subscribed to everything. */
export function answerAsKick({ url, method }: HttpExchange): KickAnswer {
  const { pathname } = new URL(url);
  if (pathname === "/oauth/token") return TOKEN;
  if (pathname === "/public/v1/channels") {
    return ok([{ broadcaster_user_id: 700100, slug: "otter-brook", stream: { is_live: false } }]);
  }
  if (pathname === "/public/v1/events/subscriptions" && method === "GET") return ok(held());
  throw new Error(`nobody answers ${method} ${pathname}`);
}
