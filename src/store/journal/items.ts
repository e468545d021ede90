import { z } from "zod";

import { isRecord } from "../../lib/json.ts";

interface StoredEvent {
  readonly data: Record<string, unknown>;
}

/** One event as the journal's rows hold it, and as history takes it. */
const Item = z.tuple([
  z.int(),
  z.string(),
  z.string(),
  z.string(),
  z.int(),
  // As it is, not copied by a schema: its keys stay in their order, and its text what it was.
  z.custom<StoredEvent>((event) => isRecord(event) && isRecord(event["data"])),
  z.unknown(),
]);
const Items = z.array(Item);
export type Item = z.infer<typeof Item>;

/** A row's events. */
export function readItems(text: string): Item[] {
  return Items.parse(JSON.parse(text));
}
