/* Twins among alerts: what makes two providers' words one, by type. Pure. */
import type { StreamEvent } from "./events.ts";
import { nameTwin, type Nearness } from "./twins.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const NEAR = new Map<string, Nearness>([
  ["channel.follow", { withinMs: 24 * HOUR, isOnce: true }],
  ["channel.subscription", { withinMs: HOUR }],
  ["channel.subscription.gift", { withinMs: MINUTE }],
  ["channel.tip", { withinMs: MINUTE }],
  ["channel.cheer", { withinMs: MINUTE / 2 }],
  ["channel.raid", { withinMs: 10 * MINUTE, isOnce: true }],
]);

/** The name under which two providers' words for one alert are the same, and how near they are. */
export function nameAlert({
  type,
  platform,
  data,
}: StreamEvent): [name: string, near: Nearness] | null {
  const near = NEAR.get(type);
  if (!near) return null;
  const { user, amount, message, count } = data;
  const text = type === "channel.tip" ? message?.text : "";
  const value = amount && Number(amount.value);
  // For how long somebody has subscribed is not known to everyone.
  return [nameTwin(type, platform, user?.name, value, amount?.currency, count, text), near];
}
