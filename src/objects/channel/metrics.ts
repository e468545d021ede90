import type { MetricsQuery, MetricsView } from "../../calls/metrics.ts";
import type { AdmitRefusal } from "../../calls/refusals.ts";
import { joinMinutes, MINUTE_MS, MINUTES_KEPT } from "../../channel/minutes.ts";
import { grant, type Answer } from "../../event/answer.ts";
import { SEEING, type Principal } from "../../event/principal.ts";
import { formatTime } from "../../lib/time.ts";
import type { ChannelRuntime } from "./runtime.ts";

/** A channel's metrics of the last day at most, for somebody who may see how it fares. */
export function viewMetrics(
  runtime: ChannelRuntime,
  principal: Principal,
  { from, stepSeconds }: MetricsQuery,
): Answer<MetricsView, AdmitRefusal> {
  const denial = runtime.authority.denial(principal, ...SEEING);
  if (denial !== null) return denial;
  const now = Date.now();
  const stepMs = stepSeconds * 1000;
  const oldest = Math.max(from ?? 0, now - MINUTES_KEPT * MINUTE_MS);
  const begin = Math.floor(oldest / stepMs) * stepMs;
  const points = joinMinutes(runtime.publication.minutes.list(begin), stepMs).map(
    ({ at, ...rest }) => ({ at: formatTime(at), ...rest }),
  );
  return grant({ from: formatTime(begin), to: formatTime(now), stepSeconds, points });
}
