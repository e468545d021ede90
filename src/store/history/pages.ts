import { isEverything, matches, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { PAGE_MAX_BYTES, type LoggedEvent } from "../logged-event.ts";
import type { Queries } from "./events.ts";

/** Which stretch of a channel's history is read: after `after`, up to `upTo`, one way or the other. */
export interface PageQuery {
  readonly channel: number;
  readonly after: Seq;
  readonly upTo: Seq;
  readonly order: "asc" | "desc";
  readonly limit: number;
  readonly filter: Filter;
  /** Read the providers' words as well. */
  readonly raw?: boolean;
}

/** Events in the order asked for, and whether the stretch has more. */
export interface Page {
  readonly events: readonly LoggedEvent[];
  /**
   * How far the stretch has been seen to: everything between its beginning and this place that the
   * filter lets through is in `events`.
   */
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
  /** How many rows were found, of which these are as many as a page has room for. */
  found: number;
}

// Rows looked at for one page with a filter that no index serves: it bounds the time of a page whose
// filter lets next to nothing through. Such a page may be short, and says how far it has seen.
const SCAN_ROWS = 5_000;

/** One page of history. Never uses OFFSET or OR: every form of it walks an index. */
export async function readPage(db: Queries, query: PageQuery): Promise<Page> {
  const { filter } = query;
  if (isEverything(filter)) return readAll(db, query);
  const isByTypeOnly = filter.providers.length === 0 && filter.platforms.length === 0;
  return isByTypeOnly ? readByType(db, query) : scan(db, query);
}

async function readAll(db: Queries, query: PageQuery): Promise<Page> {
  const { results } = await db
    .prepare(
      bounded(
        query,
        `SELECT ${columns(query)} FROM events
         WHERE channel = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq ${way(query)} LIMIT ?4`,
      ),
    )
    .bind(query.channel, query.after, query.upTo, query.limit + 1)
    .all<Row>();
  return toPage(query, results);
}

/**
 * By type, from the index on (channel, type, seq). First the types that the channel has (one step of
 * the index each) and that the filter names, then the first places of each, then the first of these.
 * These places are a list and not a join: a join the planner may turn round, and walk the channel.
 */
async function readByType(db: Queries, query: PageQuery): Promise<Page> {
  const { results } = await db
    .prepare(
      bounded(
        query,
        `WITH RECURSIVE
         present(type) AS (
           SELECT (SELECT min(type) FROM events WHERE channel = ?1)
           UNION ALL
           SELECT (SELECT min(type) FROM events WHERE channel = ?1 AND type > present.type)
           FROM present WHERE present.type IS NOT NULL
         ),
         wanted(type) AS (
           SELECT DISTINCT present.type FROM present, json_each(?2) AS named
           WHERE present.type = named.value
             OR (substr(named.value, -1) = '*'
                 AND substr(present.type, 1, length(named.value) - 1)
                   = substr(named.value, 1, length(named.value) - 1))
         ),
         found(seqs) AS (
           SELECT (SELECT json_group_array(seq) FROM (
             SELECT seq FROM events
             WHERE channel = ?1 AND type = wanted.type AND seq > ?3 AND seq <= ?4
             ORDER BY seq ${way(query)} LIMIT ?5))
           FROM wanted
         )
       SELECT ${columns(query)}
       FROM events
       WHERE channel = ?1
         AND seq IN (SELECT place.value FROM found, json_each(found.seqs) AS place)
       ORDER BY events.seq ${way(query)} LIMIT ?5`,
      ),
    )
    .bind(
      query.channel,
      JSON.stringify(query.filter.types),
      query.after,
      query.upTo,
      query.limit + 1,
    )
    .all<Row>();
  return toPage(query, results);
}

/** By provider or platform, which no index serves: a bounded stretch of the log is looked through. */
async function scan(db: Queries, query: PageQuery): Promise<Page> {
  const stretch = `
    SELECT seq, type, provider, platform FROM events
    WHERE channel = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq ${way(query)} LIMIT ${SCAN_ROWS}`;
  const { results } = await db
    .prepare(stretch)
    .bind(query.channel, query.after, query.upTo)
    .all<Row>();
  const found = results.filter((row) => matches(query.filter, row)).slice(0, query.limit + 1);
  const bodies = await readAt(db, query, found.slice(0, query.limit));
  const page = toPage(query, bodies);
  if (page.hasMore) return page;
  if (found.length > query.limit) return { ...page, hasMore: true };
  const last = results.at(-1);
  if (results.length < SCAN_ROWS || last === undefined) return page;
  return {
    events: page.events,
    seenTo: query.order === "asc" ? last.seq : last.seq - 1,
    hasMore: true,
  };
}

async function readAt(db: Queries, query: PageQuery, found: readonly Row[]): Promise<Row[]> {
  if (found.length === 0) return [];
  const { results } = await db
    .prepare(
      bounded(
        query,
        `SELECT ${columns(query)} FROM events
         WHERE channel = ?1 AND seq IN (SELECT value FROM json_each(?2)) ORDER BY seq ${way(query)}`,
      ),
    )
    .bind(query.channel, JSON.stringify(found.map((row) => row.seq)))
    .all<Row>();
  return results;
}

function toPage(query: PageQuery, rows: readonly Row[]): Page {
  // More were found than were asked for, or than there is room for.
  const hasMore = rows.length > query.limit || rows.length < (rows[0]?.found ?? 0);
  const events = rows.slice(0, query.limit).map(toLogged);
  const last = events.at(-1);
  if (!hasMore || last === undefined) {
    return { events, seenTo: query.order === "asc" ? query.upTo : query.after, hasMore: false };
  }
  // Going down, "seen to" is the place before the last one read.
  return { events, seenTo: query.order === "asc" ? last.seq : last.seq - 1, hasMore };
}

function toLogged({ seq, type, provider, platform, body, raw }: Row): LoggedEvent {
  return { seq, type, provider, platform, text: body, raw: raw ?? null };
}

/**
 * The rows that a statement finds, from the first on, as many as a page has room for: at least one.
 * They are left out by the database itself, so that nobody has to hold them all.
 */
function bounded(query: PageQuery, statement: string): string {
  const size = `length(CAST(body AS BLOB))${query.raw === true ? " + ifnull(length(CAST(raw AS BLOB)), 0)" : ""}`;
  return `SELECT * FROM (
    SELECT *, count(*) OVER () AS found,
           sum(${size}) OVER (ORDER BY seq ${way(query)} ROWS UNBOUNDED PRECEDING) AS bytes,
           row_number() OVER (ORDER BY seq ${way(query)}) AS place
    FROM (${statement}))
  WHERE place = 1 OR bytes <= ${PAGE_MAX_BYTES} ORDER BY seq ${way(query)}`;
}

function columns({ raw }: PageQuery): string {
  return `events.seq, events.type, events.provider, events.platform, events.body${raw === true ? ", events.raw" : ""}`;
}

function way({ order }: PageQuery): "ASC" | "DESC" {
  return order === "asc" ? "ASC" : "DESC";
}
