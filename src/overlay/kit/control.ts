/* Control of overlays from the dock, the console and programs: `overlay.broadcast`. Pure. */
import type { StreamEvent } from "./events.ts";

export interface Control {
  readonly command: string;
  readonly id: string | null;
  readonly value: number | null;
}

/**
 * Reads what an overlay of this kind and name is told to do; null where it is not meant. Only what
 * was posted to the relay is obeyed: a provider has broadcasts of its own, under the same type.
 */
export function readControl(event: StreamEvent, kind: string, name: string): Control | null {
  if (event.type !== "overlay.broadcast" || event.provider !== "api") return null;
  const { target, event: command, payload } = event.data;
  if (typeof command !== "string" || ![kind, name, "*"].includes(target ?? "")) return null;
  const { id, value } = (typeof payload === "object" && payload !== null ? payload : {}) as Record<
    string,
    unknown
  >;
  return {
    command,
    id: typeof id === "string" ? id : null,
    value: typeof value === "number" && Number.isFinite(value) ? value : null,
  };
}
