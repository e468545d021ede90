import type { Data, StreamEvent } from "../../../src/overlay/kit/events.ts";

/** When the tests' first event happened. */
export const BEGUN = Date.parse("2026-11-28T20:00:00.000Z");

let seq = 0;

/** An event of a type, so many milliseconds after the beginning. */
export function makeEvent(
  type: string,
  data: Data,
  more: Partial<StreamEvent> & { readonly at?: number } = {},
): StreamEvent {
  const { at = 0, ...rest } = more;
  seq += 1;
  return {
    id: `epoch00000-${seq}`,
    type,
    platform: "twitch",
    provider: "restream",
    recordedtime: new Date(BEGUN + at).toISOString(),
    data,
    ...rest,
  };
}

export function somebody(name: string, more: object = {}) {
  return { id: `id-${name}`, name, roles: [], badges: [], ...more };
}
