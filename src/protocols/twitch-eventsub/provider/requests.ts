import { z } from "zod";

import { decodeJson, isRecord, lookUp, parseJson } from "../../../lib/json.ts";
import type { HttpExchange } from "../../session.ts";
import { authorize, HELIX_URL, makeHttpUrl, type Account } from "../../twitch-account.ts";
import { makeCondition, type People, type Wanted } from "./wanted.ts";

/* What is asked of Helix beside messages, and how its answers are read. */

const PATH = "/helix/eventsub/subscriptions";

/** Somebody who asks: at which address, and as whom. */
export interface Asker {
  readonly url: string | null;
  readonly account: Account;
}

function ask(
  { url, account }: Asker,
  method: HttpExchange["method"],
  path: string,
  body?: object,
): HttpExchange {
  return {
    url: makeHttpUrl(url, HELIX_URL, path),
    method,
    headers: {
      ...authorize(account),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

/** Asks whose channel goes by a login. */
export function requestUser(asker: Asker, login: string): HttpExchange {
  return ask(asker, "GET", `/helix/users?login=${encodeURIComponent(login)}`);
}

export function requestSubscription(
  asker: Asker,
  wanted: Wanted,
  people: People,
  sessionId: string,
): HttpExchange {
  return ask(asker, "POST", PATH, {
    type: wanted.type,
    version: wanted.version,
    condition: makeCondition(wanted, people),
    transport: { method: "websocket", session_id: sessionId },
  });
}

/** Asks for the subscriptions that there are of a type, to find one that is in the way. */
export function requestList(asker: Asker, type: string): HttpExchange {
  return ask(asker, "GET", `${PATH}?type=${encodeURIComponent(type)}`);
}

export function requestRemoval(asker: Asker, id: string): HttpExchange {
  return ask(asker, "DELETE", `${PATH}?id=${encodeURIComponent(id)}`);
}

const Users = z.looseObject({ data: z.array(z.looseObject({ id: z.string().min(1) })) });

/** Reads whose channel it is; null where nobody has the login, undefined where it was not said. */
export function readUserId(status: number, body: string): string | null | undefined {
  if (status === 404 || status === 400) return null;
  const answer = status === 200 ? decodeJson(Users, body) : null;
  if (answer?.ok !== true) return undefined;
  return answer.value.data[0]?.id ?? null;
}

const count = z.number().nullish().catch(null);
const Made = z.looseObject({
  data: z.array(z.looseObject({ id: z.string().min(1) })).min(1),
  total_cost: count,
  max_total_cost: count,
});

/** How much of what a user may subscribe to is used up. */
export interface Cost {
  readonly total: number;
  readonly max: number;
}

/** Reads a subscription that was made. */
export function readMade(body: string): { id: string | null; cost: Cost | null } {
  const answer = decodeJson(Made, body);
  if (!answer.ok) return { id: null, cost: null };
  const { data, total_cost: total, max_total_cost: max } = answer.value;
  const cost = total == null || max == null ? null : { total, max };
  return { id: data[0]?.id ?? null, cost };
}

const Refusal = z.looseObject({ message: z.string() });

/** Reads Twitch's own words for a refusal, shortened. */
export function readWords(body: string): string {
  const answer = decodeJson(Refusal, body);
  return answer.ok ? answer.value.message.slice(0, 200) : "";
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The id of the subscription that is in the way, wherever in the answer it is; null for none. */
export function findExisting(body: string): string | null {
  const parsed = parseJson(body);
  return parsed.ok ? findId(parsed.value) : null;
}

function findId(value: unknown): string | null {
  if (Array.isArray(value)) return value.map(findId).find((each) => each !== null) ?? null;
  if (!isRecord(value)) return null;
  const own = ["id", "subscription_id", "existing_subscription_id"]
    .map((name) => lookUp(value, name))
    .find((each) => typeof each === "string" && UUID.test(each));
  if (typeof own === "string") return own;
  return findId(Object.values(value).filter((each) => typeof each === "object"));
}

const Listed = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string().min(1),
      type: z.string(),
      status: z.string().nullish().catch(null),
      condition: z.record(z.string(), z.unknown()).catch({}),
      transport: z
        .looseObject({ method: z.string(), session_id: z.string().nullish() })
        .catch({ method: "" }),
    }),
  ),
});

/** A subscription that is in the way: this session's own, or one that somebody left behind. */
export interface Existing {
  readonly id: string;
  readonly isOurs: boolean;
}

/**
 * Finds it in a list; null where there is none. Of those that have ended, which are listed for a while, none
 * is in the way.
 */
export function findInList(
  body: string,
  wanted: Wanted,
  people: People,
  sessionId: string,
): Existing | null {
  const answer = decodeJson(Listed, body);
  if (!answer.ok) return null;
  const condition = Object.entries(makeCondition(wanted, people));
  const alike = answer.value.data.filter(
    (each) =>
      each.type === wanted.type &&
      (each.status ?? "enabled") === "enabled" &&
      each.transport.method === "websocket" &&
      condition.every(([name, value]) => each.condition[name] === value),
  );
  const ours = alike.find(({ transport }) => transport["session_id"] === sessionId);
  const found = ours ?? alike[0];
  return found === undefined ? null : { id: found.id, isOurs: found === ours };
}
