import type { Alarms } from "../alarms.ts";
import type { GatewaySockets } from "./clients.ts";

/*
 * Some protocols' clients want to be told that their socket lives. One alarm does it for all of an
 * object, and only while there are such sockets.
 */

/** Sees to it that the alarm stands where it is needed. */
export function keepBeat(alarms: Alarms, sockets: GatewaySockets, now: number): void {
  const { heartbeatMs } = sockets;
  const dueAt = alarms.dueAt("heartbeat");
  if (heartbeatMs === null) alarms.clear("heartbeat");
  // One that wants it sooner than those that were here brings it forward.
  else if (dueAt === null || dueAt > now + heartbeatMs) alarms.set("heartbeat", now + heartbeatMs);
}

/** Sees to it that sockets that have shown no credential are looked at when their time is over. */
export function keepGreeting(alarms: Alarms, { greetBy }: GatewaySockets): void {
  const dueAt = alarms.dueAt("greeting");
  if (greetBy === null) alarms.clear("greeting");
  else if (dueAt === null || dueAt > greetBy) alarms.set("greeting", greetBy);
}

/** The alarm has gone off. */
export function sendHeartbeats(alarms: Alarms, sockets: GatewaySockets, now: number): void {
  sockets.sendHeartbeats();
  keepBeat(alarms, sockets, now);
}
