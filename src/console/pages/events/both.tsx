import { useMemo, useState } from "preact/hooks";

import { cutJson, findSame, type Part } from "../../state/json-parts.ts";

/** Two documents beside each other. What is the same in both is marked, and under the pointer shown in both. */
export function Both(props: {
  readonly one: unknown;
  readonly other: unknown;
  readonly labels: readonly [one: string, other: string];
}) {
  const { one, other, labels } = props;
  const [pointed, setPointed] = useState<string | null>(null);
  const [parts, same] = useMemo(() => {
    const cut = [cutJson(one), cutJson(other)] as const;
    return [cut, findSame(cut[0], cut[1])] as const;
  }, [one, other]);
  return (
    <>
      {parts.map((each, at) => (
        <pre
          key={at}
          class="json"
          tabIndex={0}
          aria-label={labels[at]}
          onPointerOver={(event) => setPointed(readSame(event.target))}
          onPointerLeave={() => setPointed(null)}
        >
          {each.map((part, place) => formatPart(part, place, same, pointed))}
        </pre>
      ))}
    </>
  );
}

function formatPart(
  { text, same }: Part,
  place: number,
  all: ReadonlySet<string>,
  pointed: string | null,
) {
  if (same === undefined || !all.has(same)) return text;
  return (
    <span key={place} class={same === pointed ? "same pointed" : "same"} data-same={same}>
      {text}
    </span>
  );
}

function readSame(target: EventTarget | null): string | null {
  return target instanceof HTMLElement ? (target.dataset["same"] ?? null) : null;
}
