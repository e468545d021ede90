/*
 * The events that were seen, newest last and bounded. Pages are told at most four times a second,
 * however fast events come.
 */
import { signal } from "@preact/signals";

import type { Channel } from "../../client/channel.ts";
import type { StreamEvent } from "../../client/event-types.ts";
import { isOneOf, NOTABLE } from "../text/kinds.ts";

const KEPT = 500;
const TELL_MS = 250;
/** Minutes of counts that are kept. */
const MINUTES = 30;

/** The newest events, oldest first. */
export const log = signal<readonly StreamEvent[]>([]);

/** How many went by since the page was opened. */
export const counted = signal(0);

/** Events that matter to a streamer, newest first: what is rare among the many. */
export const notable = signal<readonly StreamEvent[]>([]);

/** A second's events by their source, with how late they came. */
export interface Second {
  readonly at: number;
  readonly bySource: Map<string, number>;
  readonly delays: Map<string, number[]>;
}

const seconds: Second[] = [];
/** Is given events as they come; of them those that happen now, and are not read again. */
type Hear = (events: readonly StreamEvent[], live: readonly StreamEvent[]) => void;

const hearers = new Set<Hear>();

let waiting: StreamEvent[] = [];
let living: StreamEvent[] = [];
let passed = 0;
let timer: ReturnType<typeof setTimeout> | null = null;

/** Gives events to a page as they come, in batches. */
export function onEvents(hear: Hear): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}

/** The seconds that were counted, oldest first. */
export function listSeconds(): readonly Second[] {
  return seconds;
}

/** Begins to hear a channel. */
export function startLog(channel: Channel): () => void {
  return channel.on("*", (event, { live }) => {
    waiting.push(event);
    passed += 1;
    if (live) {
      living.push(event);
      countEvent(event, channel.serverNow());
    }
    // What would be pushed out by the same batch is never shown.
    if (waiting.length > 2 * KEPT) waiting = waiting.slice(-KEPT);
    if (living.length > 2 * KEPT) living = living.slice(-KEPT);
    timer ??= setTimeout(tellAll, TELL_MS);
  });
}

export function clearLog(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  waiting = [];
  living = [];
  passed = 0;
  seconds.length = 0;
  log.value = [];
  notable.value = [];
  counted.value = 0;
}

function tellAll(): void {
  timer = null;
  const batch = waiting;
  const live = living;
  waiting = [];
  living = [];
  counted.value = passed;
  log.value = [...log.peek(), ...batch].slice(-KEPT);
  const rare = batch.filter(({ type }) => isOneOf(type, NOTABLE));
  if (rare.length > 0) notable.value = [...rare.toReversed(), ...notable.peek()].slice(0, 50);
  for (const hear of hearers) hear(batch, live);
}

function countEvent(event: StreamEvent, now: number): void {
  const at = Math.floor(now / 1000);
  let second = seconds.at(-1);
  if (second === undefined || second.at < at) {
    second = { at, bySource: new Map(), delays: new Map() };
    seconds.push(second);
    if (seconds.length > MINUTES * 60) seconds.shift();
  }
  const { provider, time, recordedtime } = event;
  second.bySource.set(provider, (second.bySource.get(provider) ?? 0) + 1);
  if (time === undefined) return;
  const delay = Date.parse(recordedtime) - Date.parse(time);
  if (Number.isNaN(delay)) return;
  const known = second.delays.get(provider);
  if (known === undefined) second.delays.set(provider, [delay]);
  else if (known.length < 100) known.push(delay);
}
