import { hasStatusFailed } from "../state/channel.ts";
import { Skeleton } from "../ui/parts.tsx";

/** Stands in the place of a status that is not there: it comes, or it could not be had. */
export function Unknown({ rows }: { rows: number }) {
  if (!hasStatusFailed.value) return <Skeleton rows={rows} />;
  return <p class="dim">Not known: the relay could not tell.</p>;
}
