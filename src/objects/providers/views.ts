import { PROVIDERS_MAX, type DialHealth, type ProviderView } from "../../calls/provider.ts";
import { refuse, type Answer } from "../../event/answer.ts";
import { formatTime } from "../../lib/time.ts";
import type { ProviderRow } from "../../store/journal/providers.ts";
import type { ProviderLink } from "./link.ts";

/*
 * Providers as the API shows them, with times as RFC 3339.
 */

/** Refuses one more where a channel has as many as it may; null where it has room. */
export function refuseCrowd(
  providers: readonly ProviderView[],
): Answer<never, "provider_limit"> | null {
  if (providers.length < PROVIDERS_MAX) return null;
  return refuse("provider_limit", `A channel has at most ${PROVIDERS_MAX} providers.`);
}

/** A provider, never with its credentials. */
export function viewProvider(row: ProviderRow): ProviderView {
  const { id, protocol, target, url, mode, enabled, createdAt, updatedAt } = row;
  return {
    id,
    protocol,
    // An adapter's target is always an object: its schema says so.
    target: target as Record<string, unknown>,
    url,
    mode,
    enabled,
    createdAt: formatTime(createdAt),
    updatedAt,
  };
}

/** How a provider fares. The beginnings of unreadable frames are for those who may manage it. */
export function viewProviderHealth(link: ProviderLink, isDetailed: boolean): DialHealth {
  const { phase, since, reason, detail, attempts, dueAt } = link.dialState;
  const { count, recent } = link.rejects;
  return {
    id: link.row.id,
    protocol: link.adapter.protocol,
    phase,
    since: formatTimeOrNull(since === 0 ? null : since),
    reason,
    detail,
    attempts,
    nextDialAt: formatTimeOrNull(dueAt),
    lastFrameAt: formatTimeOrNull(link.lastFrameAt),
    rejected: count,
    ...(isDetailed && {
      rejects: recent.map(({ at, problem, start }) => ({ at: formatTime(at), problem, start })),
    }),
  };
}

function formatTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms);
}
