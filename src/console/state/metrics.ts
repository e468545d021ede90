/* Figures over time, as the plots have them: of the relay's minutes, or of what was heard here. Pure. */
import type { Metrics } from "../api/types.ts";
import type { Second } from "./log.ts";

type MetricsPoint = Metrics["points"][number];

/** One line of a plot. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface PlotData {
  readonly title: string;
  readonly unit: string;
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/** Plots of the relay's own minutes. */
export function plotMetrics({ points, stepSeconds }: Metrics): PlotData[] {
  const times = points.map(({ at }) => Date.parse(at) / 1000);
  const providers = [...new Set(points.flatMap(({ byProvider }) => Object.keys(byProvider)))];
  const find = (point: MetricsPoint, name: string) =>
    Object.entries(point.byProvider).find(([each]) => each === name)?.[1];
  const one = (title: string, unit: string, read: (point: MetricsPoint) => number | null) => ({
    title,
    unit,
    times,
    series: [{ name: title, values: points.map(read) }],
  });
  return [
    {
      title: "Events a minute by source",
      unit: "",
      times,
      series: providers.map((name) => ({
        name,
        values: points.map((point) => ((find(point, name)?.events ?? 0) * 60) / stepSeconds),
      })),
    },
    {
      title: "Delay by source, 95 in 100",
      unit: "ms",
      times,
      series: providers.map((name) => ({
        name,
        values: points.map((point) => find(point, name)?.delayMs?.p95 ?? null),
      })),
    },
    one("Viewers", "", ({ viewers }) => viewers),
    one("Sockets", "", ({ sockets }) => sockets),
    {
      title: "Given to sockets",
      unit: "",
      times,
      series: [
        { name: "given", values: points.map(({ delivered }) => delivered) },
        { name: "left out for slow readers", values: points.map(({ shed }) => shed) },
      ],
    },
    one("History is behind by", "ms", ({ historyLagMs }) => historyLagMs),
    one("Unreadable frames", "", ({ rejected }) => rejected),
    one("Rows written", "", ({ rowsWritten }) => rowsWritten),
  ];
}

/** Plots of what was heard since the page was opened, in steps of ten seconds. */
export function plotSeconds(seconds: readonly Second[], now: number): PlotData[] {
  const step = 10;
  const [first] = seconds;
  if (first === undefined) return [];
  const begin = Math.floor(first.at / step);
  const end = Math.floor(now / 1000 / step);
  const steps = Array.from({ length: Math.max(1, end - begin + 1) }, (_, at) => begin + at);
  const times = steps.map((at) => at * step);
  const sources = [...new Set(seconds.flatMap(({ bySource }) => [...bySource.keys()]))];
  const groups = Map.groupBy(seconds, ({ at }) => Math.floor(at / step));
  return [
    {
      title: "Events a second by source",
      unit: "",
      times,
      series: sources.map((name) => ({
        name,
        values: steps.map(
          (at) =>
            (groups.get(at) ?? []).reduce((sum, each) => sum + (each.bySource.get(name) ?? 0), 0) /
            step,
        ),
      })),
    },
    {
      title: "Delay by source, 95 in 100",
      unit: "ms",
      times,
      series: sources.map((name) => ({
        name,
        values: steps.map((at) =>
          findPercentile(
            (groups.get(at) ?? []).flatMap(({ delays }) => delays.get(name) ?? []),
            0.95,
          ),
        ),
      })),
    },
  ];
}

/** The value that so many of them do not exceed; null of none. */
export function findPercentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
