import type { Erasable } from "../../event/erase-data.ts";
import { formatUserKey, listErasureWords, type Erasure } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { Erasures } from "../../event/tombstone.ts";
import { countBytes } from "../../lib/bytes.ts";
import { maskOne } from "../mask.ts";
import type { Queries } from "./events.ts";

/** A part of a channel's history: these places, or what lies after one place, up to another. */
export type Reach = { readonly seqs: readonly Seq[] } | { readonly after: Seq; readonly upTo: Seq };

/** The outcome of a look. */
export interface Look {
  /** The place down to which everything was seen; what lies at it or before it was not. */
  readonly after: Seq;
  /** How many statements the database was asked. */
  readonly statements: number;
  /** The names of those whom an erasure is to forget, by their keys. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

interface Row {
  seq: number;
  type: string;
  provider: string;
  platform: string;
  body: string;
  raw: string | null;
  found: number;
}

// As much as is read and written in one go, unless one event alone has more: D1 takes values of
// 2,000,000 bytes, and memory is short.
const LOOK_BYTES = 1_000_000;

/**
 * Makes tombstones of what several erasures reach in a part of a channel's history, from its end
 * downwards, as far as goes in one go. What they leave of an event is decided in one place, the same
 * for every store. Doing it again changes nothing.
 */
export async function eraseInHistory(
  db: Queries,
  channel: number,
  erasures: readonly Erasure[],
  reach: Reach,
): Promise<Look> {
  const rows = await readRows(db, channel, listErasureWords(erasures), reach);
  const all = new Erasures(erasures);
  const people = erasures.flatMap(({ platform, scope }) =>
    scope.kind === "person" ? [{ platform, userId: scope.userId }] : [],
  );
  const names = new Map<string, string[]>();
  const changed = rows.flatMap(({ body: text, ...row }) => {
    const left = maskOne({ ...row, text }, all);
    if (left === null) return [];
    for (const person of people) {
      const key = formatUserKey(person);
      // It was written down as an event.
      const found = Erasures.listNames(JSON.parse(text) as Erasable, person);
      names.set(key, [...(names.get(key) ?? []), ...found]);
    }
    return [[row.seq, left.text] as const];
  });
  const statements = 1 + (await writeBodies(db, channel, changed));
  const isCut = rows.length < (rows[0]?.found ?? 0);
  const last = rows.at(-1);
  const bottom = "seqs" in reach ? 0 : reach.after;
  return { after: isCut && last !== undefined ? last.seq - 1 : bottom, statements, names };
}

/** The rows that may be reached, newest first, as many as are looked at in one go. */
async function readRows(
  db: Queries,
  channel: number,
  words: readonly string[] | null,
  reach: Reach,
): Promise<Row[]> {
  const [where, ...bounds] =
    "seqs" in reach
      ? [
          "seq IN (SELECT value FROM json_each(?3)) AND ?4 IS NULL",
          JSON.stringify(reach.seqs),
          null,
        ]
      : ["seq > ?3 AND seq <= ?4", reach.after, reach.upTo];
  const { results } = await db
    .prepare(
      `SELECT * FROM (
         SELECT *, count(*) OVER () AS found,
                sum(length(CAST(body AS BLOB)) + ifnull(length(CAST(raw AS BLOB)), 0))
                  OVER (ORDER BY seq DESC ROWS UNBOUNDED PRECEDING) AS bytes,
                row_number() OVER (ORDER BY seq DESC) AS place
         FROM (SELECT seq, type, provider, platform, body, raw FROM events
               WHERE channel = ?1 AND ${where}
                 AND (?2 IS NULL OR EXISTS (
                   SELECT 1 FROM json_each(?2) AS word
                   WHERE instr(body, word.value) > 0 OR instr(raw, word.value) > 0))))
       WHERE place = 1 OR bytes <= ${LOOK_BYTES} ORDER BY seq DESC`,
    )
    .bind(channel, words === null ? null : JSON.stringify(words), ...bounds)
    .all<Row>();
  return results;
}

/** Writes tombstones, and takes the providers' words away. Answers in how many statements. */
async function writeBodies(
  db: Queries,
  channel: number,
  bodies: readonly (readonly [Seq, string])[],
): Promise<number> {
  let statements = 0;
  for (const part of splitByBytes(bodies)) {
    statements += 1;
    await db
      .prepare(
        `UPDATE events SET body = json_extract(tombstone.value, '$[1]'), raw = NULL
         FROM json_each(?2) AS tombstone
         WHERE channel = ?1 AND seq = json_extract(tombstone.value, '$[0]')`,
      )
      .bind(channel, JSON.stringify(part))
      .run();
  }
  return statements;
}

/** As JSON within JSON a text may take twice its bytes, and D1 takes no more than so many. */
function splitByBytes(bodies: readonly (readonly [Seq, string])[]): (readonly [Seq, string])[][] {
  const parts: (readonly [Seq, string])[][] = [];
  let bytes = Infinity;
  for (const each of bodies) {
    const more = countBytes(JSON.stringify(each));
    if (bytes + more > LOOK_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(each);
    bytes += more;
  }
  return parts;
}
