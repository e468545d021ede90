import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { lookUp } from "../../../lib/json.ts";
import { parseTime } from "../../../lib/time.ts";
import { SOURCE_OF } from "../wire/frames.ts";

/** A frame of ours, at a time in milliseconds: Restream's are whole seconds. */
export function formatFrame(action: string, payload: object, at: number): string {
  return JSON.stringify({ action, payload, timestamp: Math.floor(at / 1000) });
}

/** `eventSourceId` of a platform: one that Restream has no number for is told of as 0. */
export function toSource(platform: string): number {
  return lookUp(SOURCE_OF, platform) ?? 0;
}

export function readData<T extends CatalogueType>(event: StreamEvent): DataOf<T> {
  return event.data as DataOf<T>;
}

/** When an event happened, in milliseconds. */
export function toTime({ time, recordedtime }: StreamEvent): number {
  return parseTime(time ?? recordedtime) ?? 0;
}
