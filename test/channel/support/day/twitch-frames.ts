import { formatTime, type Happening } from "./happening.ts";

/*
 * The frames of Twitch IRC, EventSub and StreamElements, with what tells one happening from another.
 */

export const idOf = ({ no }: Happening, part = ""): string =>
  `5f0d6f0c-6a55-4f5e-9e5c-${String(no).padStart(12, "0")}${part}`;

export function irc(
  frame: { tags: object; params: readonly string[] },
  tags: object,
  words?: string[],
) {
  const [room = ""] = frame.params;
  const params = words === undefined ? frame.params : [room, ...words];
  return { ...frame, tags: { ...frame.tags, ...tags }, params };
}

export interface Notified {
  readonly metadata: object;
  readonly payload: { readonly event: object };
}

/** A notification of this happening, with fields of its own. */
export function eventSub(frame: Notified, happening: Happening, event: object, part = ""): object {
  const { at, lags } = happening;
  const metadata = {
    ...frame.metadata,
    message_id: `frame-${idOf(happening, part)}`,
    // It is made a little later than what it tells of.
    message_timestamp: formatTime(at + Math.round((lags[10] ?? 0) * 2_500)),
  };
  const payload = { ...frame.payload, event: { ...frame.payload.event, ...event } };
  return { ...frame, metadata, payload };
}

export function astro(
  frame: { data: object },
  { at }: Happening,
  id: string,
  data: object,
): object {
  const whole = { ...frame.data, _id: id, activityId: id, createdAt: formatTime(at), data };
  return { ...frame, id: `A-${id}`, ts: formatTime(at), data: whole };
}

export function activity({ who }: Happening, more: object): object {
  return { username: who.login, displayName: who.name, providerId: who.id, ...more };
}

export function author({ who, at }: Happening): object {
  const { id, login, name } = who;
  return { "user-id": id, "display-name": name, login, "tmi-sent-ts": String(at) };
}

export function chatter({ who }: Happening): object {
  const { id, login, name } = who;
  return { chatter_user_id: id, chatter_user_login: login, chatter_user_name: name };
}

export function user({ who }: Happening): object {
  return { user_id: who.id, user_login: who.login, user_name: who.name };
}
