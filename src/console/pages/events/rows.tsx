import { Component } from "preact";

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

/** The rows of the log: a table, so that whoever hears it hears which column a word is in. */
export function EventRows({ rows, selected, onOpen }: Props) {
  return (
    <table class="log">
      <caption class="unseen">Events, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Platform</th>
          <th scope="col">Type</th>
          <th scope="col">What</th>
          <th scope="col">Delay</th>
        </tr>
      </thead>
      <tbody
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
        {rows.map((row) => (
          <EventRow key={row.event.id} row={row} isSelected={row.event.id === selected} />
        ))}
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
        data-id={event.id}
        tabIndex={0}
        class={isGap ? "gap" : undefined}
        aria-selected={isSelected}
      >
        <td class="log-time">
          <time dateTime={event.recordedtime} title={event.recordedtime}>
            {clock.format(new Date(event.recordedtime))}
          </time>
        </td>
        <td class="log-platform">
          <Platform name={event.platform} />
        </td>
        <td class="log-type">
          {event.type}
          {count > 1 ? <span class="times"> ×{count}</span> : null}
        </td>
        <td class="log-what">
          {event.test === true ? <Badge tone="calm">test</Badge> : null}
          <bdi>{sayEvent(event)}</bdi>
        </td>
        <td class="log-delay">{sayDelay(event)}</td>
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
