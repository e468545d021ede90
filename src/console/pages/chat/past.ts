/* What was said before the chat was opened. */
import { useEffect } from "preact/hooks";

import type { StreamEvent } from "../../../client/event-types.ts";
import { at, type Refused } from "../../api/call.ts";
import { useAsked } from "../../state/asked.ts";
import { takeEvents, type Line } from "../../state/lines.ts";
import { ACTIVITY } from "../../text/kinds.ts";

const CHAT = ["chat.message", "chat.notice"];

interface Page {
  readonly events: readonly StreamEvent[];
}

export interface ChatPast {
  readonly isAsking: boolean;
  readonly error: Refused | null;
  readonly again: () => void;
}

/** Reads it, and puts it before what came meanwhile. */
export function usePast(
  id: string,
  setLines: (change: (lines: readonly Line[]) => readonly Line[]) => void,
): ChatPast {
  const path = at`/channels/${id}/events`;
  const ask = (types: readonly string[], limit: number) => ({
    query: { types: types.join(","), limit, order: "desc" },
  });
  const chat = useAsked<Page>(path, ask(CHAT, 60));
  const activity = useAsked<Page>(path, ask(ACTIVITY, 50));
  useEffect(() => {
    const events = [...(chat.data?.events ?? []), ...(activity.data?.events ?? [])].toSorted(
      (one, other) => Number(one.sequence) - Number(other.sequence),
    );
    if (events.length === 0) return;
    setLines((lines) =>
      takeEvents(
        takeEvents([], events, 0),
        lines.map(({ event }) => event),
        Date.now(),
      ),
    );
  }, [chat.data, activity.data]);
  return {
    isAsking: chat.isAsking || activity.isAsking,
    error: chat.error ?? activity.error,
    again: () => {
      chat.again();
      activity.again();
    },
  };
}
