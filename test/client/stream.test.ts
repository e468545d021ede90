import * as fc from "fast-check";
import { describe, it } from "vitest";

import { BlockReader, toFrame } from "../../src/client/stream.ts";
import { at, eventAt } from "./support/session.ts";

describe("a stream's blocks", () => {
  const TEXT = [
    "retry: 1000\n\n",
    `id: ${at(1)}\n\n`,
    ": alive\n\n",
    `id: ${at(2)}\nevent: custom.note\ndata: {"a":"ü"}\n\n`,
    `id: ${at(3)}\r\nevent: gap\r\ndata: {}\r\n\r\n`,
    `id: ${at(4)}\rdata: a\rdata: b\r\r`,
  ].join("");

  it("are the same wherever the text is cut", ({ expect }) => {
    const whole = new BlockReader().read(TEXT);
    expect(whole.at(-1)).toEqual({ id: at(4), data: "a\nb" });
    fc.assert(
      fc.property(fc.array(fc.nat(TEXT.length), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), TEXT.length];
        const reader = new BlockReader();
        const blocks = places.flatMap((from, index) =>
          index === 0 ? [] : reader.read(TEXT.slice(places[index - 1], from)),
        );
        expect(blocks.filter(({ id }) => id !== undefined)).toEqual(
          whole.filter(({ id }) => id !== undefined),
        );
      }),
    );
  });

  it("are not cut by an empty piece between the two halves of a line's end", ({ expect }) => {
    const reader = new BlockReader();
    expect(reader.read(`id: ${at(1)}\r`)).toEqual([]);
    expect(reader.read("")).toEqual([]);
    expect(reader.read("\ndata: {}\n\n")).toEqual([{ id: at(1), data: "{}" }]);
  });

  it("are the frames of a socket", ({ expect }) => {
    expect(toFrame({ retry: "1000" }, null)).toEqual({ type: "pong" });
    expect(toFrame({ id: at(3) }, null)).toMatchObject({ type: "events", to: at(3), events: [] });
    const event = eventAt(4);
    const block = { id: at(4), event: event.type, data: JSON.stringify(event) };
    expect(toFrame(block, at(3))).toEqual({
      type: "events",
      from: at(3),
      to: at(4),
      events: [event],
    });
    const gap = { from: at(4), to: at(9), cause: "slow", shed: 5 };
    const told = { id: at(9), event: "gap", data: JSON.stringify(gap) };
    expect(toFrame(told, at(4))).toEqual({ type: "gap", ...gap });
    expect(toFrame({ retry: "250" }, at(9))).toEqual({ type: "reconnect", afterMs: 250 });
  });
});
