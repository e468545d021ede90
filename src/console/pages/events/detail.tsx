import { useState } from "preact/hooks";

import type { StreamEvent } from "../../../client/event-types.ts";
import { ask, at } from "../../api/call.ts";
import type { Webhook } from "../../api/types.ts";
import { formatRoute } from "../../routes.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { passes } from "../../state/follow.ts";
import { may } from "../../state/session.ts";
import { sayEvent } from "../../text/events.ts";
import { snippets } from "../../text/snippets.ts";
import { Button } from "../../ui/button.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Badge, Json, Platform, Skeleton, Tabs, Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";
import { Both } from "./both.tsx";

type View = "canonical" | "raw" | "both" | "why";

const VIEWS: readonly (readonly [View, string])[] = [
  ["canonical", "Event"],
  ["raw", "Raw"],
  ["both", "Side by side"],
  ["why", "Who got it"],
];

const LABELS = ["The event", "As the provider said it"] as const;

/** One event: as we say it, as its provider said it, and what became of it. */
export function Detail(props: {
  readonly id: string;
  readonly event: string;
  readonly onClose: () => void;
}) {
  const { id, event: position, onClose } = props;
  const [view, setView] = useState<View>("canonical");
  const path = at`/channels/${id}/events/${position}`;
  const found = useAsked<StreamEvent>(path);
  const needsRaw = view === "raw" || view === "both";
  const mayRaw = may("channels:manage", id);
  const raw = useAsked<unknown>(needsRaw && mayRaw ? `${path}/raw` : null);
  const event = found.data;
  const isBoth = view === "both" && mayRaw && raw.error === null && !raw.isAsking;
  return (
    <aside class="detail" aria-label="Selected event">
      <header>
        <div>
          <h2>{event?.type ?? "Event"}</h2>
          {event === null ? null : (
            <p class="dim">
              <Platform name={event.platform} /> <Time at={event.recordedtime} seconds />{" "}
              {event.test === true ? <Badge tone="calm">test</Badge> : null}
            </p>
          )}
        </div>
        <Button kind="quiet" icon="close" label="Close the event" onClick={onClose} />
      </header>
      <ProblemBox error={found.error} again={found.again} />
      {event === null && found.error === null ? <Skeleton rows={6} /> : null}
      {event === null ? null : (
        <>
          <p class="said">
            <bdi>{sayEvent(event)}</bdi>
          </p>
          <Timeline event={event} />
          <Tabs
            label="Views of the event"
            tabs={VIEWS}
            open={view}
            onOpen={(next) => setView(next as View)}
          />
          {isBoth ? (
            <p class="help">What is underlined is the same in both; point at it to see where.</p>
          ) : null}
          <div class={view === "both" ? "panes two" : "panes"}>
            {view === "canonical" || (view === "both" && !isBoth) ? (
              <Json value={event} label={LABELS[0]} />
            ) : null}
            {needsRaw ? (
              mayRaw ? (
                raw.error?.code === "event_erased" ? (
                  <p class="dim">What was said here was deleted.</p>
                ) : raw.error !== null ? (
                  <ProblemBox error={raw.error} again={raw.again} />
                ) : raw.isAsking ? (
                  <Skeleton rows={6} />
                ) : view === "both" ? (
                  <Both one={event} other={raw.data} labels={LABELS} />
                ) : (
                  <Json value={raw.data} label={LABELS[1]} />
                )
              ) : (
                <p class="dim">The provider's own words need channels:manage.</p>
              )
            ) : null}
            {view === "why" ? <Receivers id={id} event={event} /> : null}
          </div>
          <Actions id={id} event={event} />
        </>
      )}
    </aside>
  );
}

function Timeline({ event }: { event: StreamEvent }) {
  const { time, recordedtime } = event;
  if (time === undefined) {
    return (
      <p class="timeline dim">
        recorded <Time at={recordedtime} seconds /> · the provider has no clock
      </p>
    );
  }
  const delay = Date.parse(recordedtime) - Date.parse(time);
  return (
    <p class="timeline dim">
      {event.provider} <Time at={time} seconds /> → recorded <Time at={recordedtime} seconds /> (
      {delay >= 0 ? "+" : ""}
      {delay.toLocaleString()} ms)
    </p>
  );
}

/** Which webhooks an event goes to, and which filter leaves it out. */
function Receivers({ id, event }: { id: string; event: StreamEvent }) {
  const isAllowed = may("webhooks:manage", id);
  const { data, error, again } = useAsked<readonly Webhook[]>(
    isAllowed ? at`/channels/${id}/webhooks` : null,
    { isList: true },
  );
  if (!isAllowed) return <p class="dim">Who gets what needs webhooks:manage.</p>;
  if (error !== null) return <ProblemBox error={error} again={again} />;
  if (data === null) return <Skeleton rows={2} />;
  if (data.length === 0) return <p class="dim">There is no webhook.</p>;
  return (
    <ul class="rows">
      {data.map(({ id: webhook, url, types, providers, platforms, enabled }) => {
        const nothing = { contains: "", since: "", until: "" };
        const isMeant = passes(event, { types, providers, platforms, ...nothing });
        return (
          <li key={webhook} class="source-row">
            <a href={formatRoute(id, "webhooks", webhook)}>{new URL(url).host}</a>
            <span class="dim">
              {isMeant
                ? enabled
                  ? "of its filter"
                  : "of its filter, but it is disabled"
                : `its filter leaves it out (${[...types, ...providers, ...platforms].join(", ")})`}
            </span>
            <Badge tone={isMeant && enabled ? "good" : "calm"}>
              {isMeant && enabled ? "sent" : "not sent"}
            </Badge>
          </li>
        );
      })}
    </ul>
  );
}

function Actions({ id, event }: { id: string; event: StreamEvent }) {
  const [isDeleting, setDeleting] = useState(false);
  const again = useDoing(async () => {
    const { type, platform, data } = event;
    await ask(at`/channels/${id}/events`, {
      method: "POST",
      body: { type, platform, data, test: true },
    });
    tell("Sent again, as a test");
  });
  const link = `${location.origin}${formatRoute(id, "events", event.id)}`;
  return (
    <div class="stack">
      <div class="row">
        <Copy small text={event.id} label="Copy id" />
        <Copy small text={link} label="Copy link" />
        <Copy small text={snippets.event(location.origin, id, event.id)} label="Copy as curl" />
        <a
          class="button plain small"
          href={`/v1/schemas/${event.type.startsWith("custom.") ? "custom" : event.type}.json`}
          target="_blank"
          rel="noopener noreferrer"
        >
          <span>JSON Schema</span>
        </a>
        <Button
          small
          lacks={may("events:write", id) ? undefined : "events:write"}
          isBusy={again.isBusy}
          onClick={() => void again.run()}
        >
          Send again as a test
        </Button>
        <Button
          small
          kind="quiet"
          lacks={may("channels:manage", id) ? undefined : "channels:manage"}
          onClick={() => setDeleting(true)}
        >
          Delete
        </Button>
      </div>
      <ProblemBox error={again.error} />
      {isDeleting ? (
        <Confirm
          title="Delete what was said"
          action="Delete"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await ask(at`/channels/${id}/events/${event.id}`, { method: "DELETE" });
            tell("Deleted for every reader");
          }}
        >
          <p>
            The event stays in its place as an empty mark. Its words are gone for every reader, and
            overlays take it off the picture.
          </p>
        </Confirm>
      ) : null}
    </div>
  );
}
