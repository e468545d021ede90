import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it } from "vitest";

import { call, makeChannel } from "../../support/api.ts";
import { crowd } from "../../support/hubs.ts";
import { drained, forgetJournal } from "../../support/objects.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";
import { openStream } from "../../support/streams.ts";

const MOST = 256 * 1024;
const ROOM = Number(env.CHANNEL_SOCKETS);
const COUNT = 30;
const NUMBERS = Array.from({ length: COUNT }, (_, index) => index);

/** Ten events of 60 KB, in one request. */
async function postTen(channel: string, from: number): Promise<void> {
  const events = NUMBERS.slice(from, from + 10).map((n) => ({
    type: "custom.large",
    data: { n, text: "x".repeat(60_000) },
  }));
  const { status } = await call("POST", `/channels/${channel}/events`, events);
  if (status !== 201) throw new Error(`not posted: ${status}`);
}

/** Thirty events of 60 KB. */
async function postLarge(channel: string): Promise<void> {
  for (let from = 0; from < COUNT; from += 10) await postTen(channel, from);
}

interface Shown {
  readonly data: { readonly n: number };
}

/** Hears what comes until all are there: their numbers, and the size of the largest message. */
async function hear(socket: TestSocket): Promise<{ numbers: number[]; largest: number }> {
  const numbers: number[] = [];
  let largest = 0;
  while (numbers.length < COUNT) {
    const text = await socket.nextText();
    largest = Math.max(largest, new TextEncoder().encode(text).length);
    const frame = JSON.parse(text) as Shown & { events?: readonly Shown[]; type: string };
    const told = frame.events ?? (frame.type === "custom.large" ? [frame] : []);
    numbers.push(...told.map(({ data }) => data.n));
  }
  return { numbers, largest };
}

const PLACES = [
  { where: "its channel's object", room: ROOM },
  { where: "a hub", room: 0 },
];
const DIALECTS = ["tributary.v1", "cloudevents.json"] as const;
const CASES = PLACES.flatMap((place) => DIALECTS.map((dialect) => ({ ...place, dialect })));

describe.for(CASES)("a client of $dialect in $where", ({ room, dialect }) => {
  beforeEach(() => crowd(room));
  afterEach(() => crowd(ROOM));

  it("that takes small messages only is brought large events, live and by replay", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const first = await call<{ ids: string[] }>("POST", `/channels/${channel}/events`, {
      type: "custom.note",
      data: {},
    });
    const open = (query: string) => connect(channel, query, { protocols: [dialect] });
    const live = await open("");
    const hearing = hear(live);
    await postLarge(channel);
    const heard = await hearing;
    expect(heard.numbers).toEqual(NUMBERS);
    expect(heard.largest).toBeLessThanOrEqual(MOST);
    live.close();

    const after = `?after=${first.body.ids[0]}`;
    const replay = async () => {
      const socket = await open(after);
      const { numbers, largest } = await hear(socket);
      socket.close();
      expect(numbers).toEqual(NUMBERS);
      expect(largest).toBeLessThanOrEqual(MOST);
    };
    await replay();
    await drained(channel);
    await forgetJournal(channel);
    await replay();
  });
});

describe("a stream", () => {
  it("brings large events, live and by replay, to whoever comes back where it ended", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { body } = await call<{ ids: string[] }>("POST", `/channels/${channel}/events`, {
      type: "custom.note",
      data: {},
    });
    const live = await openStream(channel);
    for (let from = 0; from < COUNT; from += 10) {
      await postTen(channel, from);
      for (const n of NUMBERS.slice(from, from + 10)) {
        const { data = "{}" } = await live.nextEvent();
        expect((JSON.parse(data) as Shown).data.n).toBe(n);
      }
    }
    await live.cancel();

    // A reader that is slower than the log is read is cut off, and comes back as an EventSource does.
    const numbers: number[] = [];
    let last = body.ids[0] ?? "";
    let streams = 0;
    while (numbers.length < COUNT) {
      const stream = await openStream(channel, "", { "last-event-id": last });
      streams += 1;
      try {
        while (numbers.length < COUNT) {
          const { id = last, data } = await stream.next();
          last = id;
          if (data !== undefined) numbers.push((JSON.parse(data) as Shown).data.n);
        }
        await stream.cancel();
      } catch (error) {
        expect(String(error)).toContain("the stream ended");
      }
    }
    expect(numbers).toEqual(NUMBERS);
    expect(streams).toBeLessThan(5);
  });
});
