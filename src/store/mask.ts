import { erase, Erasures, type Erasure } from "../event/erasure.ts";
import { isRecord } from "../lib/json.ts";
import type { LoggedEvent } from "./logged-event.ts";

/** Events with tombstones in place of those that are erased and that history still has in full. */
export function mask(
  events: readonly LoggedEvent[],
  erasures: readonly Erasure[],
): readonly LoggedEvent[] {
  if (erasures.length === 0) return events;
  const all = new Erasures(erasures);
  return events.map((logged) => {
    const event: unknown = JSON.parse(logged.text);
    if (!isRecord(event) || !isRecord(event["data"])) return logged;
    const { seq, provider, platform } = logged;
    const whole = { ...event, data: event["data"] };
    const candidate = { seq, provider, platform, data: whole.data };
    if (!all.reach(candidate)) return logged;
    return { ...logged, text: JSON.stringify(erase(whole)), raw: null };
  });
}
