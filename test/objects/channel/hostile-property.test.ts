import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { afterEach, describe, it } from "vitest";

import { call, makeChannel } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { allSamples } from "../../support/samples.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

/** JSON as text, for much of what is hostile is lost where it is made of values. */
const word = fc.constantFrom(
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"hasOwnProperty"',
  '""',
  String.raw`"\ud800"`,
  String.raw`"\udc00\ud800x"`,
  String.raw`"\u0000\u2028\u2029"`,
  '"a@b.example https://u:p@h.example/?token=x#code=y"',
  `"${"字".repeat(3_000)}"`,
  `"${"a".repeat(9_000)}"`,
  `"${"@".repeat(2_000)}"`,
  '"%40%40%E0%A4%A"',
);
const number = fc.constantFrom("1e20", "-1e308", "1e-320", "1e400", "-0", "9007199254740993");
const atom = fc.oneof(word, number, fc.constantFrom("null", "true", "[]", "{}"));
const deep = fc
  .tuple(fc.integer({ min: 1, max: 80 }), fc.boolean(), atom)
  .map(([levels, isList, end]) =>
    isList
      ? "[".repeat(levels) + end + "]".repeat(levels)
      : '{"__proto__":'.repeat(levels) + end + "}".repeat(levels),
  );
const value = fc.oneof(
  { weight: 4, arbitrary: atom },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: number.map((each) => `[${Array(2_000).fill(each).join(",")}]`) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 4_000 })
      .map((count) => JSON.stringify(Array.from({ length: count }, (_, index) => `m${index}`))),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(word, atom), { maxLength: 5 })
      .map((fields) => `{${fields.map(([name, each]) => `${name}:${each}`).join(",")}}`),
  },
);

const MARK = `mark-${"x".repeat(8)}`;

/** A good event's JSON with one of its values, at any level, replaced by what is hostile. */
const posted = fc
  .tuple(fc.constantFrom(...allSamples), fc.nat(), value, value)
  .map(([{ type, data }, at, hostile, extra]) => {
    const places = pathsOf(data);
    const path = places[at % places.length] ?? [];
    const marked = JSON.stringify(replacedBy(data, path)).replace(`"${MARK}"`, () => hostile);
    return `{"type":"${type}","data":${marked.slice(0, -1)},"extra":${extra}}}`;
  });

/** Frames that a client of the native socket may send. */
const frame = fc
  .tuple(fc.constantFrom("send", "interface", "subscribe", "status", "constructor"), value, value)
  .map(
    ([type, first, second]) =>
      `{"type":"${type}","id":1,"text":${first},"to":[${first}],"types":${second},"interface":${second}}`,
  );

/** Frames that Restream might send. */
const told = fc
  .tuple(fc.integer({ min: 1, max: 30 }), value, value, value)
  .map(
    ([type, payload, source, id]) =>
      `{"action":"event","timestamp":1650000000,"payload":{"connectionIdentifier":${id},"eventIdentifier":${id},"eventTypeId":${type},"eventSourceId":${source},"userId":7,"eventPayload":{"author":${payload},"text":${payload},"contentModifiers":${payload},"bot":false}}}`,
  );

function pathsOf(from: unknown): string[][] {
  if (typeof from !== "object" || from === null) return [];
  return Object.entries(from).flatMap(([key, inner]) => [
    [key],
    ...pathsOf(inner).map((rest) => [key, ...rest]),
  ]);
}

function replacedBy(from: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return MARK;
  if (Array.isArray(from)) {
    return from.map((each, index) => (String(index) === key ? replacedBy(each, rest) : each));
  }
  const fields = from as Record<string, unknown>;
  return { ...fields, [key]: replacedBy(fields[key], rest) };
}

/** Rows that the object's storage has read or written: its work, whatever the machine. */
let work = 0;

/** Counts an object's work from here on. */
async function countWork(channel: string): Promise<() => void> {
  return runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
    const { sql } = storage;
    const exec = sql.exec.bind(sql);
    Object.defineProperty(sql, "exec", {
      configurable: true,
      value(query: string, ...values: unknown[]) {
        work += 1;
        return exec(query, ...values);
      },
    });
    return () => {
      Reflect.deleteProperty(sql, "exec");
    };
  });
}

// Statements between two events that a healthy client hears: some for a group and its erasures, a
// few for each row of a range of the journal, and what history and alarms do beside.
const WORK_MAX = 400;

/** Posts what is the healthy client's, and sees that it hears of it at once and in order. */
async function hear(channel: string, healthy: TestSocket, text: string): Promise<void> {
  const { status } = await call("POST", `/channels/${channel}/events`, {
    type: "custom.healthy",
    data: { text },
  });
  if (status !== 201) throw new Error(`not posted: ${status}`);
  const { data } = await healthy.nextEvent("custom.healthy");
  if (data["text"] !== text) throw new Error(`missed one before ${text}`);
}

let open: string | null = null;

// A channel that goes on dialling would be heard in the next test.
afterEach(async () => {
  if (open !== null) await call("DELETE", `/channels/${open}`);
  open = null;
});

describe("whatever valid JSON is hostile", () => {
  it("by HTTP, by sockets and from a provider, a client beside it does not notice", async ({
    expect,
  }) => {
    const restream = new Emulated("restream");
    await restream.reset();
    const channel = (open = await makeChannel());
    const healthy = await connect(channel, "?types=custom.healthy");
    await restream.link(channel);
    await restream.until("sockets>=1");
    const runs = 60;
    const sample = { numRuns: runs, seed: 20_261_128 };
    const posts = fc.sample(posted, sample);
    const frames = fc.sample(frame, sample);
    const words = fc.sample(told, sample);
    const stop = await countWork(channel);
    const statuses = new Set<number>();
    let most = 0;
    for (let run = 0; run < runs; run++) {
      work = 0;
      const { status } = await call("POST", `/channels/${channel}/events`, posts[run]);
      statuses.add(status);
      const client = await connect(channel, "?types=custom.none");
      client.send(frames[run] ?? "");
      await restream.do({ action: "raw", frame: words[run] });
      await hear(channel, healthy, `healthy ${run}`);
      client.close();
      most = Math.max(most, work);
    }
    stop();
    expect([...statuses].every((status) => [201, 400].includes(status))).toBe(true);
    expect(statuses.size).toBe(2);
    expect(most).toBeLessThan(WORK_MAX);
    const { body } = await call<{ providers: { rejected: number }[] }>(
      "GET",
      `/channels/${channel}/status`,
    );
    expect(body.providers[0]?.rejected).toBeGreaterThan(0);
    expect((await restream.truth()).dials).toBe(1);
    healthy.close();
  });
});
