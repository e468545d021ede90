import { Component, type VNode } from "preact";
import { useRef } from "preact/hooks";

import type { Row } from "../../state/follow.ts";
import { sayEvent } from "../../text/events.ts";
import { Badge, Platform } from "../../ui/parts.tsx";

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

interface Props {
  readonly rows: readonly Row[];
  readonly selected: string | null;
  readonly onOpen: (id: string) => void;
}

/** The rows of the log: a table, by its roles as its rows are laid out as grids, so that whoever hears it hears which column a word is in. */
export function EventRows({ rows, selected, onOpen }: Props) {
  // A row that is as it was is not looked at again: they are many, and new ones come all the time.
  const kept = useRef(new Map<string, VNode>());
  const shown = new Map(
    rows.map((row): [string, VNode] => {
      const isSelected = row.event.id === selected;
      const name = `${row.event.id} ${row.count} ${isSelected}`;
      return [
        name,
        kept.current.get(name) ?? <EventRow key={row.event.id} row={row} isSelected={isSelected} />,
      ];
    }),
  );
  kept.current = shown;
  return (
    <table class="log" role="table">
      <caption class="unseen">Events, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            Time
          </th>
          <th scope="col" role="columnheader">
            Platform
          </th>
          <th scope="col" role="columnheader">
            Type
          </th>
          <th scope="col" role="columnheader">
            What
          </th>
          <th scope="col" role="columnheader">
            Delay
          </th>
        </tr>
      </thead>
      <tbody
        role="rowgroup"
        onClick={(event) => {
          const row = (event.target as HTMLElement).closest("tr");
          if (row?.dataset["id"] !== undefined) onOpen(row.dataset["id"]);
        }}
        onKeyDown={(event) => {
          const row = (event.target as HTMLElement).closest("tr");
          if (event.key !== "Enter" || row?.dataset["id"] === undefined) return;
          event.preventDefault();
          onOpen(row.dataset["id"]);
        }}
      >
        {[...shown.values()]}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly row: Row;
  readonly isSelected: boolean;
}

/** One event's row. It is made again only where something in it is another. */
class EventRow extends Component<RowProps> {
  override shouldComponentUpdate({ row, isSelected }: RowProps): boolean {
    const { props } = this;
    return (
      row.event.id !== props.row.event.id ||
      row.count !== props.row.count ||
      isSelected !== props.isSelected
    );
  }

  override render({ row: { event, count }, isSelected }: RowProps) {
    const isGap = event.type === "connection.gap";
    return (
      <tr
        role="row"
        data-id={event.id}
        tabIndex={0}
        class={isGap ? "gap" : undefined}
        aria-selected={isSelected}
      >
        <td role="cell" class="log-time">
          <time dateTime={event.recordedtime} title={event.recordedtime}>
            {clock.format(new Date(event.recordedtime))}
          </time>
        </td>
        <td role="cell" class="log-platform">
          <Platform name={event.platform} />
        </td>
        <td role="cell" class="log-type">
          {event.type}
          {count > 1 ? <span class="times"> ×{count}</span> : null}
        </td>
        <td role="cell" class="log-what">
          {event.test === true ? <Badge tone="calm">test</Badge> : null}
          <bdi>{sayEvent(event)}</bdi>
        </td>
        <td role="cell" class="log-delay">
          {sayDelay(event)}
        </td>
      </tr>
    );
  }
}

/** How much later it was written down than its provider says it happened. */
function sayDelay({ time, recordedtime }: Row["event"]): string {
  if (time === undefined) return "";
  const delay = Date.parse(recordedtime) - Date.parse(time);
  if (Number.isNaN(delay)) return "";
  return Math.abs(delay) < 10_000
    ? `${delay > 0 ? "+" : ""}${delay} ms`
    : `${Math.round(delay / 1000)} s`;
}
