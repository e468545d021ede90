/*
 * Twins: the same occurrence, told of by two providers. What one provider says twice was said twice;
 * what another says as well is what the first has said. Pure.
 */
import type { StreamEvent } from "./events.ts";
import { remember } from "./moderation.ts";

/** One occurrence: what was made of it, and who has told of it. */
interface Told<T> {
  readonly thing: T;
  readonly at: number;
  readonly by: Set<string>;
}

export type Twins<T> = Map<string, Told<T>[]>;

/** How near in time two are one, and whether it can happen only once within that time. */
export interface Nearness {
  readonly withinMs: number;
  readonly isOnce?: boolean;
}

const NAMES = 500;
const TIMES = 50;

/** The provider of what a page makes up to be looked at. Nobody else tells of that. */
export const DEMO = "demo";

/**
 * Looks for the same occurrence as another provider told of it; null where this is the first word
 * of it, for which `thing` is kept.
 */
export function findTwin<T>(
  twins: Twins<T>,
  name: string,
  { provider, recordedtime }: StreamEvent,
  { withinMs, isOnce = false }: Nearness,
  thing: T,
): T | null {
  if (provider === DEMO) return null;
  const at = Date.parse(recordedtime);
  const near = (twins.get(name) ?? []).filter((each) => Math.abs(at - each.at) <= withinMs);
  remember(twins, name, NAMES, near);
  const twin = near.find(({ by }) => isOnce || !by.has(provider));
  if (twin) {
    twin.by.add(provider);
    return twin.thing;
  }
  near.push({ thing, at, by: new Set([provider]) });
  if (near.length > TIMES) near.shift();
  return null;
}

/** How near in time lines of chat are twins. */
export const CHAT: Nearness = { withinMs: 10_000 };

/** The name under which two providers' words for one line of chat are the same. */
export function nameLine({ platform, data: { user, message } }: StreamEvent): string {
  return nameTwin(platform, user?.name, message?.text);
}

export function nameTwin(...parts: readonly (string | number | undefined)[]): string {
  return parts
    .map((part) =>
      String(part ?? "")
        .slice(0, 500)
        .trim()
        .replaceAll(/\s+/g, " "),
    )
    .join("\n")
    .toLowerCase();
}
