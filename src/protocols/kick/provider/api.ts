import { z } from "zod";

import { decodeJson } from "../../../lib/json.ts";
import type { HttpExchange } from "../../session.ts";
import { EVENTS } from "../wire/frames.ts";
import type { App, Place } from "./link.ts";

/** A token as a header may carry it. */
export const Token = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, "must be letters, digits and signs");

// Ten subscriptions a channel, each of some 250 bytes, and as many again for each that was made twice.
const LIST_MAX_BYTES = 256 * 1024;

/** Asks for the app's token. It cannot be renewed: a new one is asked for. */
export function askAppToken(place: Place, app: App): HttpExchange {
  return askToken(place, app, { grant_type: "client_credentials" });
}

/** Asks for another token of a user's. It uses the old refresh token up. */
export function askUserToken(place: Place, app: App, refreshToken: string): HttpExchange {
  return askToken(place, app, { grant_type: "refresh_token", refresh_token: refreshToken });
}

/** Asks for a user's tokens, for what the user was sent back with. */
export function askCodeToken(
  place: Place,
  app: App,
  { code, redirectUri, verifier }: Readonly<Record<"code" | "redirectUri" | "verifier", string>>,
): HttpExchange {
  const grant = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
  return askToken(place, app, { ...grant, code_verifier: verifier });
}

function askToken({ authUrl }: Place, app: App, grant: Record<string, string>): HttpExchange {
  const form = new URLSearchParams({
    ...grant,
    client_id: app.clientId,
    client_secret: app.clientSecret,
  });
  return {
    url: `${authUrl}/oauth/token`,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: form.toString(),
  };
}

export function askChannel(place: Place, token: string, slug: string): HttpExchange {
  return ask(place, token, "GET", `channels?slug=${encodeURIComponent(slug)}`);
}

export function askSubscriptions(place: Place, token: string, broadcaster: string): HttpExchange {
  const path = `events/subscriptions?broadcaster_user_id=${encodeURIComponent(broadcaster)}`;
  return { ...ask(place, token, "GET", path), answerMaxBytes: LIST_MAX_BYTES };
}

export function subscribe(
  place: Place,
  token: string,
  broadcaster: string,
  events: readonly string[],
): HttpExchange {
  return ask(place, token, "POST", "events/subscriptions", {
    broadcaster_user_id: Number(broadcaster),
    events: events.map((name) => ({ name, version: 1 })),
    method: "webhook",
  });
}

export function unsubscribe(place: Place, token: string, ids: readonly string[]): HttpExchange {
  const query = ids.map((id) => `id=${encodeURIComponent(id)}`).join("&");
  return ask(place, token, "DELETE", `events/subscriptions?${query}`);
}

/** The public key needs nobody's token. */
export function askPublicKey({ apiUrl }: Place): HttpExchange {
  const headers = { accept: "application/json" };
  return { url: `${apiUrl}/public/v1/public-key`, method: "GET", headers };
}

export function ask(
  { apiUrl }: Place,
  token: string,
  method: HttpExchange["method"],
  path: string,
  body?: object,
): HttpExchange {
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  const url = `${apiUrl}/public/v1/${path}`;
  if (body === undefined) return { url, method, headers };
  const typed = { ...headers, "content-type": "application/json" };
  return { url, method, headers: typed, body: JSON.stringify(body) };
}

const TokenAnswer = z.looseObject({
  access_token: Token,
  refresh_token: Token.nullish(),
  expires_in: z.number().nonnegative().nullish().catch(null),
});
export type TokenAnswer = z.infer<typeof TokenAnswer>;

export function readToken(body: string): TokenAnswer | null {
  const decoded = decodeJson(TokenAnswer, body);
  return decoded.ok ? decoded.value : null;
}

// A number that no double holds exactly is another channel's.
const UserId = z.int().positive();

const ChannelAnswer = z.looseObject({
  data: z.array(
    z.looseObject({
      broadcaster_user_id: UserId,
      slug: z.string().nullish().catch(null),
      stream: z
        .looseObject({ is_live: z.boolean().nullish().catch(null) })
        .nullish()
        .catch(null),
    }),
  ),
});

/** A channel as Kick knows it. */
export interface Channel {
  /** The broadcaster's id, by which deliveries are for it. */
  readonly id: string;
  readonly isLive: boolean | null;
}

/** Reads whose channel it is. `unknown`: nobody goes by the name; null where that was not said. */
export function readChannel(body: string): Channel | "unknown" | null {
  const decoded = decodeJson(ChannelAnswer, body);
  if (!decoded.ok) return null;
  const [channel] = decoded.value.data;
  if (channel === undefined) return "unknown";
  return { id: String(channel.broadcaster_user_id), isLive: channel.stream?.is_live ?? null };
}

const SubscriptionsAnswer = z.looseObject({
  data: z
    .array(
      z.looseObject({
        id: z.string().min(1),
        event: z.string(),
        broadcaster_user_id: UserId.nullish().catch(null),
        method: z.string().nullish().catch(null),
      }),
    )
    .nullable(),
});

/** The subscriptions that there are of a channel: what is heard, and what is one too many. */
export interface Held {
  readonly events: readonly string[];
  /** Ids of those by which an event would come once more. */
  readonly extra: readonly string[];
  readonly ids: readonly string[];
}

/**
 * Reads which subscriptions there are. Of two to one event the older is kept: their ids are in the order
 * of their time, so that whoever looks keeps the same.
 */
export function readSubscriptions(body: string, broadcaster: string): Held | null {
  const decoded = decodeJson(SubscriptionsAnswer, body);
  if (!decoded.ok) return null;
  const own = (decoded.value.data ?? [])
    .filter(({ broadcaster_user_id: id }) => id === Number(broadcaster))
    .filter(({ method }) => (method ?? "webhook") === "webhook")
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const isFirst = ({ id, event }: (typeof own)[number]): boolean =>
    own.find((each) => each.event === event)?.id === id;
  return {
    events: own.filter(isFirst).map(({ event }) => event),
    extra: own.filter((each) => !isFirst(each)).map(({ id }) => id),
    ids: own.map(({ id }) => id),
  };
}

/** The events that nothing is subscribed to. */
export function listMissing({ events }: Held): string[] {
  return EVENTS.filter((event) => !events.includes(event));
}

const SubscribeAnswer = z.looseObject({
  data: z.array(z.looseObject({ name: z.string(), error: z.string().nullish() })),
});

/** The outcome of subscribing, by event: Kick refuses within an answer of 200. */
export interface Subscribed {
  readonly taken: readonly string[];
  readonly refused: readonly string[];
  /** For want of room: the app has as many as it may. */
  readonly isFull: boolean;
}

export function readSubscribed(body: string, asked: readonly string[]): Subscribed | null {
  const decoded = decodeJson(SubscribeAnswer, body);
  if (!decoded.ok) return null;
  const errors = decoded.value.data.filter(({ error }) => (error ?? "") !== "");
  const taken = asked.filter((event) =>
    decoded.value.data.some(({ name, error }) => name === event && (error ?? "") === ""),
  );
  return {
    taken,
    refused: asked.filter((event) => !taken.includes(event)),
    isFull: errors.some(({ error }) => /limit|quota|exceed|too many/i.test(error ?? "")),
  };
}

const KeyAnswer = z.looseObject({ data: z.looseObject({ public_key: z.string().max(8192) }) });

/** The public key out of its armour: SPKI in base 64. */
export function readPublicKey(body: string): string | null {
  const decoded = decodeJson(KeyAnswer, body);
  if (!decoded.ok) return null;
  const pem = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/;
  const [, inner = ""] = pem.exec(decoded.value.data.public_key) ?? [];
  const key = inner.replace(/\s+/g, "");
  return key === "" ? null : key;
}
