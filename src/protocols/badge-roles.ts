import type { Role } from "../event/shapes.ts";

/** The roles that badges stand for, on Twitch and on Kick, whoever tells of them. */
export const ROLE_OF_BADGE: ReadonlyMap<string, Role> = new Map([
  ["broadcaster", "broadcaster"],
  ["moderator", "moderator"],
  ["lead_moderator", "moderator"],
  ["vip", "vip"],
  ["subscriber", "subscriber"],
  ["founder", "subscriber"],
  ["staff", "staff"],
  ["admin", "staff"],
  ["partner", "verified"],
  ["verified", "verified"],
  ["bot-badge", "bot"],
  ["bot", "bot"],
]);
