import { describe, it } from "vitest";

import { dialects } from "../../../src/protocols/tributary/dialects.ts";
import { serverFrames } from "../../../src/protocols/tributary/server-frames.ts";
import { formatFailure, formatResult, PONG } from "../../../src/protocols/tributary/wire.ts";

const native = dialects["tributary.v1"];
const connection = {
  identifier: "dlive:x",
  uuid: "u",
  platform: "dlive",
  status: "connected",
  reason: null,
  target: null,
  writable: true,
  ready: true,
  live: null,
} as const;
const event = {
  specversion: "1.0",
  id: "k3f9w2ab7q-2",
  source: "/channels/demo",
  type: "custom.note",
  recordedtime: "2026-11-21T01:17:00.123Z",
  sequence: "000000000002",
  provider: "api",
  platform: "api",
  data: { text: "a" },
};
const text = { id: event.id, type: event.type, text: JSON.stringify(event) };
const range = { from: "k3f9w2ab7q-1", to: "k3f9w2ab7q-2" };
const welcome = {
  session: "s",
  channel: "demo",
  position: range.from,
  connections: [connection],
  now: 0,
};

/** A frame of each kind, as it is sent. */
const SENT = {
  Hello: native.welcome(welcome),
  Events: native.events(range, [text]),
  Gap: native.gap({ ...range, cause: "slow", shed: 1 }),
  Result: [formatResult("1", { sendId: "s", targets: [] })],
  Failure: [
    formatFailure(null, { code: "bad_frame", message: "m", retryable: false, retryAfter: 1 }),
  ],
  Reconnect: native.handOver(5),
  Closing: native.closing(4001, "credential revoked"),
  Pong: [PONG],
} satisfies Record<keyof typeof serverFrames, readonly string[]>;

describe("the frames that the document describes", () => {
  it.for(Object.entries(SENT))("are those that are sent: %s", ([name, frames], { expect }) => {
    const schema = serverFrames[name as keyof typeof serverFrames];
    expect(frames.length).toBeGreaterThan(0);
    // Nothing that is sent is without a description, however deep: reading drops what has none.
    for (const frame of frames) {
      const sent: unknown = JSON.parse(frame);
      expect(schema.parse(sent)).toEqual(sent);
    }
  });
});

describe("lines", () => {
  it("of a stream hold no character that a reader of lines may take for the end of one", ({
    expect,
  }) => {
    const words = "a\u2028b\u2029c\u0085d\n";
    const spoken = { ...event, data: { text: words } };
    const frames = dialects.sse.events(range, [{ ...text, text: JSON.stringify(spoken) }]);
    const body = frames.join("");
    expect(body).not.toMatch(/[\u0085\u2028\u2029]/);
    const data = /^data: (.*)$/m.exec(body)?.[1] ?? "";
    expect(JSON.parse(data)).toEqual(spoken);
  });
});
