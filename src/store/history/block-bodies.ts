import type { Seq } from "../../event/ids.ts";
import { decodeHex } from "../../lib/hex.ts";
import type { RecordedEvent } from "../logged-event.ts";
import {
  LEAN,
  readLeanRow,
  type LeanBlock,
  type LeanRow,
  type Shelf,
  type WrittenBodies,
} from "./block-rows.ts";
import { unpackBlock, unpackEvents, type BlockBodies, type IndexedEvent } from "./block.ts";
import { formatPlace, SEQ_MAX } from "./blocks.ts";
import { openArchive, readVolume } from "./bucket.ts";
import type { Queries } from "./queries.ts";
import { keepEvents, recallEvents, recallIndexes } from "./recently-read.ts";
import { readIndexes, type Directory, type Span } from "./volume.ts";

/*
 * The bytes of blocks, from wherever they are.
 */

// As much as is asked for at once: nobody has to hold more, and D1's answers have it twice over, as
// digits.
const AT_ONCE_BYTES = 1024 * 1024;

// D1 writes bytes as numbers with commas where it is not asked for digits.
const TEXT = "hex(text) AS text";
const RAW = "iif(raw IS NULL, NULL, hex(raw)) AS raw";

/** Divides blocks into those whose bodies are read at once: at least one. */
export function listReadings<T extends Pick<LeanBlock, "bytes">>(blocks: readonly T[]): T[][] {
  const readings: T[][] = [];
  let bytes = Infinity;
  for (const block of blocks) {
    if (bytes + block.bytes > AT_ONCE_BYTES) {
      readings.push([]);
      bytes = 0;
    }
    readings.at(-1)?.push(block);
    bytes += block.bytes;
  }
  return readings;
}

/** A block whose index was read. */
export interface IndexedBlock extends LeanBlock {
  readonly events: readonly IndexedEvent[];
}

/** Reads the events of blocks, block after block; null for one that is gone by now. */
export async function* readEvents(
  db: Queries,
  channel: number,
  indexed: readonly IndexedBlock[],
  hasRaw: boolean,
): AsyncGenerator<readonly RecordedEvent[] | null, void> {
  const known = indexed.map((block) => recallEvents(channel, block, hasRaw));
  const others = indexed.filter(({ ahead }, place) => ahead === undefined && known[place] === null);
  const bodies = await readBodies(db, channel, others, hasRaw);
  for (const [place, block] of indexed.entries()) {
    const body = block.ahead === undefined ? bodies.get(block.first) : readBodiesRow(block.ahead);
    if (body === undefined) yield known[place] ?? null;
    else {
      const read = await unpackEvents(block.events, body);
      keepEvents(channel, block, read, hasRaw);
      yield read;
    }
  }
}

/** The bodies of blocks, by their first seq; those that are gone by now are left out. */
export async function readBodies(
  db: Queries,
  channel: number,
  blocks: readonly LeanBlock[],
  hasRaw: boolean,
): Promise<Map<Seq, BlockBodies>> {
  const shelved = blocks.flatMap(({ first, shelf }) =>
    shelf === undefined ? [] : { first, shelf },
  );
  const rows = blocks.filter(({ shelf }) => shelf === undefined);
  const [older, newer] = await Promise.all([
    readShelved(db, shelved, hasRaw),
    readRows(db, channel, rows, hasRaw),
  ]);
  return new Map([...older, ...newer]);
}

async function readRows(
  db: Queries,
  channel: number,
  blocks: readonly LeanBlock[],
  hasRaw: boolean,
): Promise<Map<Seq, BlockBodies>> {
  if (blocks.length === 0) return new Map();
  const { results } = await db
    .prepare(
      `SELECT place & ${SEQ_MAX} AS first, ${TEXT}, ${hasRaw ? RAW : "NULL AS raw"}
       FROM blocks WHERE place IN (SELECT ${formatPlace("value")} FROM json_each(?2))`,
    )
    .bind(channel, JSON.stringify(blocks.map(({ first }) => first)))
    .all<{ first: number; text: string; raw: string | null }>();
  return new Map(results.map(({ first, ...row }) => [first, readBodiesRow(row)]));
}

/** A channel's newest block with its events; null where it has no history. */
export async function readNewestBlock(
  db: Queries,
  channel: number,
): Promise<{ block: LeanBlock; events: RecordedEvent[] } | null> {
  const row = await db
    .prepare(
      `SELECT ${LEAN}, ${TEXT}, ${RAW} FROM blocks
       WHERE place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}
       ORDER BY place DESC LIMIT 1`,
    )
    .bind(channel)
    .first<LeanRow & { text: string; raw: string | null }>();
  const block = row === null ? null : readLeanRow(row);
  if (row === null || block === null) return null;
  return { block, events: await unpackBlock(block, readBodiesRow(row)) };
}

function readBodiesRow({ text, raw }: WrittenBodies): BlockBodies {
  return { text: decodeHex(text), raw: raw === null ? null : decodeHex(raw) };
}

/** The indexes of a volume's blocks, in their order; null where it is gone. */
export async function readVolumeIndexes(
  db: Queries,
  name: string,
  { indexes }: Pick<Directory, "indexes">,
): Promise<readonly string[] | null> {
  return recallIndexes(name, async () => {
    const bytes = await readVolume(openArchive(db), name, indexes);
    return bytes === null ? null : readIndexes(bytes);
  });
}

/** A block of the archive. */
interface Shelved {
  readonly first: Seq;
  readonly shelf: Shelf;
}

/** Reads bodies from the archive: what lies side by side in a volume, at once. */
async function readShelved(
  db: Queries,
  blocks: readonly Shelved[],
  hasRaw: boolean,
): Promise<Map<Seq, BlockBodies>> {
  const bodies = new Map<Seq, BlockBodies>();
  const volumes = new Map<string, Shelved[]>();
  for (const block of blocks) {
    volumes.set(block.shelf.name, [...(volumes.get(block.shelf.name) ?? []), block]);
  }
  const read = async (name: string, some: readonly Shelved[]): Promise<void> => {
    const [texts, raws] = await Promise.all([
      readSpans(db, name, some, ({ shelf }) => shelf.text),
      hasRaw ? readSpans(db, name, some, ({ shelf }) => shelf.raw) : new Map(),
    ]);
    if (texts === null || raws === null) return;
    for (const { first } of some) {
      const text = texts.get(first);
      if (text !== undefined) bodies.set(first, { text, raw: raws.get(first) ?? null });
    }
  };
  await Promise.all([...volumes].map(([name, some]) => read(name, some)));
  return bodies;
}

/** Reads a span of each of these blocks, which are a run of a volume; null where it is gone. */
async function readSpans(
  db: Queries,
  name: string,
  blocks: readonly Shelved[],
  spanOf: (block: Shelved) => Span | null,
): Promise<Map<Seq, Uint8Array<ArrayBuffer>> | null> {
  const spans = blocks.flatMap((block) => {
    const span = spanOf(block);
    return span === null ? [] : [{ first: block.first, ...span }];
  });
  const read = new Map<Seq, Uint8Array<ArrayBuffer>>();
  for (const run of listRuns(spans)) {
    const { offset, end } = run;
    const bytes = await readVolume(openArchive(db), name, { offset, length: end - offset });
    if (bytes === null) return null;
    for (const each of run.spans) {
      const at = each.offset - offset;
      read.set(each.first, bytes.subarray(at, at + each.length));
    }
  }
  return read;
}

interface Run<T> {
  readonly offset: number;
  end: number;
  readonly spans: T[];
}

/** Joins spans that follow on one another. */
function listRuns<T extends Span>(spans: readonly T[]): Run<T>[] {
  const runs: Run<T>[] = [];
  for (const span of spans.toSorted((one, other) => one.offset - other.offset)) {
    const run = runs.at(-1);
    if (run?.end === span.offset) {
      run.spans.push(span);
      run.end += span.length;
    } else runs.push({ offset: span.offset, end: span.offset + span.length, spans: [span] });
  }
  return runs;
}
