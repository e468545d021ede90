import type { DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import type { User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { isRecord } from "../../../lib/json.ts";
import { emit } from "../wire/frames.ts";

/** An event as games are told of it; null for what this protocol has no word for. */
export function encodeEvent({ type, data, provider }: StreamEvent): string | null {
  switch (type) {
    case "interaction.input": {
      const { component: id, view, values, user } = data as DataOf<"interaction.input">;
      return emit("input", omitUndefined({ id, view, values, username: toUsername(user) }));
    }
    case "interaction.mouse": {
      const { button, x, y, width, height, user } = data as DataOf<"interaction.mouse">;
      const type = button === "down" ? "mousedown" : "mouseup";
      const place = { clientWidth: width, clientHeight: height, clientX: x, clientY: y };
      return emit(type, { type, ...place, username: toUsername(user) });
    }
    case "provider.event":
      return provider === "interactive-sync"
        ? encodeAsItCame(data as DataOf<"provider.event">)
        : null;
    default:
      return null;
  }
}

/** An emit that we had no word for goes on as it is. */
function encodeAsItCame({ nativeType, payload }: DataOf<"provider.event">): string | null {
  if (!nativeType.startsWith("emit.") || !isRecord(payload)) return null;
  // Kept whole, a frame of that context with another status is no emit.
  const { type, payload: inner } = payload;
  return typeof type === "string" ? emit(type, inner ?? null) : null;
}

function toUsername(user: User | undefined): string | null {
  return user === undefined || user.anonymous ? null : user.name;
}
