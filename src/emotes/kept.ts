import { z } from "zod";

import { decodeOwnJson } from "../lib/json.ts";
import { Picture } from "./emote.ts";
import type { EmoteSource } from "./service.ts";

/** A list as it is kept: what a service said, and when. */
export const KeptList = z.object({
  fetchedAt: z.number(),
  emotes: z.array(z.tuple([z.string(), Picture])),
});
export type KeptList = z.infer<typeof KeptList>;

/** The time for which a list is taken for what the service has. */
export const FRESH_MS = 600_000;

/** The time for which a list stands in for a service that is away. */
export const KEEP_MS = 86_400_000;

/** The state of a list by now: as the service has it, to be asked for anew, or too old to show. */
export type Standing = "fresh" | "stale" | "gone";

/** Tells how far a kept list can be trusted. One from the future was kept by another clock. */
export function judgeKept(kept: KeptList | null, now: number): Standing {
  if (kept === null) return "gone";
  const age = now - kept.fetchedAt;
  if (age >= KEEP_MS || age < -FRESH_MS) return "gone";
  return age < FRESH_MS ? "fresh" : "stale";
}

/** A list's name in every place where it is kept. The number changes with the format. */
export function nameSource({ service, account }: EmoteSource): string {
  return account === null
    ? `v1/${service}/global`
    : `v1/${service}/${account.platform}/${account.id}`;
}

/** Reads a list that was kept; null where it cannot be read any more. */
export function parseKept(text: string): KeptList | null {
  const decoded = decodeOwnJson(KeptList, text);
  return decoded.ok ? decoded.value : null;
}
