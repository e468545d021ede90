import type { EventDraft } from "../event/event.ts";
import type { ProviderId, Seq } from "../event/ids.ts";
import type { Merge } from "../event/merge.ts";
import { ALSO, SEEN_VIA_MAX } from "../event/sighting.ts";
import { shortenKey, type RecentKeys } from "./recent.ts";

/*
 * The names by which an occurrence is known again. Most are a provider's own, and nobody else tells
 * of them. A platform's own id is the same from everyone who tells of it.
 */

/** Parts what is stored of a key: whose it is, and what everyone calls it. No provider's id has it. */
const EVERYONES = "\t";

/** Stands behind those who told of it: the message of the event has another id, or none. */
export const OTHER = "\n+";

/** Stands before a key where no more is told than that there was something. */
const VAGUE = "?";

/** The name of an occurrence, as it is remembered and as it is stored. */
export interface OccurrenceKey {
  /** The text that it is remembered by. */
  readonly key: string;
  /** The same where it is told of in full. */
  readonly full: string;
  /** The text that is stored with its event. */
  readonly stored: string;
  /** Others may tell of the same by the same name. */
  readonly isEveryones: boolean;
  /** The mark behind those who tell of it by this name. */
  readonly mark: typeof OTHER | "";
}

/** Names the occurrence that a draft tells of; null for one that could not be told of again. */
export function nameOccurrence(
  draft: EventDraft,
  provider: ProviderId,
  merge: Merge,
): OccurrenceKey | null {
  // It is stored beside others.
  const key = draft.key?.replaceAll(ALSO, "\u{FFFD}");
  if (key === undefined) return null;
  if (merge !== "off" && isMergeable(draft, provider) && isPlatformKey(key, draft.platform)) {
    // What one has no word for, or another room hears of, must not stand for what was done.
    const isVague = draft.type === "provider.event" || draft.type === "chat.notice";
    const named = isVague ? VAGUE + key : key;
    // In a shared chat a message has another id in each channel.
    const isOther = draft.type === "chat.message" && !key.endsWith(`/${draft.data.message.id}`);
    const mark = isOther ? OTHER : "";
    const stored = writeEveryones(provider + mark, named);
    return { key: named, full: key, stored, isEveryones: true, mark };
  }
  const own = `${provider} ${key}`;
  return { key: own, full: own, stored: own, isEveryones: false, mark: "" };
}

/** Writes down a name that everyone has for an event, and who told of it by that. */
export function writeEveryones(tellers: string, key: string): string {
  return tellers + EVERYONES + key;
}

/** Programs speak for themselves, and what is there to try happened nowhere. */
export function isMergeable({ test }: EventDraft, provider: ProviderId): boolean {
  return provider !== "api" && provider !== "relay" && test !== true;
}

const KIND = /^[a-z][a-z._-]*$/;

/** Is a key of the form `<kind>/<platform>/<the platform's own id>`? */
function isPlatformKey(key: string, platform: string): boolean {
  const end = key.indexOf("/");
  const id = end + platform.length + 2;
  return key.length > id && key.startsWith(`${platform}/`, end + 1) && KIND.test(key.slice(0, end));
}

/**
 * Remembers what was stored of a key, as an event with this place has it. Answers whether a platform's
 * own id is among it.
 */
export function rememberStored(recent: RecentKeys, stored: string, seq: Seq): boolean {
  let isNamed = false;
  for (const each of stored.split(ALSO)) {
    const name = readEveryones(each);
    isNamed ||= name !== null;
    if (name === null) recent.add(each, seq);
    else recent.add(name.key, seq, name.provider);
  }
  return isNamed;
}

function readEveryones(stored: string): { provider: string; key: string } | null {
  const at = stored.indexOf(EVERYONES);
  const provider = stored.slice(0, Math.max(0, at));
  // A space comes first in what is a provider's own: there the sign is part of its key.
  if (provider === "" || provider.includes(" ")) return null;
  return { provider, key: stored.slice(at + 1) };
}

/** Shortens what was stored of a key to what is remembered of it; see `shortenKey`. */
export function shortenStored(stored: string): string {
  const all = stored.split(ALSO).map((each) => {
    const name = readEveryones(each);
    return name === null ? shortenKey(each) : writeEveryones(name.provider, shortenKey(name.key));
  });
  return all.join(ALSO);
}

/** The connection that a draft came by, or the provider where it came by none. */
export function nameTeller({ connectionId }: EventDraft, provider: ProviderId): string {
  return connectionId ?? provider;
}

/**
 * Has a connection told of it, or, where no more is known, any of its provider? Of more tellers than an
 * event has room for nothing is noted.
 */
export function hasTold(tellers: string, teller: string, provider: ProviderId): boolean {
  const all = tellers.split("\n");
  return all.length > SEEN_VIA_MAX || all.some((each) => each === teller || each === provider);
}
