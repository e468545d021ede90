import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { Connection } from "../../../src/event/shapes.ts";
import type { EventText } from "../../../src/protocols/dialect.ts";
import { dialects, isDialectId } from "../../../src/protocols/tributary/dialects.ts";

const MOST = 256 * 1024;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const at = (seq: number): string => `k3f9w2ab7q-${seq}`;

function event(seq: number, text: string): EventText {
  return { id: at(seq), type: "chat.message", text: JSON.stringify({ id: at(seq), text }) };
}

/** The positions of the events that a frame of a dialect holds. */
const idsIn = (frame: string): string[] =>
  [...frame.matchAll(/\{"id":"(k3f9w2ab7q-\d+)"/g)].map(([, id = ""]) => id);

interface Told {
  readonly from: string;
  readonly to: string;
}

const texts = fc.array(
  fc.tuple(
    fc.constantFrom("a", "字", "\u0000", "😂"),
    fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 70_000 })),
  ),
  { maxLength: 30 },
);

describe.for(Object.keys(dialects).filter(isDialectId))("what %s tells at once", (name) => {
  const dialect = dialects[name];

  it("a frame has at most 256 KiB unless it is of one event", ({ expect }) => {
    fc.assert(
      fc.property(texts, (all) => {
        const events = all.map(([unit, count], index) => event(index + 1, unit.repeat(count)));
        const frames = dialect.events({ from: at(0), to: at(99) }, events);
        for (const frame of frames) {
          if (idsIn(frame).length > 1) expect(bytesOf(frame)).toBeLessThanOrEqual(MOST);
        }
        expect(frames.flatMap(idsIn)).toEqual(events.map(({ id }) => id));
        // No more of them than are needed: any two that follow each other would not fit one.
        if (name === "cloudevents.json") return;
        const sizes = frames.map(bytesOf);
        const spare = sizes.slice(1).filter((size, i) => size + (sizes[i] ?? 0) < MOST - 8_000);
        expect(spare).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the frames of one range", () => {
  const events = Array.from({ length: 30 }, (_, index) => event(index + 5, "x".repeat(60_000)));
  const range = { from: at(3), to: at(40) };

  it("follow one another without a hole, so that each is a place to resume", ({ expect }) => {
    const frames = dialects["tributary.v1"]
      .events(range, events)
      .map((frame) => JSON.parse(frame) as Told & { events: { id: string }[] });
    expect(frames).toHaveLength(8);
    expect(frames.map(({ from }) => from)).toEqual([
      range.from,
      ...frames.slice(0, -1).map(({ to }) => to),
    ]);
    expect(frames.at(-1)?.to).toBe(range.to);
    for (const frame of frames.slice(0, -1)) expect(frame.to).toBe(frame.events.at(-1)?.id);
  });

  it("leave a reader of Server-Sent Events at the end of what it has got", ({ expect }) => {
    const frames = dialects.sse.events(range, events);
    const last = frames.map((frame) => [...frame.matchAll(/^id: (.*)$/gm)].at(-1)?.[1]);
    expect(last.at(-1)).toBe(range.to);
    expect(last.slice(0, -1)).toEqual(frames.slice(0, -1).map((frame) => idsIn(frame).at(-1)));
  });
});

describe("hello", () => {
  it("lists as many connections as its frame holds, and says how many more there are", ({
    expect,
  }) => {
    const connections = Array.from({ length: 900 }, (_, index): Connection => ({
      identifier: `restream:${index}`,
      uuid: `u-${index}`,
      platform: "youtube",
      status: "connected",
      reason: null,
      target: { platform: "youtube", name: "字".repeat(200) },
      writable: false,
      ready: false,
      live: null,
    }));
    const greet = (all: readonly Connection[]) =>
      dialects["tributary.v1"].welcome({
        session: "s-1",
        channel: "demo",
        position: at(1),
        connections: all,
        now: 0,
      });
    const [frame = "", ...more] = greet(connections);
    expect(more).toEqual([]);
    expect(bytesOf(frame)).toBeLessThanOrEqual(MOST);
    const told = JSON.parse(frame) as { connections: Connection[]; moreConnections: number };
    expect(told.connections).toEqual(connections.slice(0, told.connections.length));
    expect(told.connections.length).toBeGreaterThan(300);
    expect(told.connections.length + told.moreConnections).toBe(900);
    expect(greet(connections.slice(0, 2))[0]).not.toContain("moreConnections");
  });
});
