import type { Alarms } from "../alarms.ts";
import type { GatewaySockets } from "./clients.ts";

/*
 * Some protocols' clients want to be told that their socket lives. One alarm does it for all of an
 * object, and only while there are such sockets.
 */

/** Sees to it that the alarm stands where it is needed. */
export function keepBeat(alarms: Alarms, sockets: GatewaySockets, now: number): void {
  const { beatMs } = sockets;
  const dueAt = alarms.dueAt("beat");
  if (beatMs === null) alarms.clear("beat");
  // One that wants it sooner than those that were here brings it forward.
  else if (dueAt === null || dueAt > now + beatMs) alarms.set("beat", now + beatMs);
}

/** Sees to it that sockets that have shown no credential are looked at when their time is over. */
export function keepGreeting(alarms: Alarms, { greetBy }: GatewaySockets): void {
  const dueAt = alarms.dueAt("greeting");
  if (greetBy === null) alarms.clear("greeting");
  else if (dueAt === null || dueAt > greetBy) alarms.set("greeting", greetBy);
}

/** The alarm has gone off. */
export function sendHeartbeats(alarms: Alarms, sockets: GatewaySockets, now: number): void {
  sockets.beat();
  keepBeat(alarms, sockets, now);
}
