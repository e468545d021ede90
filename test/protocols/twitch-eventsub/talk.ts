import type { ProviderLink } from "../../../src/protocols/provider.ts";
import type {
  HttpExchange,
  ProviderEffect,
  Session,
  SocketInput,
} from "../../../src/protocols/session.ts";
import { provider } from "../../../src/protocols/twitch-eventsub/index.ts";
import { AT, only, type EffectOf, type EffectType } from "../support/drive.ts";
import { linkTo } from "../support/samples.ts";
import session from "./frames/session.json";
import { CHANNEL, samples } from "./samples.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs?: number;
}

/** What of a request is looked at to answer it. */
export interface Asked {
  readonly request: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
}

export const OWNER = "52880011";
export const READER = "80213000";

/** Every scope that there is. */
export const ALL_SCOPES = [
  "user:read:chat user:write:chat moderator:read:followers channel:read:subscriptions bits:read",
  "channel:read:redemptions channel:moderate moderation:read channel:read:vips channel:read:ads",
  "channel:read:hype_train channel:read:goals channel:read:polls channel:read:predictions",
  "channel:read:charity channel:read:guest_star moderator:manage:automod",
  "moderator:read:automod_settings moderator:read:shoutouts",
  "moderator:read:shield_mode moderator:read:blocked_terms moderator:read:chat_settings",
  "moderator:read:unban_requests moderator:read:suspicious_users moderator:read:banned_users moderator:read:chat_messages",
  "moderator:read:warnings moderator:read:moderators moderator:read:vips",
]
  .join(" ")
  .split(" ");

/** Twitch's HTTP side, as a test wants it. Null: nobody answers. */
export class Twitch {
  scopes: readonly string[] = ALL_SCOPES;
  userId = OWNER;
  login = CHANNEL;
  /** Answers a request in place of the usual. */
  rule: (asked: Asked) => Answer | null | undefined = () => undefined;
  readonly asked: Asked[] = [];
  #made = 0;

  answer(request: string, exchange: HttpExchange): Answer | null {
    const { pathname: path, searchParams: query } = new URL(exchange.url);
    const body = JSON.parse(exchange.body ?? "{}") as Record<string, unknown>;
    const asked = { ...exchange, request, path, query, body };
    this.asked.push(asked);
    const ruled = this.rule(asked);
    if (ruled !== undefined) return ruled;
    switch (`${asked.method} ${path}`) {
      case "GET /oauth2/validate": {
        const { scopes, login, userId: user_id } = this;
        return { status: 200, body: { client_id: "tw-cl1ent", login, scopes, user_id } };
      }
      case "GET /helix/users":
        return { status: 200, body: { data: [{ id: OWNER, login: CHANNEL }] } };
      case "POST /helix/eventsub/subscriptions": {
        this.#made += 1;
        const data = [{ ...body, id: `sub-${this.#made}`, status: "enabled", cost: 0 }];
        const answer = { data, total: this.#made, total_cost: 0, max_total_cost: 10 };
        return { status: 202, body: answer };
      }
      case "DELETE /helix/eventsub/subscriptions":
        return { status: 204, body: "" };
      default:
        return { status: 404, body: {} };
    }
  }

  /** The types that were asked for, in their order. */
  get askedFor(): string[] {
    return this.asked
      .filter(({ method, path }) => method === "POST" && path.endsWith("/subscriptions"))
      .map(({ body }) => String(body["type"]));
  }
}

/** A session in a talk with Twitch: what it asks over HTTP is answered, one after the other. */
export class Talk {
  readonly effects: ProviderEffect[] = [];
  readonly twitch: Twitch;
  readonly #session: Session<ProviderEffect>;
  readonly #waiting: EffectOf<"request-issue">[] = [];
  at = AT;

  constructor(twitch = new Twitch(), given: Partial<ProviderLink> = {}) {
    this.twitch = twitch;
    this.#session = provider.open(linkTo(samples, given));
  }

  /** Opened, welcomed, and all that it asked for answered. */
  static begin(twitch?: Twitch, given?: Partial<ProviderLink>): Talk {
    const talk = new Talk(twitch, given);
    talk.open();
    talk.receive(session.welcome);
    talk.answerAll();
    return talk;
  }

  get asking(): string[] {
    return this.#waiting.map(({ request }) => request);
  }

  handle(input: SocketInput): ProviderEffect[] {
    const effects = [...this.#session.handle(input)];
    this.effects.push(...effects);
    this.#waiting.push(...only(effects, "request-issue"));
    return effects;
  }

  open(): ProviderEffect[] {
    return this.handle({ type: "socket-opened", at: this.at });
  }

  receive(frame: object): ProviderEffect[] {
    return this.handle({ type: "frame-received", at: this.at, frame: JSON.stringify(frame) });
  }

  fire(timer: string): ProviderEffect[] {
    return this.handle({ type: "timer-fired", at: this.at, timer });
  }

  renewed(accessToken: string): ProviderEffect[] {
    const credentials = { clientId: "tw-cl1ent", accessToken, refreshToken: "next" };
    const renewed = { ok: true, credentials } as const;
    return this.handle({ type: "credentials-renewed", at: this.at, renewed });
  }

  /** Answers the request that has waited for longest; false where none does. */
  answerOne(): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) return false;
    const { request, exchange } = next;
    const answer = this.twitch.answer(request, exchange);
    const at = this.at;
    this.handle(
      answer === null
        ? { type: "request-lost", at, request }
        : {
            ...answer,
            type: "request-answered",
            at,
            request,
            body: typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body),
          },
    );
    return true;
  }

  answerAll(): void {
    while (this.answerOne());
  }

  all<T extends EffectType>(type: T): EffectOf<T>[] {
    return only(this.effects, type);
  }

  last<T extends EffectType>(type: T): EffectOf<T> | undefined {
    return this.all(type).at(-1);
  }

  get connection() {
    return this.last("connection-observe")?.connection;
  }

  /** What has become of the types, as the connection tells of it. */
  get places(): Record<string, { status: string; reason?: string; detail?: string }> {
    const { target } = this.connection ?? {};
    return (target?.["subscriptions"] ?? {}) as Record<string, { status: string }>;
  }
}
