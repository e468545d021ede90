import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";

import { EVERYTHING } from "../../../src/event/filter.ts";
import { HistoryWriter } from "../../../src/objects/channel/history-writer.ts";
import { LogReader } from "../../../src/objects/channel/log-reader.ts";
import { PACE } from "../../../src/objects/channel/pace.ts";
import { Errands } from "../../../src/objects/errands.ts";
import { addErasures, listErasures, saveErasures } from "../../../src/store/journal/erasures.ts";
import { call, chat, makeChannel, postNotes } from "../../support/api.ts";
import { delivered, Hook, until } from "../../support/hooks.ts";
import { crowd } from "../../support/hubs.ts";
import { drained, forgetJournal, stored, OWNER } from "../../support/objects.ts";
import { connect } from "../../support/sockets.ts";
import { openStream } from "../../support/streams.ts";

const ROOM = Number(env.CHANNEL_SOCKETS);
afterEach(() => crowd(ROOM));

const deletion = (...messageIds: string[]) => ({
  type: "chat.message.deleted",
  data: { messageIds },
});

async function post(channel: string, ...events: object[]): Promise<string[]> {
  const answer = await call<{ ids: string[] }>("POST", `/channels/${channel}/events`, events);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.ids;
}

/** From now on, or no longer, history refuses to erase anything of a channel. */
async function holdErasures(channel: string, isHeld: boolean): Promise<void> {
  const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
  const name = `hold_erasures_${body.number}`;
  await env.DB.prepare(
    isHeld
      ? `CREATE TRIGGER ${name} BEFORE UPDATE ON blocks WHEN OLD.place >> 32 = ${body.number}
         BEGIN SELECT RAISE(ABORT, 'held'); END`
      : `DROP TRIGGER IF EXISTS ${name}`,
  ).run();
}

/** Resolves once history has erased what it may: at once, and not when it would be tried again. */
async function erased(channel: string): Promise<void> {
  await runInDurableObject(env.CHANNEL.getByName(channel), async (object) => {
    const { feed } = (object as unknown as { runtime: { feed: HistoryWriter } }).runtime;
    while (!(await feed.drain())) continue;
  });
}

/** Everything that a socket gets until it has been told of a place. */
async function heard(channel: string, query: string, upTo: string): Promise<string> {
  const socket = await connect(channel, query);
  let all = "";
  for (;;) {
    const text = await socket.nextText();
    all += text;
    if (text.includes(`"to":"${upTo}"`)) break;
  }
  socket.close();
  return all;
}

type Read = (log: Log) => Promise<string>;

interface Log {
  readonly channel: string;
  readonly hook: Hook;
  readonly webhook: string;
  /** The place before the secret, that of the secret, and the newest. */
  readonly before: string;
  readonly secret: string;
  readonly head: string;
}

const got = async (path: string, accept = "application/json"): Promise<string> =>
  JSON.stringify((await call("GET", path, undefined, { headers: { accept } })).body);

const READERS: Record<string, Read> = {
  "a page": ({ channel }) => got(`/channels/${channel}/events?order=asc&limit=500`),
  "a page going down": ({ channel }) => got(`/channels/${channel}/events`),
  "a page by type": ({ channel }) => got(`/channels/${channel}/events?types=chat.message`),
  "a page by platform": ({ channel }) => got(`/channels/${channel}/events?platforms=api`),
  "a long poll": ({ channel, before }) =>
    got(`/channels/${channel}/events?order=asc&after=${before}&wait=30`),
  "an export": ({ channel }) => got(`/channels/${channel}/events`, "application/jsonl"),
  "an export as a table": ({ channel }) => got(`/channels/${channel}/events`, "text/csv"),
  "the event by its id": ({ channel, secret }) => got(`/channels/${channel}/events/${secret}`),
  "its raw payload": ({ channel, secret }) => got(`/channels/${channel}/events/${secret}/raw`),
  "a socket that resumes": ({ channel, before, head }) => heard(channel, `?after=${before}`, head),
  "a socket with raw payloads": ({ channel, before, head }) =>
    heard(channel, `?after=${before}&raw=true`, head),
  "a socket that rewinds": ({ channel, head }) => heard(channel, "?rewind=500", head),
  "a socket in a hub": ({ channel, before, head }) => {
    crowd(0);
    return heard(channel, `?after=${before}&raw=true`, head);
  },
  "a stream": async ({ channel, before, head }) => {
    const stream = await openStream(channel, "", { "last-event-id": before });
    let all = "";
    for (let at: string | undefined = ""; at !== head;) {
      const block = await stream.next();
      all += JSON.stringify(block);
      at = block.id ?? at;
    }
    await stream.cancel();
    return all;
  },
  "a recovery": async ({ channel, hook, webhook, before }) => {
    const seen = (await hook.until(0)).length;
    const path = `/channels/${channel}/webhooks/${webhook}/recoveries`;
    const asked = { after: before, only: "all" };
    const { body } = await call<{ id: string }>("POST", path, asked);
    await until(
      async () => (await call<{ status: string }>("GET", `${path}/${body.id}`)).body,
      ({ status }) => status === "done",
    );
    const brought = (await hook.until(0)).slice(seen);
    if (brought.length === 0) throw new Error("nothing was brought");
    return JSON.stringify(brought);
  },
  "a delivery that is tried again": async ({ channel, hook, webhook }) => {
    const seen = (await hook.until(0)).length;
    const path = `/channels/${channel}/webhooks/${webhook}/deliveries`;
    const { body } = await call<{ data: { id: string; kind: string }[] }>("GET", path);
    const first = body.data.findLast(({ kind }) => kind === "event");
    await call("POST", `${path}/${first?.id}/retry`);
    return JSON.stringify((await hook.until(seen + 1)).slice(seen));
  },
};

/** A way to have something erased, and what it is that goes. */
interface Order {
  readonly draft: { readonly type: string };
  /** Has it erased; answers the place of what tells of it. */
  readonly erase: (channel: string, secret: string) => Promise<string>;
}

const DELETED: Order = {
  draft: chat("m1", "the old secret"),
  erase: async (channel) => (await post(channel, deletion("m1")))[0] ?? "",
};

/** Erases it by the id that it has as an event. */
async function erase(channel: string, id: string): Promise<string> {
  const { status } = await call("DELETE", `/channels/${channel}/events/${id}`);
  if (status !== 204) throw new Error(`not erased: ${status}`);
  const page = await call<{ events: { id: string }[] }>(
    "GET",
    `/channels/${channel}/events?limit=1`,
  );
  return page.body.events[0]?.id ?? "";
}

/** Something old, erased, that neither journal nor webhook has and history has yet to erase. */
async function deleted(order: Order): Promise<Log> {
  const channel = await makeChannel();
  const hook = new Hook();
  const { id: webhook } = await hook.attach(channel, { types: [order.draft.type] });
  const [before = ""] = await postNotes(channel, ["before"]);
  const words = { platform: "api", raw: { said: "the old secret" } };
  const draft = { ...order.draft, ...words };
  await env.CHANNEL.getByName(channel).post(OWNER, [draft as never], 500);
  await delivered(channel, webhook, (all) => all.some(({ status }) => status === "succeeded"));
  await postNotes(channel, ["after"]);
  await drained(channel);
  await forgetJournal(channel);
  await holdErasures(channel, true);
  const secret = before.replace(/\d+$/, (seq) => String(Number(seq) + 1));
  const head = await order.erase(channel, secret);
  if (!(await stored(channel)).includes("the old secret")) throw new Error("erased already");
  return { channel, hook, webhook, before, secret, head };
}

const nameless = chat("", "the old secret");
const saving = {
  type: "channel.redemption",
  data: {
    user: nameless.data.user,
    reward: { id: "r", title: "Say it", cost: 5 },
    input: "the old secret",
  },
};

describe("an event that was erased by its id, and that history still has", () => {
  const ORDERS: Record<string, Order> = {
    "a message without an id": { draft: nameless, erase },
    "a redemption with words": { draft: saving, erase },
  };
  const cases = Object.entries(ORDERS).flatMap(([what, order]) =>
    Object.entries(READERS)
      .filter(([reader]) => what !== "a redemption with words" || !reader.includes("by type"))
      .map(([reader, read]) => ({ what, reader, order, read })),
  );

  it.for(cases)("is in no answer: $what, $reader", async ({ order, read }, { expect }) => {
    const log = await deleted(order);
    expect(await read(log)).not.toContain("secret");
    await holdErasures(log.channel, false);
    await erased(log.channel);
    expect(await read(log)).not.toContain("secret");
    expect(await stored(log.channel)).not.toContain("secret");
  });
});

describe("a deleted message that history still has", () => {
  it.for(Object.entries(READERS))("is in no answer: %s", async ([, read], { expect }) => {
    const log = await deleted(DELETED);
    expect(await read(log)).not.toContain("secret");
    await holdErasures(log.channel, false);
    await erased(log.channel);
    expect(await read(log)).not.toContain("secret");
  });

  it("is gone for good, though another that was deleted with it was found twice", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await post(channel, chat("old", "the old secret"));
    await postNotes(channel, ["between"]);
    await drained(channel);
    await forgetJournal(channel);
    await post(channel, chat("twice", "a new secret"), chat("twice", "a new secret"));
    await post(channel, deletion("twice", "old"));
    await drained(channel);
    expect(await stored(channel)).not.toContain("secret");
  });
});

/** A database that says after each statement how far it is, and does what it is told meanwhile. */
function databaseThat(meanwhile: (sql: string) => Promise<void> | void): D1Database {
  let statements = 0;
  const reals = new WeakMap<D1PreparedStatement, { real: D1PreparedStatement; sql: string }>();
  const session = {
    async batch(list: readonly D1PreparedStatement[]) {
      const known = list.flatMap((each) => reals.get(each) ?? []);
      const answers = await env.DB.batch(known.map(({ real }) => real));
      await meanwhile(known.map(({ sql }) => sql).join("; "));
      statements += 1;
      return answers;
    },
    prepare(sql: string) {
      const real = env.DB.prepare(sql);
      const wrapped = (statement: D1PreparedStatement): D1PreparedStatement => {
        const proxy = new Proxy(statement, {
          get(target, name) {
            if (name === "bind") return (...values: unknown[]) => wrapped(target.bind(...values));
            const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
            if (name !== "run" && name !== "all" && name !== "first") return method;
            return async (...given: unknown[]) => {
              const answer = await method.apply(target, given);
              await meanwhile(sql);
              statements += 1;
              return answer;
            };
          },
        });
        reals.set(proxy, { real: statement, sql });
        return proxy;
      };
      return wrapped(real);
    },
    getBookmark: () => `bookmark-${statements}`,
  };
  return { withSession: () => session } as unknown as D1Database;
}

describe("an erasure that is carried out while history is read", () => {
  it("is seen to in what was read before it", async ({ expect }) => {
    const channel = await makeChannel();
    await post(channel, chat("m1", "the old secret"));
    await postNotes(channel, ["after"]);
    await drained(channel);
    await forgetJournal(channel);
    const { body } = await call<{ number: number; epoch: string }>("GET", `/channels/${channel}`);
    const texts = await runInDurableObject(
      env.CHANNEL.getByName(channel),
      async (_, { storage }) => {
        const scope = { kind: "messages" as const, ids: ["m1"] };
        const erasure = { seq: 3, provider: "api", platform: "api", scope };
        // It is pending neither before nor after: it is carried out as the page is on its way.
        const reader: LogReader = new LogReader({
          storage,
          db: databaseThat(() => reader.noteErased(erasure)),
          channel: { id: channel, number: body.number, epoch: body.epoch },
          head: () => 2,
          feed: { bookmark: null },
        });
        return JSON.stringify(await reader.next(0, EVERYTHING, true));
      },
    );
    expect(texts).toContain('"deleted\\":true');
    expect(texts).not.toContain("secret");
  });

  it("is never read from before: the place to read at is noted with each", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    await drained(channel);
    const drain = (statementsMax: number) =>
      runInDurableObject(env.CHANNEL.getByName(channel), async (_, { storage }) => {
        for (const seq of listErasures(storage.sql).length === 0 ? [8, 9] : []) {
          const scope = { kind: "messages" as const, ids: [`m${seq}`] };
          addErasures(storage.sql, [{ seq, platform: "api", scope }]);
        }
        for (const pending of listErasures(storage.sql)) {
          saveErasures(storage.sql, [{ ...pending, journal: null, missing: null, below: 1 }]);
        }
        let statements = 0;
        const feed = new HistoryWriter({
          storage,
          db: databaseThat(() => {
            statements += 1;
            if (statements > statementsMax) throw new Error("the database is away");
          }),
          channel: { id: channel, number: -1, epoch: "e" },
          head: () => 0,
          pace: PACE,
          reader: { noteErased: () => {} },
          errands: new Errands({ storage, perform: async () => {}, keepAlarm: () => {} }),
        });
        const isDone = await feed.drain();
        feed.stop();
        const pending = listErasures(storage.sql).map(({ erasure }) => erasure.seq);
        return { left: pending, bookmark: feed.bookmark, statements, drainedAll: isDone };
      });
    // A look is for all that is pending, at the database's blocks and then at the archive's; what they
    // have erased is let go of once the place is noted.
    expect(await drain(0)).toMatchObject({ left: [8, 9], bookmark: null, drainedAll: false });
    const once = { left: [8, 9], bookmark: "bookmark-1", drainedAll: false };
    expect(await drain(1)).toMatchObject(once);
    const { statements, ...whole } = await drain(Infinity);
    expect(whole).toEqual({ left: [], bookmark: `bookmark-${statements}`, drainedAll: true });
  });
});
