import type { ViewerInterfaceEffect } from "../../viewer-interface.ts";

/*
 * The calls that may not be made again yet. By name, until when:
 *
 * - `every <viewer> <kind>`: this viewer anything of a kind
 * - `own <viewer> <action>`: this viewer this action
 * - `all <action>`: anybody this action
 * - `slot <kind> <number>`: one of the few presses of the mouse that a channel takes at a time
 * - `swept`: nothing has to be forgotten until then
 */

/** How long a slot is taken. */
const SLOT_MS = 1000;

// As long as the longest of them.
const SWEEP_EVERY_MS = 60_000;

export function isBlocked(blocks: ReadonlyMap<string, number>, name: string, at: number): boolean {
  return (blocks.get(name) ?? 0) > at;
}

/** Blocks it, and has it kept. */
export function findBlock(
  blocks: Map<string, number>,
  name: string,
  at: number,
  forMs: number,
): ViewerInterfaceEffect {
  const until = at + forMs;
  blocks.set(name, until);
  return { type: "block-keep", name, until };
}

/** Finds a free slot for one more press of the mouse; null if there are as many as there may be. */
export function freeSlot(
  blocks: ReadonlyMap<string, number>,
  kind: string,
  limit: number,
  at: number,
): string | null {
  for (let number = 0; number < limit; number++) {
    const slot = `slot ${kind} ${number}`;
    if (!isBlocked(blocks, slot, at)) return slot;
  }
  return null;
}

/** Now and then forgets what is over. */
export function sweep(blocks: Map<string, number>, at: number): readonly ViewerInterfaceEffect[] {
  if (isBlocked(blocks, "swept", at)) return [];
  for (const [name, until] of blocks) if (until <= at) blocks.delete(name);
  return [{ type: "blocks-forget", upTo: at }, findBlock(blocks, "swept", at, SWEEP_EVERY_MS)];
}

/** Until when each action is blocked for everybody, and when the mouse was pressed. */
export function report(
  blocks: ReadonlyMap<string, number>,
  at: number,
): Record<string, number | number[]> {
  const actions: [string, number][] = [];
  const presses = new Map<string, number[]>();
  for (const [name, until] of blocks) {
    if (until <= at) continue;
    const [sort, kind = ""] = name.split(" ");
    if (sort === "all") actions.push([name.slice("all ".length), until]);
    if (sort === "slot") presses.set(kind, [...(presses.get(kind) ?? []), until - SLOT_MS]);
  }
  const times = [...presses].map(([kind, all]) => [kind, all.toSorted((a, b) => a - b)] as const);
  return Object.fromEntries([...actions, ...times]);
}
