import { env } from "cloudflare:workers";

import { listReadings, readBodies } from "../../src/store/history/block-bodies.ts";
import { fillBlocks } from "../../src/store/history/block-filling.ts";
import { readLeanBlocks } from "../../src/store/history/block-rows.ts";
import { packBlock, unpackBlock } from "../../src/store/history/block.ts";
import { findEnd, putBlocks, SEQ_MAX } from "../../src/store/history/blocks.ts";
import type { RecordedEvent } from "../../src/store/logged-event.ts";

/** Puts events after all that a channel's history has, as few blocks as there can be. */
export async function putHistory(
  number: number,
  events: readonly RecordedEvent[],
  db: D1Database = env.DB,
): Promise<void> {
  if (events.length === 0) return;
  const blocks = await Promise.all(fillBlocks([], events).map(packBlock));
  const end = await findEnd(db, number);
  await putBlocks(db, number, { end, blocks, known: new Set() });
}

/** Makes so many small events of a program, at places that follow one another or at others. */
export function makeEvents(
  count: number,
  seqOf = (index: number): number => index + 1,
): RecordedEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const kinds = { type: "custom.a", provider: "api", platform: "api" };
    return { seq: seqOf(index), ...kinds, at: 0, text: `{"n":${seqOf(index)}}`, raw: null };
  });
}

/** Everything that history has of a channel, oldest first. */
export async function readHistory(
  number: number,
  db: D1Database = env.DB,
): Promise<RecordedEvent[]> {
  const range = { channel: number, after: 0, upTo: SEQ_MAX, order: "asc" } as const;
  const { blocks } = await readLeanBlocks(db, range, 10_000);
  const events = [];
  for (const some of listReadings(blocks)) {
    const bodies = await readBodies(db, number, some, true);
    for (const block of some) {
      const body = bodies.get(block.first);
      if (body !== undefined) events.push(...(await unpackBlock(block, body)));
    }
  }
  return events;
}

/** Takes events out of a channel's history, as if they had never been there. */
export async function loseHistory(
  number: number,
  isLost: (event: RecordedEvent) => boolean,
  db: D1Database = env.DB,
): Promise<void> {
  const kept = (await readHistory(number, db)).filter((event) => !isLost(event));
  await db.batch([
    db.prepare("DELETE FROM blocks WHERE place >> 32 = ?").bind(number),
    db.prepare("DELETE FROM block_types WHERE channel = ?").bind(number),
  ]);
  await putHistory(number, kept, db);
}

/** The number by which history knows a channel of this id. */
export async function numberOf(channel: string): Promise<number> {
  const row = await env.DB.prepare("SELECT number FROM channels WHERE id = ?")
    .bind(channel)
    .first<{ number: number }>();
  if (row === null) throw new Error("no such channel");
  return row.number;
}
