import { useEffect, useRef, useState } from "preact/hooks";
import UPlot, { type AlignedData } from "uplot";

import type { PlotData } from "../../state/metrics.ts";
import { isDark } from "../../state/preferences.ts";
import { Section } from "../../ui/parts.tsx";

const HEIGHT = 170;
const ROWS = 12;
const LEAST_SECONDS = 300;

/** Colours of lines, by their order, light and dark; each line has a dash of its own as well. */
const COLORS = [
  ["#0f766e", "#2dd4bf"],
  ["#7c3aed", "#b794ff"],
  ["#b45309", "#fbbf24"],
  ["#be123c", "#ff8fa3"],
  ["#1d4ed8", "#8ec5ff"],
  ["#4d7c0f", "#bef264"],
] as const;
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3], [3, 6], [10, 4]];

/** One plot, with its values under the pointer in words, and as a table for whoever cannot see it. */
export function Plot({ data }: { data: PlotData }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const dark = isDark.value;
  const names = data.series.map(({ name }) => name).join("|");
  const aligned = [
    data.times,
    ...data.series.map(({ values }) => values),
  ] as unknown as AlignedData;
  const newest = useRef(aligned);
  newest.current = aligned;

  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const line = dark ? "#2a3237" : "#dfe4e6";
    const text = dark ? "#9aa7ad" : "#566268";
    const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { show: false } };
    const made = new UPlot(
      {
        width: current.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, points: { size: 6 } },
        scales: {
          // A few figures are no span of time yet.
          x: { range: (_, least, most) => [Math.min(least, most - LEAST_SECONDS), most] },
          y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
        },
        axes: [
          { ...axis, space: 70 },
          { ...axis, size: 46 },
        ],
        series: [
          {},
          ...names.split("|").map((label, at) => ({
            label,
            stroke: COLORS[at % COLORS.length]?.[dark ? 1 : 0] ?? text,
            dash: DASHES[at % DASHES.length] ?? [],
            width: 1.75,
            spanGaps: true,
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [({ cursor }) => setPointed(cursor.idx ?? null)] },
      },
      newest.current,
      current,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: current.clientWidth, height: HEIGHT }),
    );
    observer.observe(current);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [names, dark]);
  useEffect(() => {
    plot.current?.setData(newest.current);
  }, [data]);

  const at = pointed ?? data.times.length - 1;
  return (
    <Section title={data.title} class="plot">
      <p class="plot-values">
        <span class="dim">
          {data.times[at] === undefined
            ? ""
            : new Date((data.times[at] ?? 0) * 1000).toLocaleTimeString()}
        </span>
        {data.series.map(({ name, values }, index) => (
          <span key={name} class="plot-value">
            <svg width="18" height="6" aria-hidden="true">
              <line
                x1="0"
                y1="3"
                x2="18"
                y2="3"
                stroke={COLORS[index % COLORS.length]?.[dark ? 1 : 0]}
                stroke-width="2"
                stroke-dasharray={(DASHES[index % DASHES.length] ?? []).join(" ")}
              />
            </svg>
            {data.series.length > 1 ? `${name} ` : ""}
            <strong>{formatValue(values[at], data.unit)}</strong>
          </span>
        ))}
      </p>
      <div ref={box} class="plot-box" role="img" aria-label={`${data.title}, as a plot`} />
      <details>
        <summary>As a table</summary>
        <PlotTable data={data} />
      </details>
    </Section>
  );
}

function formatValue(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return "–";
  const text = value.toLocaleString([], { maximumFractionDigits: value < 10 ? 1 : 0 });
  return unit === "" ? text : `${text} ${unit}`;
}

function PlotTable({ data }: { data: PlotData }) {
  const from = Math.max(0, data.times.length - ROWS);
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Time</th>
          {data.series.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.times.slice(from).map((time, row) => (
          <tr key={time}>
            <td>{new Date(time * 1000).toLocaleTimeString()}</td>
            {data.series.map(({ name, values }) => (
              <td key={name} data-label={name}>
                {formatValue(values[from + row], data.unit)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
