/* The events of before, read page by page: as many as are shown, or as far as a search has to go. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import type { StreamEvent } from "../../../client/event-types.ts";
import { ask, at, type Refused } from "../../api/call.ts";
import { toRefused } from "../../api/fault.ts";
import { toQuery, type EventFilter } from "../../routes.ts";
import { joinEvents } from "../../state/follow.ts";
import { isReached } from "../../state/session.ts";

const PAGE = 100;
/** As many are looked for by a search before it waits to be told to go on. */
const FOUND = 100;
const CONTEXT = 50;

interface Page {
  readonly events: readonly StreamEvent[];
  readonly next: string | null;
  readonly hasMore: boolean;
}

export interface Past {
  readonly events: readonly StreamEvent[];
  readonly hasMore: boolean;
  readonly isAsking: boolean;
  readonly error: Refused | null;
  /** How far it was looked, in words. */
  readonly said: string;
  readonly more: () => void;
  readonly again: () => void;
  readonly stop: (() => void) | null;
}

/** Reads events of before, newest first; of a permalink those around it. */
export function usePast(id: string, filter: EventFilter, selected: string | null): Past {
  const [events, setEvents] = useState<readonly StreamEvent[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [hasMore, setHasMore] = useState(false);
  const [isAsking, setAsking] = useState(true);
  const [error, setError] = useState<Refused | null>(null);
  const [said, setSaid] = useState("");
  const aborter = useRef<AbortController | null>(null);
  const path = at`/channels/${id}/events`;
  const words = JSON.stringify(toQuery(filter));
  const isSearch = filter.contains !== "";

  const read = useCallback(
    async (from: string | null): Promise<void> => {
      aborter.current?.abort();
      const own = new AbortController();
      aborter.current = own;
      setAsking(true);
      setError(null);
      let before = from;
      let found = 0;
      try {
        do {
          const page: Page = await ask(path, {
            query: {
              ...(JSON.parse(words) as Record<string, string | null>),
              before,
              limit: PAGE,
              order: "desc",
            },
            signal: own.signal,
          });
          before = page.next;
          found += page.events.length;
          setEvents((old) => joinEvents(old, page.events));
          setNext(page.next);
          setHasMore(page.hasMore && page.next !== null);
          if (isSearch) setSaid(sayReach(page, found));
          if (!isSearch || !page.hasMore) break;
        } while (before !== null && found < FOUND);
      } catch (caught) {
        // Stopped by whoever looks, or shown where the events would be.
        if (!own.signal.aborted) setError(toRefused(caught));
      } finally {
        if (aborter.current === own) setAsking(false);
      }
    },
    [path, words, isSearch],
  );

  useEffect(() => {
    setEvents([]);
    setNext(null);
    setHasMore(false);
    setSaid("");
    void read(null);
    return () => aborter.current?.abort();
  }, [read]);

  useEffect(() => {
    // What could not be reached is asked for again once something was.
    if (error?.status === 0 && isReached.value) void read(null);
  }, [isReached.value]);

  useEffect(() => {
    if (selected === null) return;
    const own = new AbortController();
    void readAround(path, selected, own.signal).then(
      (around) =>
        setEvents((old) =>
          old.some((each) => each.id === selected) ? old : joinEvents(old, around),
        ),
      () => {
        // The event itself says why it cannot be shown.
      },
    );
    return () => own.abort();
  }, [path, selected]);

  return {
    events,
    hasMore,
    isAsking,
    error,
    said,
    more: () => void read(next),
    again: () => void read(null),
    stop: isSearch
      ? () => {
          aborter.current?.abort();
          setAsking(false);
        }
      : null,
  };
}

/** How far back a search has come. */
function sayReach({ events, hasMore }: Page, found: number): string {
  const many = `${found.toLocaleString()} found`;
  const oldest = events.at(-1);
  if (!hasMore) return `${many}. Searched to the beginning.`;
  return oldest === undefined
    ? `${many}. Searching on…`
    : `${many}. Searched back to ${new Date(oldest.recordedtime).toLocaleString()}.`;
}

async function readAround(
  path: string,
  event: string,
  signal: AbortSignal,
): Promise<StreamEvent[]> {
  const limit = CONTEXT;
  const [own, before, after] = await Promise.all([
    ask<StreamEvent>(`${path}/${encodeURIComponent(event)}`, { signal }),
    ask<Page>(path, { query: { before: event, limit, order: "desc" }, signal }),
    ask<Page>(path, { query: { after: event, limit, order: "asc" }, signal }),
  ]);
  return [own, ...before.events, ...after.events];
}
