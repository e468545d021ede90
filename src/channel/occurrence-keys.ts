import type { EventDraft } from "../event/event.ts";
import type { ProviderId, Seq } from "../event/ids.ts";
import type { Merge } from "../event/merge.ts";
import { SEEN_VIA_MAX } from "../event/sighting.ts";
import { shortenKey, type RecentKeys } from "./recent.ts";

/*
 * The names by which an occurrence is known again. Most are a provider's own, and nobody else tells
 * of them. A platform's own id is the same from everyone who tells of it.
 */

/** Parts what is stored of a key: whose it is, and what everyone calls it. No provider's id has it. */
const EVERYONES = "\t";

/** The name of an occurrence, as it is remembered and as it is stored. */
export interface OccurrenceKey {
  /** The text that it is remembered by. */
  readonly key: string;
  /** The text that is stored with its event. */
  readonly stored: string;
  /** Others may tell of the same by the same name. */
  readonly isEveryones: boolean;
}

/** Names the occurrence that a draft tells of; null for one that could not be told of again. */
export function nameOccurrence(
  draft: EventDraft,
  provider: ProviderId,
  merge: Merge,
): OccurrenceKey | null {
  const { key } = draft;
  if (key === undefined) return null;
  if (merge !== "off" && isMergeable(draft, provider) && isPlatformKey(key, draft.platform)) {
    return { key, stored: `${provider}${EVERYONES}${key}`, isEveryones: true };
  }
  const own = `${provider} ${key}`;
  return { key: own, stored: own, isEveryones: false };
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

/** Remembers what was stored of a key, as an event with this place has it. */
export function rememberStored(recent: RecentKeys, stored: string, seq: Seq): void {
  const name = readEveryones(stored);
  if (name === null) recent.add(stored, seq);
  else recent.add(name.key, seq, name.provider);
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
  const name = readEveryones(stored);
  return name === null ? shortenKey(stored) : `${name.provider}${EVERYONES}${shortenKey(name.key)}`;
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
