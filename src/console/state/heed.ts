/* What somebody at the stream is to hear of, who may be looking elsewhere. Pure. */
import type { StreamEvent } from "../../client/event-types.ts";
import { ALERTS } from "../text/kinds.ts";

export type Sound = "alert" | "mention";

interface Said {
  readonly message?: {
    readonly text?: string;
    readonly fragments?: readonly { readonly type: string; readonly text: string }[];
  };
}

/** Tells if a line says one of these names: as a mention, or as a word with or without an @. */
export function isMention({ type, data }: StreamEvent, names: readonly string[]): boolean {
  if (type !== "chat.message") return false;
  const { text = "", fragments = [] } = (data as Said).message ?? {};
  const said = [
    ...text.toLowerCase().split(/[^\p{L}\p{N}_]+/u),
    ...fragments
      .filter((fragment) => fragment.type === "mention")
      .map((fragment) => fragment.text.toLowerCase().replace(/^@/, "")),
  ];
  return names.some((name) => name !== "" && said.includes(name.toLowerCase()));
}

/** The sound for events that came together, at most one; null for none. */
export function pickSound(
  events: readonly StreamEvent[],
  asked: {
    readonly alerts: boolean;
    readonly mentions: boolean;
    readonly names: readonly string[];
  },
): Sound | null {
  if (asked.alerts && events.some(({ type }) => ALERTS.includes(type))) return "alert";
  if (asked.mentions && events.some((event) => isMention(event, asked.names))) return "mention";
  return null;
}
