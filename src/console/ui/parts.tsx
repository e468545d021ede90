/* Small parts that pages are made of. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { now } from "../state/channel.ts";
import { Icon, type IconName } from "./icons.tsx";

export type Tone = "good" | "wait" | "bad" | "calm" | "info";

/** A state in a word, by a mark and a colour as well. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** A platform: its colour and its name. */
export function Platform({ name, bare = false }: { name: string; bare?: boolean }) {
  return (
    <span class="platform" data-platform={name} title={bare ? name : undefined}>
      <span class={bare ? "unseen" : undefined}>{name === "" ? "–" : name}</span>
    </span>
  );
}

/** An empty place: says what would be here, and how it comes. */
export function Empty(props: {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <Icon name={props.icon ?? "overview"} size={28} />
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}

/** Rows of the size of what is coming; nothing for the first moment, so that nothing flashes. */
export function Skeleton({ rows = 3, label = "Loading" }: { rows?: number; label?: string }) {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSeen(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={isSeen ? "skeleton" : "skeleton unborn"} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  );
}

/** A time of day; on another day the day as well. The whole of it on hover. */
export function Time({ at, seconds = false }: { at: string | number; seconds?: boolean }) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const text = isToday
    ? date.toLocaleTimeString([], seconds ? {} : { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleString([], { dateStyle: "medium", timeStyle: seconds ? "medium" : "short" });
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {text}
    </time>
  );
}

/** How long ago, or in how long, in words that move on by themselves. */
export function Ago({ at }: { at: string | number }) {
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {sayAgo(date.getTime() - now.value)}
    </time>
  );
}

const format = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const STEPS = [
  [60_000, 1_000, "second"],
  [3_600_000, 60_000, "minute"],
  [86_400_000, 3_600_000, "hour"],
  [Infinity, 86_400_000, "day"],
] as const;

export function sayAgo(ms: number): string {
  const size = Math.abs(ms);
  const [, unit, word] = STEPS.find(([most]) => size < most) ?? STEPS[3];
  return format.format(Math.trunc(ms / unit), word);
}

/** A part of a page with a heading and what can be done there. */
export function Section(props: {
  readonly title: string;
  readonly about?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}) {
  return (
    <section class={`section ${props.class ?? ""}`}>
      <header>
        <div>
          <h2>{props.title}</h2>
          {props.about === undefined ? null : <p class="about">{props.about}</p>}
        </div>
        {props.actions === undefined ? null : <div class="row">{props.actions}</div>}
      </header>
      {props.children}
    </section>
  );
}

/** The head of a page. */
export function PageHead(props: {
  readonly title: string;
  readonly about?: ComponentChildren;
  readonly actions?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div>
        <h1 tabIndex={-1}>{props.title}</h1>
        {props.about === undefined ? null : <p class="about">{props.about}</p>}
      </div>
      {props.actions === undefined ? null : <div class="row">{props.actions}</div>}
    </header>
  );
}

/** JSON as it is, in a box that scrolls. */
export function Json({ value, label }: { value: unknown; label: string }) {
  return (
    <pre class="json" tabIndex={0} aria-label={label}>
      {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
    </pre>
  );
}

/** Several views of one thing. */
export function Tabs(props: {
  readonly label: string;
  readonly tabs: readonly (readonly [id: string, label: string])[];
  readonly open: string;
  readonly onOpen: (id: string) => void;
}) {
  const { tabs, open, onOpen } = props;
  const move = (by: number): void => {
    const at = tabs.findIndex(([id]) => id === open);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next !== undefined) onOpen(next[0]);
  };
  return (
    <div
      class="tabs"
      role="tablist"
      aria-label={props.label}
      onKeyDown={(event) => {
        if (event.key === "ArrowRight") move(1);
        else if (event.key === "ArrowLeft") move(-1);
        else return;
        event.preventDefault();
        requestAnimationFrame(() => {
          document
            .querySelector<HTMLElement>(`[role=tab][aria-selected=true][data-of="${props.label}"]`)
            ?.focus();
        });
      }}
    >
      {tabs.map(([id, label]) => (
        <button
          key={id}
          type="button"
          role="tab"
          data-of={props.label}
          aria-selected={id === open}
          tabIndex={id === open ? 0 : -1}
          onClick={() => onOpen(id)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
