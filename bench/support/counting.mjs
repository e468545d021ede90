/*
 * The relay with everything counted that Cloudflare counts: queries and rows of D1, rows of objects,
 * and calls to objects. It is put round the relay as it runs on one machine, which knows nothing of it.
 */
import relay, * as parts from "./worker.mjs";

export * from "./worker.mjs";

const counts = {};
// By the storage that they are of: a cursor that is not read to its end is asked by its own object only.
const cursors = new Map();
let isWatched = false;
let isDatabaseWatched = false;

// The database fails until then.
let awayUntil = 0;

// How far the relay's clock is ahead: what is done to old events is counted without waiting for it.
let aheadMs = 0;
const realNow = Date.now.bind(Date);
Date.now = () => realNow() + aheadMs;

function add(name, count = 1) {
  counts[name] = (counts[name] ?? 0) + (count ?? 0);
}

/** Notes what statements came to. `first` is asked as `all`: it hands on no rows that were read. */
function watch(storage, { DB, ARCHIVE }) {
  if (isWatched) return;
  isWatched = true;
  watchStorage(storage);
  watchDatabaseOnce(DB);
  if (ARCHIVE !== undefined) watchArchive(ARCHIVE);
}

/** Statements; and alarms, of which each that is set is a row. They go off by the platform's clock. */
function watchStorage(storage) {
  const statements = Object.getPrototypeOf(storage.sql);
  const { exec } = statements;
  statements.exec = function counted(...given) {
    const cursor = exec.apply(this, given);
    fold(this);
    cursors.get(this).add(cursor);
    counts.objectBytes = Math.max(counts.objectBytes ?? 0, this.databaseSize);
    return cursor;
  };
  const alarms = Object.getPrototypeOf(storage);
  const { setAlarm, getAlarm } = alarms;
  alarms.setAlarm = function counted(at, ...given) {
    add("objectRowsWritten");
    add("alarmsSet");
    return setAlarm.call(this, at - aheadMs, ...given);
  };
  alarms.getAlarm = async function shifted(...given) {
    const at = await getAlarm.apply(this, given);
    return at === null ? null : at + aheadMs;
  };
}

/** Operations of a bucket: those of class A change or list, those of class B read; to delete is free. */
function watchArchive(bucket) {
  const operations = Object.getPrototypeOf(bucket);
  for (const [name, kind] of [
    ["put", "bucketWrites"],
    ["list", "bucketWrites"],
    ["get", "bucketReads"],
    ["head", "bucketReads"],
  ]) {
    const operation = operations[name];
    operations[name] = async function counted(...given) {
      add(kind);
      const answer = await operation.apply(this, given);
      if (name === "put") add("bucketBytes", answer?.size);
      return answer;
    };
  }
}

function watchDatabaseOnce(db) {
  if (isDatabaseWatched) return;
  isDatabaseWatched = true;
  const failing = (ask) =>
    function whileThere(...given) {
      if (realNow() < awayUntil) return Promise.reject(new Error("the database is away"));
      return ask.apply(this, given);
    };
  const statement = Object.getPrototypeOf(db.prepare("SELECT 1"));
  const { all, run } = statement;
  statement.all = failing(counting(all));
  statement.run = failing(counting(run));
  statement.first = async function first(column) {
    const [row = null] = (await this.all()).results;
    return row === null || column === undefined ? row : row[column];
  };
  const session = Object.getPrototypeOf(db.withSession());
  const { batch } = session;
  session.batch = failing(async function counted(list) {
    const results = await batch.call(this, list);
    for (const { meta } of results) note(meta);
    return results;
  });
  Object.getPrototypeOf(db).batch = function batchOfDatabase(list) {
    return this.withSession("first-primary").batch(list);
  };
}

function counting(ask) {
  return async function counted(...given) {
    const answer = await ask.apply(this, given);
    note(answer.meta);
    return answer;
  };
}

function note({ rows_read: read, rows_written: written, size_after: size }) {
  add("queries");
  if (size !== undefined) counts.databaseBytes = size;
  add("databaseRowsRead", read);
  add("databaseRowsWritten", written);
}

/** Adds up what a storage's cursors have read and written: its own object asks. */
function fold(storage) {
  const some = cursors.get(storage) ?? new Set();
  cursors.set(storage, some);
  for (const { rowsRead, rowsWritten } of some) {
    add("objectRowsRead", rowsRead);
    add("objectRowsWritten", rowsWritten);
  }
  some.clear();
}

/** An object of which each call from outside is a request, and a frame of a socket a twentieth. */
function countCalls(Base, kind) {
  const Counted = class extends Base {
    constructor(ctx, env) {
      watch(ctx.storage, env);
      super(ctx, env);
    }
  };
  const known = new Set(["constructor", "lookUp", "authenticate", "begin", "channelOf"]);
  for (let each = Base.prototype; each.constructor.name !== "DurableObject";) {
    for (const name of Object.getOwnPropertyNames(each)) {
      const { value } = Object.getOwnPropertyDescriptor(each, name);
      if (typeof value !== "function" || known.has(name)) continue;
      known.add(name);
      Counted.prototype[name] = function counted(...given) {
        add(name === "webSocketMessage" ? "frames" : "requests");
        add(`${kind}.${name}`);
        return value.apply(this, given);
      };
    }
    each = Object.getPrototypeOf(each);
  }
  return Counted;
}

export const ChannelObject = countCalls(parts.ChannelObject, "channel");
export const HubObject = countCalls(parts.HubObject, "hub");
export const WebhookObject = countCalls(parts.WebhookObject, "webhook");

// A volume's row has pages of its own; what finds it by type is as long as a type's name.
const PAGE_BYTES = 4_096;
const TYPE_ROW_BYTES = 48;

/** The bytes that the database has of what is in the archive. Not counted: nobody but us asks. */
async function countArchiveRows(db) {
  watchDatabaseOnce(db);
  const { results, meta } = await db
    .prepare(
      `SELECT ${PAGE_BYTES} * ifnull(sum((length(directory) + length(name)) / ${PAGE_BYTES} + 1), 0)
         + ${TYPE_ROW_BYTES} * (SELECT count(*) FROM volume_types) AS bytes
       FROM volumes`,
    )
    .all();
  add("queries", -1);
  add("databaseRowsRead", -meta.rows_read);
  return results[0].bytes;
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/counts") {
      add("workerRequests");
      return relay.fetch(request, env, ctx);
    }
    if (searchParams.has("away")) {
      watchDatabaseOnce(env.DB);
      awayUntil = realNow() + Number(searchParams.get("away"));
      return new Response();
    }
    aheadMs += Number(searchParams.get("ahead") ?? 0);
    const archiveRowBytes = await countArchiveRows(env.DB);
    return Response.json({ ...counts, archiveRowBytes });
  },
  scheduled: ({ cron, scheduledTime, noRetry }, env, ctx) => {
    add("workerRequests");
    watchDatabaseOnce(env.DB);
    return relay.scheduled({ cron, noRetry, scheduledTime: scheduledTime + aheadMs }, env, ctx);
  },
};
