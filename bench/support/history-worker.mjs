/*
 * History's blocks, and beside them a row an event, in a database of the runtime: filled and read as
 * often as whoever measures asks for. The code is the relay's own.
 */
import { fillBlocks } from "history/block-filling.ts";
import { packBlock } from "history/block.ts";
import { findEnd, putBlocks } from "history/blocks.ts";
import { readPage } from "history/pages.ts";

const RARE_EVERY = 10_000;
const CHANNEL = 1;
const PAGE = 100;
const EXPORT_PAGE = 5_000;
const ROWS_AT_ONCE = 400;

const NO_FILTER = { types: [], providers: [], platforms: [] };
const FILTERS = { page: NO_FILTER, rare: { ...NO_FILTER, types: ["channel.tip"] } };

export default {
  async fetch(request, { DB }) {
    const { pathname, searchParams } = new URL(request.url);
    const asked = Object.fromEntries(searchParams);
    const answer = await actions[pathname.slice(1)](DB, {
      ...asked,
      from: Number(asked.from),
      count: Number(asked.count),
      upTo: Number(asked.upTo),
    });
    return Response.json(answer);
  },
};

const actions = {
  /** Packs and writes blocks of so many events after a place. */
  async blocks(db, { from, count }) {
    const blocks = [];
    for (const some of fillBlocks([], makeEvents(from, count))) blocks.push(await packBlock(some));
    await putBlocks(db, CHANNEL, { end: await findEnd(db, CHANNEL), blocks, known: new Set() });
    return blocks.length;
  },
  /** Only packs them. */
  async pack(_, { from, count }) {
    for (const some of fillBlocks([], makeEvents(from, count))) await packBlock(some);
    return count;
  },
  /** Only makes them. */
  make: (_, { from, count }) => makeEvents(from, count).length,
  async rows(db, { from, count }) {
    const insert = db.prepare("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    const events = makeEvents(from, count);
    for (let at = 0; at < events.length; at += ROWS_AT_ONCE) {
      await db.batch(
        events
          .slice(at, at + ROWS_AT_ONCE)
          .map(({ seq, type, provider, platform, at: time, text, raw }) =>
            insert.bind(CHANNEL, seq, type, provider, platform, time, text, raw),
          ),
      );
    }
    return events.length;
  },
  /** Reads pages at places that are spread over the history, or one after the other. */
  async "read-blocks"(db, { kind, from, count, upTo, isInTurn }) {
    let events = 0;
    let after = from;
    for (let page = 0; page < count; page++) {
      const query = { channel: CHANNEL, after, upTo, order: "asc", limit: PAGE };
      const read = await readPage(db, { ...query, filter: FILTERS[kind] });
      events += read.events.length;
      after = isInTurn === "yes" ? read.seenTo : spread(after, page, upTo);
    }
    return events;
  },
  async "read-rows"(db, { kind, from, count, upTo, isInTurn }) {
    const columns = "seq, type, provider, platform, body";
    const ofType = kind === "rare" ? "AND type = 'channel.tip'" : "";
    const statement = db.prepare(
      `SELECT ${columns} FROM rows WHERE channel = ? ${ofType} AND seq > ? ORDER BY seq LIMIT ?`,
    );
    let events = 0;
    let after = from;
    for (let page = 0; page < count; page++) {
      const { results } = await statement.bind(CHANNEL, after, PAGE + 1).all();
      events += Math.min(results.length, PAGE);
      after = isInTurn === "yes" ? (results[PAGE - 1]?.seq ?? 0) : spread(after, page, upTo);
    }
    return events;
  },
  /** Reads all there is as an export does, as lines. */
  async export(db, { upTo }) {
    const encoder = new TextEncoder();
    let events = 0;
    for (let after = 0; ;) {
      const query = { channel: CHANNEL, after, upTo, order: "asc", limit: EXPORT_PAGE };
      const page = await readPage(db, { ...query, filter: NO_FILTER });
      events += page.events.length;
      encoder.encode(page.events.map(({ text }) => `${text}\n`).join(""));
      if (!page.hasMore) return events;
      after = page.seenTo;
    }
  },
};

/** Another place, far from the one before and the same in each run. */
function spread(after, page, upTo) {
  return (after + (page + 1) * 7_919 * 13) % Math.max(1, upTo - 2 * PAGE);
}

const WORDS = "the stream is so good today what a play lol nice gg anyone know this song".split(
  " ",
);

function makeEvents(from, count) {
  return Array.from({ length: count }, (_, index) => makeEvent(from + index + 1));
}

/** A chat message as a provider tells it, with its own words beside; one in many is a tip. */
function makeEvent(seq) {
  const n = (seq * 2_654_435_761) % 4_294_967_296;
  const word = (index) => WORDS[(n >> (index % 16)) & 15] ?? "hm";
  const text = Array.from({ length: 4 + (n % 9) }, (_, index) => word(index)).join(" ");
  const id = `${n.toString(16)}-${seq.toString(16)}-4c1f-9f1e`;
  const viewer = n % 997;
  const user = {
    key: `twitch:${10_000 + viewer}`,
    id: String(10_000 + viewer),
    name: `Viewer${viewer}`,
    login: `viewer${viewer}`,
    roles: [],
    badges: [],
    anonymous: false,
  };
  const isRare = seq % RARE_EVERY === 0;
  const type = isRare ? "channel.tip" : "chat.message";
  const at = 1_790_000_000_000 + seq * 200;
  const time = new Date(at).toISOString();
  const fragments = [{ type: "text", text }];
  const message = { id, text, fragments, action: false, highlighted: false, first: false };
  const data = isRare
    ? { user, kind: "tip", amount: { value: "4.20", currency: "USD", kind: "fiat" } }
    : { user, message };
  const event = {
    specversion: "1.0",
    id: `qx3k9m2b7t-${seq}`,
    source: "/channels/bench",
    type,
    subject: `message/${id}`,
    time,
    recordedtime: time,
    sequence: String(seq).padStart(12, "0"),
    provider: "restream",
    platform: "twitch",
    connectionid: "twitch-1",
    data,
  };
  const raw = {
    action: "event",
    payload: {
      connectionIdentifier: "twitch-1",
      eventIdentifier: id,
      eventTypeId: 4,
      eventPayload: {
        author: { id: user.id, name: user.name, displayName: user.name },
        bot: false,
        text,
        replaces: [],
      },
    },
    timestamp: at,
  };
  return {
    seq,
    type,
    provider: "restream",
    platform: "twitch",
    at,
    text: JSON.stringify(event),
    raw: JSON.stringify(raw),
  };
}
