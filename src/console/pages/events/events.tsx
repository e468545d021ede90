import { useLocation, useRoute } from "preact-iso/router";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { StreamEvent } from "../../../client/event-types.ts";
import { formatFilter, formatRoute, readFilter } from "../../routes.ts";
import { foldRows, joinEvents, passes } from "../../state/follow.ts";
import { counted, log } from "../../state/log.ts";
import { Button } from "../../ui/button.tsx";
import { Badge, Empty, PageHead, Skeleton } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { useCommand } from "../keys.tsx";
import { Detail } from "./detail.tsx";
import { Export } from "./export.tsx";
import { Filters } from "./filters.tsx";
import { usePast } from "./past.ts";
import { EventRows } from "./rows.tsx";

/** The log: live, filtered, searched, and each event as it was said. */
export function Events({ id }: { id: string }) {
  const { query, route } = useLocation();
  const { params } = useRoute();
  const selected = params["event"] ?? null;
  const filter = useMemo(() => readFilter(query), [JSON.stringify(query)]);
  const past = usePast(id, filter, selected);
  const [pausedAt, setPausedAt] = useState<{
    readonly events: readonly StreamEvent[];
    readonly counted: number;
  } | null>(null);
  const [isExporting, setExporting] = useState(false);
  const find = useRef<HTMLInputElement>(null);
  const isPast = filter.until !== "";

  const source = pausedAt?.events ?? log.value;
  const rows = useMemo(() => {
    const live = isPast ? [] : source.filter((event) => passes(event, filter));
    return foldRows(joinEvents(live, past.events), filter);
  }, [source, past.events, filter, isPast]);

  const pause = (isPaused: boolean): void => {
    setPausedAt(isPaused ? { events: log.peek(), counted: counted.peek() } : null);
  };
  const open = (event: string | null): void => {
    route(`${formatRoute(id, "events", event ?? "")}${formatFilter(filter)}`, selected !== null);
  };
  const move = (by: number): void => {
    const at = rows.findIndex(({ event }) => event.id === selected);
    const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    if (pausedAt === null) pause(true);
    open(next.event.id);
  };
  useCommand((command) => {
    if (command === "find") find.current?.focus();
    else if (command === "pause") pause(pausedAt === null);
    else if (command === "next") move(1);
    else if (command === "previous") move(-1);
    else if (command === "back" && selected !== null) open(null);
    else return false;
    return true;
  });

  // Whoever scrolls down reads: nothing moves away under the eyes.
  useEffect(() => {
    const look = (): void => {
      if (scrollY > 240 && pausedAt === null && !isPast && selected === null) pause(true);
    };
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, [pausedAt, isPast, selected]);

  const missed = pausedAt === null ? 0 : counted.value - pausedAt.counted;
  return (
    <>
      <PageHead
        title="Events"
        actions={
          <>
            {isPast ? (
              <Badge tone="info">The past</Badge>
            ) : (
              <Button
                icon={pausedAt === null ? "pause" : "play"}
                pressed={pausedAt !== null}
                onClick={() => pause(pausedAt === null)}
              >
                {pausedAt === null ? "Pause" : `Go on (${missed.toLocaleString()} new)`}
              </Button>
            )}
            <Button onClick={() => setExporting(true)}>Export</Button>
          </>
        }
      />
      <Filters
        filter={filter}
        find={find}
        onFilter={(next) =>
          route(`${formatRoute(id, "events", selected ?? "")}${formatFilter(next)}`, true)
        }
      />
      <ProblemBox error={past.error} again={past.again} />
      <div class={selected === null ? "events" : "events split"}>
        <div class="events-list">
          <p class="events-said dim" role="status">
            {past.said}
            {past.isAsking && past.stop !== null ? (
              <>
                {" "}
                <Button small onClick={past.stop}>
                  Stop
                </Button>
              </>
            ) : null}
          </p>
          {rows.length === 0 && past.isAsking ? <Skeleton rows={8} /> : null}
          {rows.length === 0 && !past.isAsking && past.error === null ? (
            <Empty icon="events" title="Nothing here">
              <p>
                {formatFilter(filter) === ""
                  ? "Events are listed as they come."
                  : "No event is of this filter."}
              </p>
              {formatFilter(filter) === "" ? (
                <a href={formatRoute(id, "test")}>Send a test event</a>
              ) : (
                <Button onClick={() => route(formatRoute(id, "events"))}>
                  Take the filter off
                </Button>
              )}
            </Empty>
          ) : null}
          {rows.length === 0 ? null : <EventRows rows={rows} selected={selected} onOpen={open} />}
          {past.hasMore && !past.isAsking ? (
            <div class="row centre-row">
              <Button onClick={past.more}>Older events</Button>
            </div>
          ) : null}
        </div>
        {selected === null ? null : <Detail id={id} event={selected} onClose={() => open(null)} />}
      </div>
      {isExporting ? <Export id={id} filter={filter} onClose={() => setExporting(false)} /> : null}
    </>
  );
}
