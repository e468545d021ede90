import { z } from "zod";

import { computeDoubling } from "../../../lib/backoff.ts";
import type { TopicRefusal } from "./refusal.ts";

/** One topic, and what has become of it. */
export const Topic = z.object({
  name: z.string(),
  status: z.enum(["pending", "subscribed", "refused"]),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  /** How often it was refused in a way that may pass. */
  tries: z.number(),
  /** Something has come of asking for it, be it silence, or of not getting round to that. */
  known: z.boolean(),
});
export type Topic = z.infer<typeof Topic>;

/** The topics of a target, the queue of commands, and the commands without an answer yet. */
export interface Subscriptions {
  readonly topics: readonly Topic[];
  /** Commands to be sent, one at a time. */
  readonly queue: readonly string[];
  /** Commands that have been sent and not answered, the oldest first. */
  readonly awaiting: readonly string[];
}

// "Otherwise back off 1 s · 2ⁿ up to 30 s" (StreamElements' own examples).
const BACKOFF = { baseMs: 1_000, maxMs: 30_000 };

/** Nothing subscribed yet; topics that are known from before stay as they were. */
export function makeSubscriptions(
  names: readonly string[],
  known: readonly Topic[] = [],
): Subscriptions {
  const topics = names.map(
    (name): Topic =>
      known.find((topic) => topic.name === name) ?? {
        name,
        status: "pending",
        reason: null,
        detail: null,
        tries: 0,
        known: false,
      },
  );
  const queue = topics.filter(({ status }) => status === "pending").map(({ name }) => name);
  return { topics, queue, awaiting: [] };
}

/** The names of the topics in a status. */
export function listNames({ topics }: Subscriptions, status: Topic["status"]): string[] {
  return topics.filter((topic) => topic.status === status).map(({ name }) => name);
}

export function findTopic({ topics }: Subscriptions, name: string): Topic | undefined {
  return topics.find((topic) => topic.name === name);
}

/** Is something known of every topic? */
export function isSettled({ topics }: Subscriptions): boolean {
  return topics.every(({ known }) => known);
}

/** Stops waiting for topics without an answer. They are still asked for. */
export function giveUp(subscriptions: Subscriptions): Subscriptions {
  const topics = subscriptions.topics.map((topic) => ({ ...topic, known: true }));
  return { ...subscriptions, topics };
}

/** To be asked for, after all that is already. */
export function enqueue(subscriptions: Subscriptions, names: readonly string[]): Subscriptions {
  const more = names.filter((name) => !subscriptions.queue.includes(name));
  return { ...subscriptions, queue: [...subscriptions.queue, ...more] };
}

/** The first of the queue has been asked for. */
export function markAsked(subscriptions: Subscriptions): Subscriptions {
  const [name, ...queue] = subscriptions.queue;
  if (name === undefined) return subscriptions;
  return { ...subscriptions, queue, awaiting: [...without(subscriptions.awaiting, [name]), name] };
}

/** It is subscribed, whether it was asked for or not. */
export function markGranted(subscriptions: Subscriptions, name: string): Subscriptions {
  return changeTopic(subscriptions, name, { status: "subscribed", reason: null, detail: null });
}

/** It is refused for good. */
export function markRefused(
  subscriptions: Subscriptions,
  name: string,
  { reason, detail }: TopicRefusal,
): Subscriptions {
  return changeTopic(subscriptions, name, { status: "refused", reason, detail });
}

/** It is refused for now. What is subscribed stays so: asking again has taken nothing away. */
export function defer(
  subscriptions: Subscriptions,
  name: string,
  { reason, detail }: TopicRefusal,
): Subscriptions {
  const topic = findTopic(subscriptions, name);
  if (topic?.status === "subscribed") return changeTopic(subscriptions, name, {});
  const tries = (topic?.tries ?? 0) + 1;
  return changeTopic(subscriptions, name, { status: "pending", reason, detail, tries });
}

/** How long to wait before a topic is asked for again. */
export function computeBackoffMs({ tries }: Topic): number {
  return computeDoubling(tries - 1, BACKOFF);
}

function changeTopic(
  { topics, queue, awaiting }: Subscriptions,
  name: string,
  change: Partial<Topic>,
): Subscriptions {
  return {
    topics: topics.map((topic) =>
      topic.name === name ? { ...topic, ...change, known: true } : topic,
    ),
    queue: without(queue, [name]),
    awaiting: without(awaiting, [name]),
  };
}

function without(names: readonly string[], gone: readonly string[]): string[] {
  return names.filter((name) => !gone.includes(name));
}
