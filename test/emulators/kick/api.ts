import { createHash, randomUUID } from "node:crypto";

import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import { type Broadcaster, idOf } from "./bodies.ts";

export interface Subscription {
  readonly id: string;
  readonly event: string;
  readonly version: number;
  readonly broadcaster_user_id: number;
  readonly method: "webhook";
}

export interface Posted {
  readonly content: string;
  readonly broadcaster: number;
  readonly replyTo: string | null;
  readonly token: string;
  readonly id: string;
}

/** A user's tokens that hold at first. */
const FIRST = { access: "user-token", refresh: "user-refresh" };

/** Kick's API and its tokens, for one app. */
export class KickApi {
  readonly channels = new Map<string, { isLive: boolean }>();
  readonly refused = new Map<string, string>();
  subscriptions: Subscription[] = [];
  readonly posted: Posted[] = [];
  secret = "a-kick-secret";
  /** What becomes of whoever opens the page for consent. */
  consent: "grant" | "deny" = "grant";
  readonly #codes = new Map<string, { challenge: string; redirectUri: string }>();
  #appTokens = new Set<string>();
  #userTokens = new Set([FIRST.access]);
  #refreshTokens = new Set([FIRST.refresh]);
  #made = 0;

  get userTokens(): readonly string[] {
    return [...this.#userTokens, ...this.#refreshTokens];
  }

  endTokens(): void {
    this.#appTokens.clear();
    this.#userTokens.clear();
  }

  broadcaster(slug: string): Broadcaster {
    return { id: idOf(`channel ${slug}`), slug };
  }

  /** Its answer; null for an address that is none of the API's. */
  answer(question: HttpQuestion): HttpAnswer | null {
    switch (`${question.method} ${question.path}`) {
      case "GET /oauth/authorize":
        return this.#authorize(question.query);
      case "POST /oauth/token":
        return this.#token(new URLSearchParams(question.body));
      case "GET /public/v1/channels":
        return this.#guarded(question, () => this.#findChannels(question.query));
      case "GET /public/v1/events/subscriptions":
        return this.#guarded(question, () => this.#list(question.query));
      case "POST /public/v1/events/subscriptions":
        return this.#guarded(question, () => this.#subscribe(question.body));
      case "DELETE /public/v1/events/subscriptions":
        return this.#guarded(question, () => this.#unsubscribe(question.query.getAll("id")));
      case "POST /public/v1/chat":
        return this.#post(question);
      default:
        return null;
    }
  }

  /** Makes a subscription, whether or not there is one already. */
  add(event: string, broadcaster: number): Subscription {
    this.#made += 1;
    const id = `01M8SUB${String(this.#made).padStart(8, "0")}`;
    const made = { id, event, version: 1, broadcaster_user_id: broadcaster };
    const subscription: Subscription = { ...made, method: "webhook" };
    this.subscriptions.push(subscription);
    return subscription;
  }

  /** The page for consent, on which somebody says at once what they will say. */
  #authorize(query: URLSearchParams): HttpAnswer {
    const redirectUri = query.get("redirect_uri") ?? "";
    const challenge = query.get("code_challenge") ?? "";
    // Kick has no log-in without a proof key.
    const isAsked =
      query.get("response_type") === "code" &&
      (query.get("client_id") ?? "") !== "" &&
      query.get("code_challenge_method") === "S256" &&
      /^[\w-]{43}$/.test(challenge) &&
      query.get("scope") === "chat:write";
    if (!isAsked || redirectUri === "") return { status: 400, body: { error: "invalid_request" } };
    const back = new URL(redirectUri);
    back.searchParams.set("state", query.get("state") ?? "");
    if (this.consent === "deny") {
      back.searchParams.set("error", "access_denied");
    } else {
      const code = randomUUID();
      this.#codes.set(code, { challenge, redirectUri });
      back.searchParams.set("code", code);
    }
    return { status: 302, body: null, headers: { location: back.href } };
  }

  #token(form: URLSearchParams): HttpAnswer {
    const isApp = form.get("client_id") !== null && form.get("client_secret") === this.secret;
    if (!isApp) return { status: 401, body: { error: "invalid_client" } };
    if (form.get("grant_type") === "client_credentials") {
      const token = `app-${randomUUID()}`;
      this.#appTokens.add(token);
      const body = { access_token: token, expires_in: 5_184_000, token_type: "Bearer" };
      return { status: 200, body };
    }
    const isGood =
      form.get("grant_type") === "authorization_code"
        ? this.#takeCode(form)
        : this.#refreshTokens.delete(form.get("refresh_token") ?? "");
    if (!isGood) return { status: 400, body: { error: "invalid_grant" } };
    const [access, refresh] = [`user-${randomUUID()}`, `refresh-${randomUUID()}`];
    this.#userTokens.add(access);
    this.#refreshTokens.add(refresh);
    const body = { access_token: access, refresh_token: refresh, expires_in: 7200 };
    return { status: 200, body: { ...body, token_type: "Bearer", scope: "chat:write" } };
  }

  /** A code is good once, for whoever asked for it. */
  #takeCode(form: URLSearchParams): boolean {
    const code = form.get("code") ?? "";
    const asked = this.#codes.get(code);
    this.#codes.delete(code);
    const digest = createHash("sha256").update(form.get("code_verifier") ?? "");
    return (
      asked !== undefined &&
      asked.redirectUri === form.get("redirect_uri") &&
      asked.challenge === digest.digest("base64url")
    );
  }

  #guarded({ headers }: HttpQuestion, give: () => HttpAnswer): HttpAnswer {
    return this.#appTokens.has(readBearer(headers)) ? give() : UNAUTHORIZED;
  }

  #findChannels(query: URLSearchParams): HttpAnswer {
    const data = query.getAll("slug").flatMap((slug) => {
      const channel = this.channels.get(slug);
      if (channel === undefined) return [];
      const { id } = this.broadcaster(slug);
      return [{ broadcaster_user_id: id, slug, stream: { is_live: channel.isLive } }];
    });
    return succeed(data);
  }

  #list(query: URLSearchParams): HttpAnswer {
    const wanted = query.get("broadcaster_user_id");
    const own = this.subscriptions.filter(
      ({ broadcaster_user_id: id }) => wanted === null || String(id) === wanted,
    );
    return succeed(own.map((each) => ({ ...each, app_id: "01M8APP" })));
  }

  #subscribe(text: string): HttpAnswer {
    const asked = JSON.parse(text) as {
      broadcaster_user_id: number;
      events: { name: string; version: number }[];
    };
    const data = asked.events.map(({ name, version }) => {
      const error = this.refused.get(name) ?? "";
      if (error !== "") return { name, version, error };
      const { id } = this.add(name, asked.broadcaster_user_id);
      return { name, version, subscription_id: id, error };
    });
    return succeed(data);
  }

  #unsubscribe(ids: readonly string[]): HttpAnswer {
    this.subscriptions = this.subscriptions.filter(({ id }) => !ids.includes(id));
    return { status: 204, body: null };
  }

  #post({ headers, body }: HttpQuestion): HttpAnswer {
    const token = readBearer(headers);
    const said = JSON.parse(body) as Record<string, unknown>;
    const broadcaster = said["broadcaster_user_id"];
    if (!this.#userTokens.has(token) || typeof broadcaster !== "number") return UNAUTHORIZED;
    const content = String(said["content"]);
    if (content === "" || content.length > 500) return { status: 400, body: { message: "Bad" } };
    const id = randomUUID();
    const replyTo = (said["reply_to_message_id"] as string | undefined) ?? null;
    this.posted.push({ content, broadcaster, replyTo, token, id });
    return succeed({ is_sent: true, message_id: id });
  }
}

const UNAUTHORIZED: HttpAnswer = { status: 401, body: { data: {}, message: "Unauthorized" } };

function succeed(data: unknown): HttpAnswer {
  return { status: 200, body: { data, message: "OK" } };
}

function readBearer(headers: HttpQuestion["headers"]): string {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
}
