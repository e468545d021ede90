import type { Chance } from "../kit/chance.ts";
import type { Gate } from "../kit/gate.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import { keep } from "../kit/keep.ts";
import { writer } from "../twitch-irc/helix.ts";
import { idOf } from "../twitch-irc/people.ts";
import type { ActionNamed, EventSubKnobs } from "./actions.ts";
import type { EventSubReport } from "./report.ts";
import { isSame, type Session, type Subscription } from "./session.ts";
import { describeSubscription } from "./wire.ts";

const keptReports = 50_000;
const path = "/helix/eventsub/subscriptions";

/** The kinds that cost something where their condition names somebody who gave no leave. */
const counted: readonly string[] = [
  "channel.raid",
  "channel.update",
  "stream.offline",
  "stream.online",
];

interface Backstage {
  readonly chance: Chance;
  readonly gate: Gate;
  readonly knobs: EventSubKnobs;
  /** Those whose socket is there, and those that were left behind. */
  readonly sessions: ReadonlyMap<string, Session>;
  changed(): void;
}

/** The part of Helix where subscriptions are made, listed and taken away. */
export class Desk {
  readonly #stage: Backstage;
  readonly #refusals = new Map<string, { status: number; message: string; left: number }>();
  readonly #requests: EventSubReport["requests"][number][] = [];
  readonly #removed: string[] = [];
  #made = 0;

  constructor(stage: Backstage) {
    this.#stage = stage;
  }

  refuse({ type, status, message, times }: ActionNamed<"refuseType">): void {
    const left = times ?? Number.POSITIVE_INFINITY;
    this.#refusals.set(type, { status, message: message ?? "refused", left });
  }

  allow(type: string): void {
    this.#refusals.delete(type);
  }

  answer(question: HttpQuestion): HttpAnswer | null {
    const { method, path: asked, query, headers } = question;
    const isOurs = asked === path || asked === "/helix/users";
    if (!isOurs) return null;
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1] ?? null;
    if (headers["client-id"] === undefined || token === null || !this.#stage.gate.isGood(token)) {
      return failure(401, "Invalid OAuth token");
    }
    switch (`${method} ${asked}`) {
      case "GET /helix/users": {
        const login = query.get("login") ?? "";
        const isKnown = /^[a-z0-9_]{1,25}$/.test(login) && login !== "nobody";
        return { status: 200, body: { data: isKnown ? [{ id: idOf(login), login }] : [] } };
      }
      case `GET ${path}`:
        return { status: 200, body: this.#list(query.get("type")) };
      case `DELETE ${path}`:
        return this.#remove(query.get("id") ?? "");
      case `POST ${path}`:
        return this.#request(question.body);
      default:
        return failure(404, "There is nothing here");
    }
  }

  report(): Pick<EventSubReport, "requests" | "removed" | "subscriptions"> {
    return {
      requests: structuredClone(this.#requests),
      removed: [...this.#removed],
      subscriptions: this.#all().map(({ session, subscription: { id, type, condition } }) => ({
        id,
        type,
        condition,
        session: session.id,
        isOrphan: session.isGone,
      })),
    };
  }

  #all(): { session: Session; subscription: Subscription }[] {
    return [...this.#stage.sessions.values()].flatMap((session) =>
      [...session.subscriptions.values()].map((subscription) => ({ session, subscription })),
    );
  }

  #list(type: string | null): object {
    const all = this.#all().filter(
      ({ subscription }) => type === null || subscription.type === type,
    );
    const data = all.map(({ session, subscription }) =>
      describeSubscription(subscription, session),
    );
    return { data, ...this.#count(), pagination: {} };
  }

  #count(): { total: number; total_cost: number; max_total_cost: number } {
    const all = this.#all();
    const cost = all.reduce((sum, { subscription }) => sum + subscription.cost, 0);
    const max = this.#stage.knobs.cost?.max ?? 10;
    return { total: all.length, total_cost: cost, max_total_cost: max };
  }

  #remove(id: string): HttpAnswer {
    const found = this.#all().find(({ subscription }) => subscription.id === id);
    if (found === undefined) return failure(404, "subscription not found");
    found.session.subscriptions.delete(id);
    keep(this.#removed, id, keptReports);
    this.#stage.changed();
    return { status: 204, body: "" };
  }

  #request(body: string): HttpAnswer {
    const { type, version, condition, transport } = readRequest(body);
    const answer = this.#judge({ type, version, condition, transport });
    const { session_id: session } = transport;
    const request = { type, session, status: answer.status, at: Date.now() };
    keep(this.#requests, request, keptReports);
    this.#stage.changed();
    return answer;
  }

  #judge({ type, version, condition, transport }: SubscriptionRequest): HttpAnswer {
    const refusal = this.#refusals.get(type);
    if (refusal !== undefined && refusal.left > 0) {
      refusal.left -= 1;
      return failure(refusal.status, refusal.message);
    }
    const session = this.#stage.sessions.get(transport.session_id);
    if (session === undefined || session.isGone) {
      return failure(400, "websocket transport session does not exist or has already disconnected");
    }
    const { mostSockets = null, namesExisting = true, cost } = this.#stage.knobs;
    const used = [...this.#stage.sessions.values()].filter(
      (each) => each.subscriptions.size > 0 && each !== session,
    );
    if (mostSockets !== null && session.subscriptions.size === 0 && used.length >= mostSockets) {
      return failure(429, "number of websocket transports limit exceeded");
    }
    const existing = this.#findExisting(session, type, condition);
    if (existing !== null) {
      const named = namesExisting ? { id: existing } : {};
      const said = { error: "Conflict", status: 409, message: "subscription already exists" };
      return { status: 409, body: { ...said, ...named } };
    }
    const isStranger = condition["broadcaster_user_id"] !== writer.id;
    const price = isStranger && counted.includes(type) ? (cost?.each ?? 0) : 0;
    const { total_cost: spent, max_total_cost: max } = this.#count();
    if (price > 0 && spent + price > max) return failure(429, "subscription cost limit exceeded");
    this.#made += 1;
    const subscription: Subscription = {
      id: this.#stage.chance.uuid(),
      number: this.#made,
      type,
      version,
      condition,
      cost: price,
      createdAt: new Date().toISOString(),
    };
    session.subscriptions.set(subscription.id, subscription);
    const data = [describeSubscription(subscription, session)];
    return { status: 202, body: { data, ...this.#count() } };
  }

  /** Of its own session, or of one that was left behind: others may have the same. */
  #findExisting(
    session: Session,
    type: string,
    condition: Readonly<Record<string, string>>,
  ): string | null {
    const alike = this.#all().find(
      (each) =>
        (each.session === session || each.session.isGone) &&
        each.subscription.type === type &&
        isSame(each.subscription.condition, condition),
    );
    return alike?.subscription.id ?? null;
  }
}

interface SubscriptionRequest {
  readonly type: string;
  readonly version: string;
  readonly condition: Readonly<Record<string, string>>;
  readonly transport: { readonly session_id: string };
}

function readRequest(body: string): SubscriptionRequest {
  try {
    const request = JSON.parse(body) as Partial<SubscriptionRequest>;
    const { type = "", version = "", condition = {}, transport } = request;
    return { type, version, condition, transport: transport ?? { session_id: "" } };
  } catch {
    return { type: "", version: "", condition: {}, transport: { session_id: "" } };
  }
}

function failure(status: number, message: string): HttpAnswer {
  return { status, body: { status, message } };
}
