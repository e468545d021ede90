import { useMemo, useState } from "preact/hooks";

import { at } from "../../api/call.ts";
import type { Metrics } from "../../api/types.ts";
import { useAsked } from "../../state/asked.ts";
import { now, status } from "../../state/channel.ts";
import { listSeconds } from "../../state/log.ts";
import { plotMetrics, plotSeconds } from "../../state/metrics.ts";
import { Ago, Badge, Empty, PageHead, Section, Skeleton } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { Unknown } from "../unknown.tsx";
import { Plot } from "./plot.tsx";

const SPANS = [
  ["1800", "30 minutes", 60],
  ["21600", "6 hours", 300],
  ["86400", "24 hours", 900],
] as const;

const LIVE_MS = 2_000;

/** How the channel does: now, and over the last hours. */
export function Health({ id }: { id: string }) {
  const [span, setSpan] = useState<string>("1800");
  const [seconds, , step] = SPANS.find(([each]) => each === span) ?? SPANS[0];
  // The beginning moves with the minute, not with every look.
  const minute = Math.floor(now.value / 60_000);
  const from = useMemo(
    () => new Date(minute * 60_000 - Number(seconds) * 1000).toISOString(),
    [minute, seconds],
  );
  const metrics = useAsked<Metrics>(at`/channels/${id}/metrics`, { query: { from, step } });
  // A relay of before has none of it: what was heard here is plotted instead.
  const isMissing = metrics.error?.status === 404 || metrics.error?.status === 400;
  const tick = Math.floor(now.value / LIVE_MS);
  const plots = useMemo(
    () =>
      metrics.data === null
        ? plotSeconds(listSeconds(), tick * LIVE_MS)
        : plotMetrics(metrics.data),
    [metrics.data, tick],
  );
  return (
    <>
      <PageHead
        title="Health"
        actions={
          isMissing ? undefined : (
            <div class="segments" role="group" aria-label="Time">
              {SPANS.map(([value, label]) => (
                <button
                  key={value}
                  type="button"
                  aria-pressed={span === value}
                  onClick={() => setSpan(value)}
                >
                  {label}
                </button>
              ))}
            </div>
          )
        }
      />
      <Now />
      {isMissing || metrics.error === null ? null : (
        <ProblemBox error={metrics.error} again={metrics.again} />
      )}
      {isMissing ? (
        <p class="dim">
          This relay keeps no figures of the past. These are of what came since this page was
          opened.
        </p>
      ) : null}
      {plots.length === 0 && (isMissing || metrics.error === null) ? (
        metrics.isAsking ? (
          <Skeleton rows={6} />
        ) : (
          <Empty icon="health" title="Nothing to plot yet">
            <p>Figures are drawn as events come.</p>
          </Empty>
        )
      ) : null}
      <div class="plots">
        {plots.map((data) => (
          <Plot key={data.title} data={data} />
        ))}
      </div>
    </>
  );
}

const sum = (all: readonly number[]): number => all.reduce((so, each) => so + each, 0);

function Now() {
  const { value } = status;
  if (value === null) return <Unknown rows={3} />;
  const { history, sockets, counters } = value;
  const facts: readonly (readonly [string, preact.ComponentChildren])[] = [
    [
      "History",
      history.lagEvents === 0 ? (
        <Badge tone="good">up to date</Badge>
      ) : (
        <Badge tone={history.lagMs > 60_000 ? "bad" : "wait"}>
          {history.lagEvents.toLocaleString()} behind
        </Badge>
      ),
    ],
    ["Events", counters.events.toLocaleString()],
    ["Repeats that were dropped", counters.repeats.toLocaleString()],
    ["Told by two sources", sum(Object.values(counters.merged)).toLocaleString()],
    ["Given to sockets", counters.delivered.toLocaleString()],
    ["Left out for slow readers", counters.shed.toLocaleString()],
    ["Unreadable frames", counters.rejected.toLocaleString()],
    ["Rows written", (counters.journalRowsWritten + counters.historyRowsWritten).toLocaleString()],
    [
      "Sockets",
      Object.entries(sockets.byProtocol)
        .map(([protocol, count]) => `${protocol} ${count}`)
        .join(", ") || "none",
    ],
  ];
  return (
    <Section
      title="Now"
      about={
        <>
          Counted since <Ago at={counters.since} />. Cloudflare's free plan writes 100,000 rows a
          day.
        </>
      }
    >
      <dl class="figures small">
        {facts.map(([name, each]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{each}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
