import { describe, it } from "vitest";

import type { Gap } from "../../../src/event/gap.ts";
import type { Connection } from "../../../src/event/shapes.ts";
import type { EventText } from "../../../src/protocols/dialect.ts";
import { dialects, isDialectId, pong } from "../../../src/protocols/tributary/dialects.ts";
import { PING } from "../../../src/protocols/tributary/wire.ts";

const at = (seq: number) => `k3f9w2ab7q-${seq}`;

function event(seq: number, type = "chat.message"): EventText {
  const text = JSON.stringify({
    id: at(seq),
    type,
    data: { text: "line\nbreak \u2028 and ünïcode" },
  });
  return { id: at(seq), type, text };
}

const connection: Connection = {
  identifier: "dlive:otterbrook",
  uuid: "dial-1",
  platform: "dlive",
  status: "connected",
  reason: null,
  target: null,
  writable: false,
  ready: false,
  live: null,
};
const welcome = {
  session: "s-1",
  channel: "demo",
  position: at(12),
  connections: [connection],
  now: 1_795_868_220_123,
};
const gap: Gap = { from: at(3), to: at(9), cause: "slow", shed: 6 };

const native = dialects["tributary.v1"];
const bare = dialects["cloudevents.json"];
const { sse } = dialects;
const parsed = (frames: readonly string[]): unknown[] => frames.map((each) => JSON.parse(each));

describe("tributary.v1", () => {
  it("greets with hello: who, where, the newest position, the relay's time, and what it may do", ({
    expect,
  }) => {
    expect(parsed(native.welcome(welcome))).toEqual([
      {
        type: "hello",
        session: "s-1",
        channel: "demo",
        position: at(12),
        time: "2026-11-28T12:17:00.123Z",
        connections: [connection],
        pingIntervalMs: 25_000,
        limits: {
          frameBytes: 16_384,
          commands: 100,
          commandsWithinMs: 10_000,
          reconnectWithinMs: 5_000,
        },
      },
    ]);
  });

  it("nothing need be sent to start receiving", ({ expect }) => {
    expect(native.welcome(welcome)).toHaveLength(1);
    expect(native.begin(at(12))).toEqual([]);
    expect(native.events({ from: at(12), to: at(13) }, [event(13)])).toHaveLength(1);
  });

  it("tells of events with the range of the log that they are all of", ({ expect }) => {
    const all = [event(4), event(6, "channel.tip")];
    expect(parsed(native.events({ from: at(3), to: at(9) }, all))).toEqual([
      {
        type: "events",
        from: at(3),
        to: at(9),
        events: all.map(({ text }) => JSON.parse(text) as unknown),
      },
    ]);
  });

  it("a frame's `to` is where to resume, also where the filter has left nothing of it", ({
    expect,
  }) => {
    const told = { type: "events", from: at(3), to: at(9), events: [] };
    expect(parsed(native.events({ from: at(3), to: at(9) }, []))).toEqual([told]);
  });

  it("tells of a gap from where to where, why, and how many it cost", ({ expect }) => {
    expect(native.tellsGaps).toBe(true);
    const told = { type: "gap", from: at(3), to: at(9), cause: "slow", shed: 6 };
    expect(parsed(native.gap(gap))).toEqual([told]);
    const unknown = { ...gap, cause: "unknown_position", shed: null } as const;
    expect(parsed(native.gap(unknown))).toEqual([{ type: "gap", ...unknown }]);
  });

  it("says when to come back before it goes", ({ expect }) => {
    expect(parsed(native.handOver(1500))).toEqual([{ type: "reconnect", afterMs: 1500 }]);
  });

  it("says that it closes, and why, in a last frame", ({ expect }) => {
    expect(parsed(native.closing(4001, "credential revoked"))).toEqual([
      { type: "closing", code: 4001, reason: "credential revoked" },
    ]);
    expect([bare.closing(4001, ""), sse.closing(4001, "")]).toEqual([[], []]);
  });

  it("answers a ping word for word, so that nothing need wake for it", ({ expect }) => {
    expect([PING, pong]).toEqual(['{"type":"ping"}', '{"type":"pong"}']);
  });
});

describe("cloudevents.json", () => {
  it("is one bare event a frame, and nothing else", ({ expect }) => {
    const all = [event(4), event(6)];
    expect(bare.events({ from: at(3), to: at(9) }, all)).toEqual(all.map(({ text }) => text));
    const rest = [
      bare.welcome(welcome),
      bare.begin(at(3)),
      bare.events({ from: at(3), to: at(9) }, []),
      bare.gap(gap),
      bare.handOver(1500),
    ];
    expect(rest.flat()).toEqual([]);
  });

  it("cannot tell of a gap, and takes no commands", ({ expect }) => {
    expect([bare.tellsGaps, bare.takesCommands]).toEqual([false, false]);
  });
});

/** Server-Sent Events as a reader takes them in (HTML, "Interpreting an event stream"). */
function readSse(text: string) {
  const told: { id: string; event: string; data: string }[] = [];
  let retry: number | null = null;
  let id = "";
  for (const block of text.split("\n\n").slice(0, -1)) {
    let event = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      const [, field = "", value = ""] = /^(\w+): (.*)$/s.exec(line) ?? [];
      if (field === "id") id = value;
      if (field === "event") event = value;
      if (field === "data") data.push(value);
      if (field === "retry") retry = Number(value);
    }
    if (data.length > 0) told.push({ id, event, data: data.join("\n") });
  }
  return { told, retry, lastEventId: id };
}

describe("Server-Sent Events", () => {
  it("begin with how soon to come back, and where they begin", ({ expect }) => {
    expect(sse.welcome(welcome)).toEqual(["retry: 1000\n\n"]);
    expect(sse.begin(at(12))).toEqual([`id: ${at(12)}\n\n`]);
    const read = readSse([...sse.welcome(welcome), ...sse.begin(at(12))].join(""));
    expect(read).toEqual({ told: [], retry: 1000, lastEventId: at(12) });
  });

  it("are one block an event, with its id, its type, and its text in one line", ({ expect }) => {
    const text = event(9).text.replaceAll("\u2028", "\\u2028");
    expect(sse.events({ from: at(8), to: at(9) }, [event(9)])).toEqual([
      `id: ${at(9)}\nevent: chat.message\ndata: ${text}\n\n`,
    ]);
    const all = [event(4), event(6, "channel.tip")];
    const read = readSse(sse.events({ from: at(3), to: at(6) }, all).join(""));
    expect(read.told).toEqual(
      all.map((each) => {
        const data = each.text.replaceAll("\u2028", "\\u2028");
        return { id: each.id, event: each.type, data };
      }),
    );
  });

  it("a block with an id and no data moves a reader on where nothing was for it", ({ expect }) => {
    expect(sse.events({ from: at(3), to: at(9) }, [])).toEqual([`id: ${at(9)}\n\n`]);
    const read = readSse(sse.events({ from: at(3), to: at(9) }, [event(4)]).join(""));
    expect(read.told.map(({ id }) => id)).toEqual([at(4)]);
    expect(read.lastEventId).toBe(at(9));
  });

  it("tell of a gap as an event of that name, and go on after it", ({ expect }) => {
    expect(sse.tellsGaps).toBe(true);
    const { told, lastEventId } = readSse(sse.gap(gap).join(""));
    expect(told).toEqual([{ id: at(9), event: "gap", data: JSON.stringify(gap) }]);
    expect(lastEventId).toBe(at(9));
  });

  it("say when to come back before they go, and take no commands", ({ expect }) => {
    expect(readSse(sse.handOver(1500).join(""))).toMatchObject({ told: [], retry: 1500 });
    expect(sse.takesCommands).toBe(false);
  });
});

describe("a dialect's name", () => {
  it("is one of three, and nothing from the prototype", ({ expect }) => {
    const ids = ["tributary.v1", "cloudevents.json", "sse"];
    expect(Object.keys(dialects)).toEqual(ids);
    for (const id of ids) expect(isDialectId(id)).toBe(true);
    for (const id of ["toString", "__proto__", "", "TRIBUTARY.V1", null, 1, ids]) {
      expect(isDialectId(id)).toBe(false);
    }
  });
});
