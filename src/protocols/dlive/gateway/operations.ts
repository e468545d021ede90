import { z } from "zod";

import type { Principal } from "../../../event/principal.ts";
import { sendFrame } from "../../effects.ts";
import type { FollowRefusal, GatewayEffect } from "../../gateway-session.ts";
import { Field } from "../wire/fields.ts";
import { formatOperationComplete, formatOperationError, OperationId } from "../wire/frames.ts";
import type { Wanted } from "./start.ts";

/** The operations of one socket, by the channel that they are about. */
export const Operations = z.record(
  z.string(),
  z.object({
    /** When its events were asked for, in milliseconds since 1970; null from when they come. */
    askedAt: z.number().nullable(),
    streamMessageReceived: z.array(OperationId),
    treasureChestMessageReceived: z.array(OperationId),
  }),
);
export type Operations = z.infer<typeof Operations>;

// A sleeping socket remembers at most 16 KiB: room for some hundred streamers.
const WEIGHT_MAX_BYTES = 14_000;

/** A call whose answer was lost with the object that made it is made again after this long. */
const ASK_AGAIN_MS = 15_000;

/** The operations as they are from now on, and what follows from that. */
interface Change {
  readonly operations: Operations;
  readonly effects: readonly GatewayEffect[];
}

const WORDS: Readonly<Record<FollowRefusal, string>> = {
  unauthorized: "unauthorized",
  forbidden: "permission denied",
  channel_not_found: "streamer not found",
  unavailable: "unavailable, try again later",
};

/** Finds the operations on a channel. A channel may be called "constructor", so own keys only. */
export function listOperations(
  operations: Operations,
  channel: string,
): Operations[string] | undefined {
  return Object.hasOwn(operations, channel) ? operations[channel] : undefined;
}

/** Begins an operation. One of the same id makes way for it. */
export function startOperation(
  before: Operations,
  {
    id,
    wanted,
    principal,
    at,
  }: { id: OperationId; wanted: Wanted; principal: Principal; at: number },
): Change {
  const operations = without(before, id);
  const { channel, field } = wanted;
  const known = listOperations(operations, channel) ?? {
    askedAt: at,
    streamMessageReceived: [],
    treasureChestMessageReceived: [],
  };
  const after = { ...operations, [channel]: { ...known, [field]: [...known[field], id] } };
  if (weighBytes(after, principal) > WEIGHT_MAX_BYTES) {
    return settle(operations, [
      sendFrame(formatOperationError(id, "too many subscriptions on one socket")),
    ]);
  }
  const isNew = listOperations(operations, channel) === undefined;
  return settle(after, isNew ? [followChannel(channel, principal)] : []);
}

/** Ends an operation; nothing is said of one that there is not. */
export function stopOperation(before: Operations, id: OperationId): Change {
  const operations = without(before, id);
  return operations === before
    ? { operations, effects: [] }
    : settle(operations, [sendFrame(formatOperationComplete(id))]);
}

/** A channel's events come from now on, or why they do not. */
export function followAnswered(
  before: Operations,
  channel: string,
  refusal: FollowRefusal | null,
): Change {
  const { [channel]: _gone, ...others } = before;
  const asked = listOperations(before, channel);
  if (asked === undefined) return { operations: before, effects: [] };
  if (refusal === null) return settle({ ...before, [channel]: { ...asked, askedAt: null } }, []);
  const ids = Field.options.flatMap((field) => asked[field]);
  const effects = ids.map((id) => sendFrame(formatOperationError(id, WORDS[refusal])));
  return { operations: others, effects };
}

/** A channel's events come no more. One that is asked for again is answered by itself. */
export function dropChannel(before: Operations, channel: string): Change {
  const { [channel]: _gone, ...operations } = before;
  const ended = listOperations(before, channel);
  if (ended === undefined || ended.askedAt !== null) return { operations: before, effects: [] };
  const ids = Field.options.flatMap((field) => ended[field]);
  return { operations, effects: ids.map((id) => sendFrame(formatOperationComplete(id))) };
}

/** Asks again for what has not been answered for so long that it will not be. */
export function askAgain(before: Operations, principal: Principal, at: number): Change {
  const late = Object.entries(before).filter(
    ([, { askedAt }]) => askedAt !== null && at - askedAt >= ASK_AGAIN_MS,
  );
  if (late.length === 0) return { operations: before, effects: [] };
  const asked = late.map(([channel, each]) => [channel, { ...each, askedAt: at }] as const);
  return {
    operations: { ...before, ...Object.fromEntries(asked) },
    effects: late.map(([channel]) => followChannel(channel, principal)),
  };
}

/**
 * Weighs what all this takes to be remembered, with the place in each channel's log. A text is kept
 * with a byte a character, or two as soon as one is beyond Latin-1; a number beside one that is not
 * small and whole takes nine.
 */
function weighBytes(operations: Operations, principal: Principal): number {
  const places = Object.keys(operations).reduce((sum, { length }) => sum + length + 16, 0);
  const ids = Object.values(operations).flatMap((each) => Field.options.flatMap((f) => each[f]));
  const isAllSmall = ids.every((id) => typeof id !== "number" || isSmallInteger(id));
  const beyond = ids.reduce<number>((sum, id) => {
    if (typeof id === "number") return sum + (isAllSmall ? 0 : 8);
    return sum + (id !== null && /[^\0-\xff]/.test(id) ? id.length + 4 : 0);
  }, 0);
  return JSON.stringify([operations, principal]).length + beyond + places;
}

function isSmallInteger(id: number): boolean {
  return Number.isInteger(id) && Math.abs(id) < 2 ** 30;
}

/**
 * Lets go of channels that nobody is told of any more. One that is asked for is let go when it
 * comes.
 */
function settle(operations: Operations, effects: readonly GatewayEffect[]): Change {
  const idle = Object.entries(operations)
    .filter(([, each]) => each.askedAt === null && Field.options.every((f) => each[f].length === 0))
    .map(([channel]) => channel);
  if (idle.length === 0) return { operations, effects };
  const kept = Object.entries(operations).filter(([channel]) => !idle.includes(channel));
  return {
    operations: Object.fromEntries(kept),
    effects: [
      ...effects,
      ...idle.map((channel): GatewayEffect => ({ type: "channel-unfollow", channel })),
    ],
  };
}

/** The same, if there is no operation of this id. */
function without(operations: Operations, id: OperationId): Operations {
  const isIt = (each: OperationId): boolean => toKey(each) === toKey(id);
  const [channel, found] =
    Object.entries(operations).find(([, each]) => Field.options.some((f) => each[f].some(isIt))) ??
    [];
  if (channel === undefined || found === undefined) return operations;
  const rest = Field.options.map((f) => [f, found[f].filter((each) => !isIt(each))] as const);
  return { ...operations, [channel]: { ...found, ...Object.fromEntries(rest) } };
}

/** An id as text: none and an empty one are the same. */
function toKey(id: OperationId): string {
  return String(id ?? "");
}

function followChannel(channel: string, principal: Principal): GatewayEffect {
  return { type: "channel-follow", requestId: channel, channel, principal };
}
