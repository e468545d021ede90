import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import relay, { ChannelObject, HubObject, WebhookObject } from "../../src/index.ts";
import { checkMessage, checkStatement, countQueries, invoke, isWithin } from "./limits.ts";

/*
 * Puts production's limits round everything that the tests run in the runtime: the SQLite of
 * objects, D1, and the calls between objects. Done to the platform's own classes, which code and
 * tests share here, so that the source carries nothing of it.
 */

type Method = (this: unknown, ...given: unknown[]) => unknown;
type Methods = Record<string, Method>;

const HANDLERS = ["fetch", "alarm", "webSocketMessage", "webSocketClose", "webSocketError"];
const isDone = Symbol.for("tributary.production");

/** Puts something round a method, once: the runtime outlives a file of tests. */
function surround(owner: object, name: string, around: (before: Method) => Method): void {
  const methods = owner as Methods;
  const before = methods[name];
  if (before === undefined || isDone in before) return;
  const after = around(before);
  methods[name] = Object.assign(after, { [isDone]: true });
}

function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) as object;
}

/** What an object's storage refuses. */
async function limitObjects(): Promise<void> {
  const sql = await runInDurableObject(env.CHANNEL.getByName("limits"), (_, { storage }) =>
    prototypeOf(storage.sql),
  );
  surround(sql, "exec", (exec) => {
    return function (this: unknown, query, ...values) {
      checkStatement(String(query), values);
      return exec.call(this, query, ...values);
    };
  });
}

interface Statement {
  readonly statement: string;
  readonly params: readonly unknown[];
}

/** What D1 refuses: like there, when a statement is run and not before. */
function limitDatabase(): void {
  const check = ({ statement, params }: Statement): void => {
    checkStatement(statement, params, "D1_ERROR: ");
  };
  const statements = prototypeOf(env.DB.prepare("SELECT 1"));
  for (const name of ["first", "run", "all", "raw"]) {
    surround(statements, name, (before) => {
      return async function (this: unknown, ...given) {
        countQueries(1);
        check(this as Statement);
        return before.apply(this, given);
      };
    });
  }
  surround(prototypeOf(env.DB.withSession()), "batch", (before) => {
    return async function (this: unknown, list) {
      const batch = list as readonly Statement[];
      countQueries(batch.length);
      for (const each of batch) check(each);
      return before.call(this, list);
    };
  });
  const { batch: batchOfSession } = prototypeOf(env.DB.withSession()) as Methods;
  surround(prototypeOf(env.DB), "batch", () => {
    return function (this: unknown, list) {
      const session = (this as D1Database).withSession("first-primary");
      return batchOfSession?.call(session, list);
    };
  });
  surround(prototypeOf(env.DB), "exec", (before) => {
    return async function (this: unknown, query) {
      countQueries(1);
      checkStatement(String(query), [], "D1_ERROR: ");
      return before.call(this, query);
    };
  });
}

/** What a call to an object cannot carry; and each call is an invocation of its own. */
function limitCalls(prototype: object): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name === "constructor") continue;
    surround(prototype, name, (before) => {
      const isHandler = HANDLERS.includes(name);
      return function (this: unknown, ...given) {
        if (isWithin(this)) return before.apply(this, given);
        const run = (): unknown => invoke(this, () => before.apply(this, given));
        if (isHandler) return run();
        checkMessage(given);
        const answer = run();
        return answer instanceof Promise ? answer.then(checked) : checked(answer);
      };
    });
  }
}

function checked<T>(answer: T): T {
  checkMessage(answer);
  return answer;
}

function limitWorker(): void {
  for (const { prototype } of [ChannelObject, HubObject, WebhookObject]) {
    for (let each = prototype as object; isOurs(each); each = prototypeOf(each)) limitCalls(each);
  }
  for (const name of ["fetch", "scheduled"]) {
    surround(relay, name, (before) => {
      return function (this: unknown, ...given) {
        return invoke(null, () => before.apply(this, given));
      };
    });
  }
}

function isOurs(prototype: object): boolean {
  return prototype.constructor.name !== "DurableObject";
}

await limitObjects();
limitDatabase();
limitWorker();
