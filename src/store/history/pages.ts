import { isEverything, matches, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { PAGE_MAX_BYTES, type LoggedEvent } from "../logged-event.ts";
import type { Queries } from "./events.ts";

/**
 * Which stretch of a channel's history is read: after `after`, up to `upTo`, one way or the other.
 */
export interface PageQuery {
  readonly channel: number;
  readonly after: Seq;
  readonly upTo: Seq;
  readonly order: "asc" | "desc";
  readonly limit: number;
  readonly filter: Filter;
  /** Read the providers' words as well. */
  readonly raw?: boolean;
  /** How many bytes of events the page carries at most, where that is less than any other's. */
  readonly maxBytes?: number;
}

/**
 * Events in the order asked for, and whether the stretch has more. A page says no more than it
 * gives: everything between `from` and `seenTo` that the filter lets through is in `events`.
 */
export interface Page {
  readonly events: readonly LoggedEvent[];
  /** The place that the stretch begins after; later than asked for where its beginning is gone. */
  readonly from: Seq;
  /** How far the stretch has been seen to: upwards from `from`, or downwards from its end. */
  readonly seenTo: Seq;
  readonly hasMore: boolean;
}

interface Row {
  seq: number;
  type: string;
  provider: string;
  platform: string;
  body: string;
  raw: string | null;
  /** The oldest event of the stretch, whatever the filter lets through. */
  oldest: number;
  /** How many rows were found, of which these are as many as a page has room for. */
  found: number;
}

const OLDEST = "(SELECT min(seq) FROM events WHERE channel = ?1 AND seq > ?2 AND seq <= ?3)";

// Rows looked at for one page with a filter that no index serves: it bounds the time of a page whose
// filter lets next to nothing through. Such a page may be short, and says how far it has seen.
const SCAN_ROWS = 5_000;

/**
 * One page of history. Never uses OFFSET or OR: every form of it walks an index. The stretch must
 * be one that history was given: what is missing from its beginning has been taken away.
 */
export async function readPage(db: Queries, query: PageQuery): Promise<Page> {
  const { filter } = query;
  if (isEverything(filter)) return readAll(db, query);
  const isByTypeOnly = filter.providers.length === 0 && filter.platforms.length === 0;
  return isByTypeOnly ? readByType(db, query) : readByScan(db, query);
}

async function readAll(db: Queries, query: PageQuery): Promise<Page> {
  const { results } = await db
    .prepare(
      limitStatement(
        query,
        `SELECT ${listColumns(query)}, ${OLDEST} AS oldest FROM events
         WHERE channel = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq ${formatOrder(query)} LIMIT ?4`,
      ),
    )
    .bind(query.channel, query.after, query.upTo, query.limit + 1)
    .all<Row>();
  return toPage(query, await findStart(db, query, results), results);
}

/**
 * The beginning of the stretch that these rows are of. They say so themselves, as of one moment:
 * what retention takes between two statements would be missed without a word.
 */
async function findStart(db: Queries, query: PageQuery, rows: readonly Row[]): Promise<Seq> {
  const oldest = rows[0]?.oldest;
  return oldest === undefined ? findKeptAfter(db, query.channel, query) : oldest - 1;
}

/** The place after which a stretch that history was given is still kept. */
export async function findKeptAfter(
  db: Queries,
  channel: number,
  { after, upTo }: { after: Seq; upTo: Seq },
): Promise<Seq> {
  const row = await db
    .prepare(`SELECT ${OLDEST} AS oldest`)
    .bind(channel, after, upTo)
    .first<{ oldest: number | null }>();
  const oldest = row?.oldest ?? null;
  return oldest === null ? Math.max(after, upTo) : oldest - 1;
}

/**
 * By type, from the index on (channel, type, seq). First the types that the channel has (one step
 * of the index each) and that the filter names, then the first places of each, then the first of
 * these. These places are a list and not a join: a join the planner may turn round, and walk the
 * channel.
 */
async function readByType(db: Queries, query: PageQuery): Promise<Page> {
  const { results } = await db
    .prepare(
      limitStatement(
        query,
        `WITH RECURSIVE
         present(type) AS (
           SELECT (SELECT min(type) FROM events WHERE channel = ?1)
           UNION ALL
           SELECT (SELECT min(type) FROM events WHERE channel = ?1 AND type > present.type)
           FROM present WHERE present.type IS NOT NULL
         ),
         wanted(type) AS (
           SELECT DISTINCT present.type FROM present, json_each(?4) AS named
           WHERE present.type = named.value
             OR (substr(named.value, -1) = '*'
                 AND substr(present.type, 1, length(named.value) - 1)
                   = substr(named.value, 1, length(named.value) - 1))
         ),
         found(seqs) AS (
           SELECT (SELECT json_group_array(seq) FROM (
             SELECT seq FROM events
             WHERE channel = ?1 AND type = wanted.type AND seq > ?2 AND seq <= ?3
             ORDER BY seq ${formatOrder(query)} LIMIT ?5))
           FROM wanted
         )
       SELECT ${listColumns(query)}, ${OLDEST} AS oldest
       FROM events
       WHERE channel = ?1
         AND seq IN (SELECT place.value FROM found, json_each(found.seqs) AS place)
       ORDER BY events.seq ${formatOrder(query)} LIMIT ?5`,
      ),
    )
    .bind(
      query.channel,
      query.after,
      query.upTo,
      JSON.stringify(query.filter.types),
      query.limit + 1,
    )
    .all<Row>();
  return toPage(query, await findStart(db, query, results), results);
}

/**
 * By provider or platform, which no index serves: a bounded stretch of the log is looked through.
 */
async function readByScan(db: Queries, query: PageQuery): Promise<Page> {
  const stretch = `
    SELECT seq, type, provider, platform, ${OLDEST} AS oldest FROM events
    WHERE channel = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq ${formatOrder(query)} LIMIT ${SCAN_ROWS}`;
  const { results: rows } = await db
    .prepare(stretch)
    .bind(query.channel, query.after, query.upTo)
    .all<Row>();
  const from = await findStart(db, query, rows);
  const found = rows.filter((row) => matches(query.filter, row)).slice(0, query.limit + 1);
  const given = found.slice(0, query.limit);
  const bodies = await readAt(db, query, given);
  const events = bodies.map(toLogged);
  if (isCut(bodies)) return makePartPage(query, from, events, bodies.at(-1));
  // The places decide how far this has got, also where an event was taken away in between.
  if (found.length > given.length) return makePartPage(query, from, events, given.at(-1));
  return rows.length < SCAN_ROWS
    ? makeWholePage(query, from, events)
    : makePartPage(query, from, events, rows.at(-1));
}

async function readAt(db: Queries, query: PageQuery, found: readonly Row[]): Promise<Row[]> {
  if (found.length === 0) return [];
  const { results } = await db
    .prepare(
      limitStatement(
        query,
        `SELECT ${listColumns(query)} FROM events
         WHERE channel = ?1 AND seq IN (SELECT value FROM json_each(?2)) ORDER BY seq ${formatOrder(query)}`,
      ),
    )
    .bind(query.channel, JSON.stringify(found.map((row) => row.seq)))
    .all<Row>();
  return results;
}

/** A page of what was found: one more than was asked for says that there is more. */
function toPage(query: PageQuery, from: Seq, rows: readonly Row[]): Page {
  const given = rows.slice(0, query.limit);
  const events = given.map(toLogged);
  return rows.length > given.length || isCut(rows)
    ? makePartPage(query, from, events, given.at(-1))
    : makeWholePage(query, from, events);
}

/** Were more rows found than a page has room for? */
function isCut(rows: readonly Row[]): boolean {
  return rows.length < (rows[0]?.found ?? 0);
}

/** A page that goes to the end of its stretch. */
function makeWholePage(query: PageQuery, from: Seq, events: readonly LoggedEvent[]): Page {
  return { events, from, seenTo: query.order === "asc" ? query.upTo : query.after, hasMore: false };
}

/** A page that ends with the last place it has looked at; undefined for none. */
function makePartPage(
  query: PageQuery,
  from: Seq,
  events: readonly LoggedEvent[],
  last: { readonly seq: Seq } | undefined,
): Page {
  const isUp = query.order === "asc";
  const begin = isUp ? query.after : query.upTo;
  // Going down, "seen to" is the place before the last one read.
  const seenTo = last === undefined ? begin : last.seq - (isUp ? 0 : 1);
  return { events, from, seenTo, hasMore: true };
}

function toLogged({ seq, type, provider, platform, body, raw }: Row): LoggedEvent {
  return { seq, type, provider, platform, text: body, raw: raw ?? null };
}

/**
 * The rows that a statement finds, from the first on, as many as a page has room for: at least one.
 * They are left out by the database itself, so that nobody has to hold them all.
 */
function limitStatement(query: PageQuery, statement: string): string {
  const size = `length(CAST(body AS BLOB))${query.raw === true ? " + ifnull(length(CAST(raw AS BLOB)), 0)" : ""}`;
  return `SELECT * FROM (
    SELECT *, count(*) OVER () AS found,
           sum(${size}) OVER (ORDER BY seq ${formatOrder(query)} ROWS UNBOUNDED PRECEDING) AS bytes,
           row_number() OVER (ORDER BY seq ${formatOrder(query)}) AS place
    FROM (${statement}))
  WHERE place = 1 OR bytes <= ${query.maxBytes ?? PAGE_MAX_BYTES} ORDER BY seq ${formatOrder(query)}`;
}

function listColumns({ raw }: PageQuery): string {
  return `events.seq, events.type, events.provider, events.platform, events.body${raw === true ? ", events.raw" : ""}`;
}

function formatOrder({ order }: PageQuery): "ASC" | "DESC" {
  return order === "asc" ? "ASC" : "DESC";
}
