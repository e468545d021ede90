/*
 * Moderation: what must not be on screen. What any provider says was deleted, banned or cleared
 * hides what is there, and what still comes. Pure.
 */
import type { StreamEvent, User } from "./events.ts";

/** The marks by which something on screen is found again. */
export interface Traces {
  readonly platform: string;
  readonly provider: string;
  /** Its event's id, and its message's; its twins' as well. */
  readonly ids: Set<string>;
  readonly user: User | undefined;
}

/** Is this what is to be hidden? */
export type Hides = (traces: Traces) => boolean;

export interface Moderation {
  /** Deleted ids, oldest first. */
  readonly ids: Set<string>;
  /** People whose lines are not shown for a while, oldest first. */
  silenced: { readonly hides: Hides; readonly until: number }[];
}

// Relayed chat can be seconds behind its platform, and never so long.
const SILENCE_MS = 600_000;
const IDS = 2_000;
const PEOPLE = 1_000;

export function startModeration(): Moderation {
  return { ids: new Set(), silenced: [] };
}

/** Event types that tell of moderation, the dock's included. */
export const MODERATION = [
  "chat.message.deleted",
  "chat.cleared",
  "moderation.*",
  "overlay.broadcast",
];

/** Notes what an event of moderation says; answers what is to go from the screen. */
export function observeModeration(
  state: Moderation,
  { type, platform, provider, data }: StreamEvent,
  now: number,
): Hides | null {
  const { user, messageIds, eventIds, scope, seconds, until, event: command, payload } = data;
  if (type === "overlay.broadcast" && provider === "api" && command === "hide") {
    // From the dock: one event, wherever it is shown.
    const id = String((payload as { id?: unknown } | null)?.id);
    remember(state.ids, id, IDS);
    return ({ ids }) => ids.has(id);
  }
  if (messageIds) {
    const ids = messageIds
      .filter(Boolean)
      .slice(0, IDS)
      .map((id) => `${platform} ${id}`)
      .concat(eventIds ?? []);
    for (const id of ids) remember(state.ids, id, IDS);
    return (traces) => hasId(new Set(ids), traces);
  }
  if (type === "chat.cleared" && scope === "all") return (traces) => traces.platform === platform;
  if (!user) return null;
  const hides: Hides = (traces) => isSame({ platform, provider, user }, traces);
  if (type === "chat.cleared") return hides;
  if (type.endsWith(".unban")) {
    const traces = { platform, provider, user, ids: state.ids };
    state.silenced = state.silenced.filter((each) => !each.hides(traces));
  }
  if (!/ban$|timeout$/.test(type) || type.endsWith(".unban")) return null;
  const length = type.endsWith("ban")
    ? SILENCE_MS
    : seconds
      ? seconds * 1_000
      : Date.parse(until ?? "") - now;
  const ends = now + Math.min(length || SILENCE_MS, SILENCE_MS);
  state.silenced = state.silenced.filter((each) => each.until > now).slice(1 - PEOPLE);
  state.silenced.push({ hides, until: ends });
  return hides;
}

/** Is it something that must not come on screen any more? */
export function isHidden({ ids, silenced }: Moderation, traces: Traces, now: number): boolean {
  return hasId(ids, traces) || silenced.some(({ hides, until }) => until > now && hides(traces));
}

function hasId(ids: ReadonlySet<string>, traces: Traces): boolean {
  return [...traces.ids].some((id) => ids.has(id) || ids.has(`${traces.platform} ${id}`));
}

/**
 * Are they the same person? By id where one provider named both. Others have ids of their own for
 * people, so that there a name is enough: rather one line too few on screen than one too many.
 */
function isSame(a: Omit<Traces, "ids">, b: Omit<Traces, "ids">): boolean {
  if (a.platform !== b.platform || !a.user || !b.user) return false;
  if (a.provider === b.provider && a.user.id && b.user.id) return a.user.id === b.user.id;
  const names = listNames(a.user);
  return listNames(b.user).some((name) => names.includes(name));
}

/** Lists the names of somebody, whatever their case. */
export function listNames({ key, id, login, name }: User): string[] {
  return [key, id, login, name].filter(Boolean).map((each) => String(each).toLowerCase());
}

/** Keeps the newest of a set or a map. */
export function remember<T>(
  all: Set<string> | Map<string, T>,
  name: string,
  most: number,
  value?: T,
): void {
  all.delete(name);
  if (all instanceof Map) all.set(name, value as T);
  else all.add(name);
  if (all.size <= most) return;
  for (const oldest of all.keys()) {
    all.delete(oldest);
    return;
  }
}
