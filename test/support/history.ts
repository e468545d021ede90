import { env } from "cloudflare:workers";

import { readBodies, readLeanBlocks } from "../../src/store/history/block-rows.ts";
import { fillBlocks, packBlock, unpackBlock } from "../../src/store/history/block.ts";
import { putBlocks, SEQ_MAX } from "../../src/store/history/blocks.ts";
import type { RecordedEvent } from "../../src/store/logged-event.ts";

/** Puts consecutive events into a channel's history, as few blocks as there can be. */
export async function putHistory(number: number, events: readonly RecordedEvent[]): Promise<void> {
  const blocks = await Promise.all(fillBlocks([], events).map(packBlock));
  await putBlocks(env.DB, number, blocks);
}

/** Everything that history has of a channel, oldest first. */
export async function readHistory(number: number): Promise<RecordedEvent[]> {
  const stretch = { channel: number, after: 0, upTo: SEQ_MAX, order: "asc" } as const;
  const { blocks } = await readLeanBlocks(env.DB, stretch, 10_000);
  const firsts = blocks.map(({ first }) => first);
  const bodies = await readBodies(env.DB, number, firsts, true);
  const events = [];
  for (const block of blocks) {
    const body = bodies.get(block.first);
    if (body !== undefined) events.push(...(await unpackBlock(block, body)));
  }
  return events;
}

/** Takes events out of a channel's history, as if they had never been there. */
export async function loseHistory(
  number: number,
  isLost: (event: RecordedEvent) => boolean,
): Promise<void> {
  const kept = (await readHistory(number)).filter((event) => !isLost(event));
  await env.DB.batch([
    env.DB.prepare("DELETE FROM blocks WHERE place >> 32 = ?").bind(number),
    env.DB.prepare("DELETE FROM block_types WHERE channel = ?").bind(number),
  ]);
  for (let from = 0, at = 1; at <= kept.length; at++) {
    if (kept[at]?.seq === (kept[at - 1]?.seq ?? 0) + 1) continue;
    await putHistory(number, kept.slice(from, at));
    from = at;
  }
}

/** The number by which history knows a channel of this id. */
export async function numberOf(channel: string): Promise<number> {
  const row = await env.DB.prepare("SELECT number FROM channels WHERE id = ?")
    .bind(channel)
    .first<{ number: number }>();
  if (row === null) throw new Error("no such channel");
  return row.number;
}
