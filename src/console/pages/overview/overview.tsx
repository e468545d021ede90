import type { StreamEvent } from "../../../client/event-types.ts";
import { at } from "../../api/call.ts";
import type { Key, OverlayKey, Provider, Webhook } from "../../api/types.ts";
import { formatRoute } from "../../routes.ts";
import { listAccounts } from "../../state/accounts.ts";
import { useAsked } from "../../state/asked.ts";
import { connections, now, status } from "../../state/channel.ts";
import { counted, listSeconds, notable } from "../../state/log.ts";
import { may } from "../../state/session.ts";
import { listTroubles } from "../../state/troubles.ts";
import { sayEvent } from "../../text/events.ts";
import { NOTABLE } from "../../text/kinds.ts";
import { sayPhase } from "../../text/phases.ts";
import { nameProtocol } from "../../text/protocol-names.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Ago, Badge, Empty, PageHead, Platform, Section, Skeleton } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { Unknown } from "../unknown.tsx";
import { Checklist } from "./checklist.tsx";

/** Everything that matters at a glance, each with the way to it. */
export function Overview({ id }: { id: string }) {
  const providers = useAsked<readonly Provider[]>(
    may("channels:manage", id) ? at`/channels/${id}/providers` : null,
    { isList: true, everyMs: 15_000 },
  );
  const webhooks = useAsked<readonly Webhook[]>(
    may("webhooks:manage", id) ? at`/channels/${id}/webhooks` : null,
    { isList: true, everyMs: 15_000 },
  );
  const overlayKeys = useAsked<readonly OverlayKey[]>(
    may("keys:manage", id) ? at`/channels/${id}/overlay-keys` : null,
    { isList: true },
  );
  const keys = useAsked<readonly Key[]>(may("keys:manage", id) ? "/keys" : null, { isList: true });
  const old = useAsked<{ readonly events: readonly StreamEvent[] }>(at`/channels/${id}/events`, {
    query: { types: NOTABLE.join(","), limit: 10, order: "desc" },
  });
  const troubles = listTroubles(status.value, connections.value, webhooks.data ?? []);
  return (
    <>
      <PageHead title="Overview" />
      {troubles.length === 0 ? null : (
        <Section title="Wrong now" class="troubles">
          <ul class="rows">
            {troubles.map((trouble) => (
              <li key={trouble.key} class="trouble">
                <div>
                  <strong>{trouble.title}</strong>
                  <p>{trouble.words}</p>
                  {trouble.nextAt === null ? null : (
                    <p class="dim">
                      Next try <Ago at={trouble.nextAt} />
                    </p>
                  )}
                </div>
                <LinkButton
                  href={`${formatRoute(id, trouble.page, trouble.page === "webhooks" ? trouble.part : "")}${trouble.page === "sources" && trouble.part !== "" ? `#${trouble.part}` : ""}`}
                >
                  {trouble.action}
                </LinkButton>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Checklist
        id={id}
        providers={providers.data}
        overlayKeys={overlayKeys.data}
        keys={keys.data}
        hasEvents={counted.value > 0 || (old.data?.events.length ?? 0) > 0}
      />
      <Figures />
      <div class="columns">
        <Section
          title="Sources"
          actions={<LinkButton href={formatRoute(id, "sources")}>All sources</LinkButton>}
        >
          <SourceStates />
        </Section>
        <Section
          title="What matters"
          actions={<LinkButton href={formatRoute(id, "events")}>All events</LinkButton>}
        >
          <ProblemBox error={old.error} again={old.again} />
          <Notable
            id={id}
            old={old.data?.events ?? null}
            isAsking={old.isAsking}
            hasFailed={old.error !== null}
          />
        </Section>
      </div>
    </>
  );
}

function Figures() {
  const { value } = status;
  const stream = value?.stream;
  const minute = countMinute(now.value);
  return (
    <dl class="figures">
      <div>
        <dt>Stream</dt>
        <dd>
          {stream?.live === true ? "Live" : stream?.live === false ? "Not live" : "Unknown"}
          {typeof stream?.since === "string" ? (
            <small>
              since <Ago at={stream.since} />
            </small>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>Viewers</dt>
        <dd>{stream?.viewers?.toLocaleString() ?? "–"}</dd>
      </div>
      <div>
        <dt>Events a minute</dt>
        <dd>{minute.toLocaleString()}</dd>
      </div>
      <div>
        <dt>Sockets that listen</dt>
        <dd>{value === null ? "–" : value.sockets.count.toLocaleString()}</dd>
      </div>
    </dl>
  );
}

function countMinute(at: number): number {
  const from = Math.floor(at / 1000) - 60;
  return listSeconds()
    .filter((second) => second.at > from)
    .flatMap(({ bySource }) => [...bySource.values()])
    .reduce((sum, each) => sum + each, 0);
}

function SourceStates() {
  const { value } = status;
  if (value === null) return <Unknown rows={3} />;
  if (value.providers.length === 0) {
    return (
      <Empty icon="sources" title="No source is linked">
        <p>Events come from the services that you link.</p>
      </Empty>
    );
  }
  return (
    <ul class="rows">
      {value.providers.map((provider) => {
        const { tone, word } = sayPhase(provider);
        const own = listAccounts(provider, value, connections.value);
        return (
          <li key={provider.id} class="source-row">
            <strong>{nameProtocol(provider.protocol)}</strong>
            <span class="platforms">
              {[...new Set(own.map(({ platform }) => platform))].map((platform) => (
                <Platform key={platform} name={platform} />
              ))}
            </span>
            <Badge tone={tone}>{word}</Badge>
          </li>
        );
      })}
    </ul>
  );
}

function Notable(props: {
  readonly id: string;
  readonly old: readonly StreamEvent[] | null;
  readonly isAsking: boolean;
  readonly hasFailed: boolean;
}) {
  const { id, old } = props;
  const known = new Map([...(old ?? []), ...notable.value].map((event) => [event.id, event]));
  const events = [...known.values()]
    .toSorted((one, other) => Number(other.sequence) - Number(one.sequence))
    .slice(0, 10);
  if (events.length === 0) {
    // Nobody knows whether there is any.
    if (props.hasFailed) return null;
    return old === null && props.isAsking ? (
      <Skeleton rows={4} />
    ) : (
      <Empty icon="star" title="Nothing yet">
        <p>Follows, subscriptions, tips and raids are listed here.</p>
      </Empty>
    );
  }
  return (
    <ul class="rows">
      {events.map((event) => (
        <li key={event.id} class="event-row">
          <Platform name={event.platform} bare />
          <a href={formatRoute(id, "events", event.id)}>
            <bdi>{sayEvent(event)}</bdi>
          </a>
          {event.test === true ? <Badge tone="calm">test</Badge> : null}
          <span class="dim">
            <Ago at={event.recordedtime} />
          </span>
        </li>
      ))}
    </ul>
  );
}
