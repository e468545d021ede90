/*
 * The relay with everything counted that Cloudflare counts: queries and rows of D1, rows of objects,
 * and calls to objects. It is put round the relay as it runs on one machine, which knows nothing of it.
 */
import relay, * as parts from "./worker.mjs";

export * from "./worker.mjs";

const counts = {};
const cursors = new Set();
let isWatched = false;

function add(name, count = 1) {
  counts[name] = (counts[name] ?? 0) + (count ?? 0);
}

/** Notes what statements came to. `first` is asked as `all`: it hands on no rows that were read. */
function watch(sql, db) {
  if (isWatched) return;
  isWatched = true;
  const storage = Object.getPrototypeOf(sql);
  const { exec } = storage;
  storage.exec = function counted(...given) {
    const cursor = exec.apply(this, given);
    cursors.add(cursor);
    return cursor;
  };
  const statement = Object.getPrototypeOf(db.prepare("SELECT 1"));
  const { all, run } = statement;
  statement.all = counting(all);
  statement.run = counting(run);
  statement.first = async function first(column) {
    const [row = null] = (await this.all()).results;
    return row === null || column === undefined ? row : row[column];
  };
  const session = Object.getPrototypeOf(db.withSession());
  const { batch } = session;
  session.batch = async function counted(list) {
    const results = await batch.call(this, list);
    for (const { meta } of results) note(meta);
    return results;
  };
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

function note({ rows_read: read, rows_written: written }) {
  add("queries");
  add("databaseRowsRead", read);
  add("databaseRowsWritten", written);
}

/** Adds up what cursors have read and written, so far as they are read by now. */
function fold() {
  for (const cursor of cursors) {
    add("objectRowsRead", cursor.rowsRead);
    add("objectRowsWritten", cursor.rowsWritten);
  }
  cursors.clear();
}

/** An object of which each call from outside is a request, and a frame of a socket a twentieth. */
function countCalls(Base, kind) {
  const Counted = class extends Base {
    constructor(ctx, env) {
      watch(ctx.storage.sql, env.DB);
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

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/counts") {
      add("workerRequests");
      return relay.fetch(request, env, ctx);
    }
    fold();
    return Response.json(counts);
  },
  scheduled: (controller, env, ctx) => {
    add("workerRequests");
    return relay.scheduled(controller, env, ctx);
  },
};
