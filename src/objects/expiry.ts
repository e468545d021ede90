import type { Alarms } from "./alarms.ts";

/*
 * A credential that runs out closes its sockets then, and not when something happens the next time.
 * One alarm stands at the first time at which any does.
 */

/** Sees to it that the alarm stands no later than it has to. */
export function keepExpiry(alarms: Alarms, expiresAt: number | null): void {
  const dueAt = alarms.dueAt("expiry");
  if (expiresAt === null) alarms.clear("expiry");
  else if (dueAt === null || dueAt > expiresAt) alarms.set("expiry", expiresAt);
}

/** Sockets that go by credentials which may run out. */
interface Expiring {
  readonly expiresAt: number | null;
  dismissExpired(now: number): void;
}

/** The alarm has gone off. */
export function endExpired(alarms: Alarms, sockets: Expiring, now: number): void {
  sockets.dismissExpired(now);
  const { expiresAt } = sockets;
  if (expiresAt === null) alarms.clear("expiry");
  else alarms.set("expiry", expiresAt);
}

/** The first of some times; null where there is none. */
export function findFirstTime(times: Iterable<number | null | undefined>): number | null {
  let first: number | null = null;
  for (const time of times) if (time != null) first = Math.min(first ?? time, time);
  return first;
}
