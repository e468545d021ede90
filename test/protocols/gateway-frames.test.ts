import { describe, it } from "vitest";

import { isForModerators } from "../../src/event/catalogue.ts";
import { countBytes } from "../../src/lib/bytes.ts";
import { catalogue, marked, spoken } from "./support/gateway-events.ts";
import { socketSuites } from "./support/gateway-suites.ts";
import { GatewayWorld, greeted } from "./support/gateway-world.ts";
import { empty, hostile, mutantsOf, wrong } from "./support/hostile.ts";

// What every gateway makes of whatever a client sends, and of whatever happens.

describe.for(socketSuites)("a frame to $name", (suite) => {
  const { socket, gateway } = suite;

  it.for(Object.entries(hostile))("is not what a server dies of: %s", ([, text], { expect }) => {
    for (const world of [new GatewayWorld(suite), greeted(suite)]) {
      world.say(text).settle().say(null).settle().happen(catalogue).settle();
      expect(world.faults).toEqual([]);
    }
  });

  it.for(Object.entries(socket.frames))(
    "is not what a server dies of where it is wrong in one place: %s",
    ([, frame], { expect }) => {
      const mutants =
        Object(frame) === frame ? mutantsOf(frame as object, [...wrong, ...empty]) : [];
      for (const make of [() => new GatewayWorld(suite), () => greeted(suite)]) {
        let world = make();
        for (const { where, frame: mutant } of mutants) {
          if (world.closed !== null) world = make();
          world.at += 2000;
          world
            .say(mutant)
            .settle()
            .happen([marked(1)]);
          expect(world.faults, where).toEqual([]);
        }
        expect(world.sleep().happen(catalogue).settle().faults).toEqual([]);
      }
    },
  );

  it("has at most 256 KiB, however much happens at once", ({ expect }) => {
    const world = greeted(suite);
    const large = Array.from({ length: 30 }, (_, n) => spoken(`${n} ${"字".repeat(20_000)}`));
    world.happen([...large, ...catalogue]).settle();
    const sizes = world.sent.map((frame) => countBytes(JSON.stringify(frame)));
    expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(256 * 1024);
    expect(world.faults).toEqual([]);
  });

  it("tells nobody what only moderators hear of: no protocol asks who may", ({ expect }) => {
    const world = greeted(suite);
    const held = catalogue.filter(({ type }) => isForModerators(type));
    const before = world.sent.length;
    world.happen(held).settle();
    expect([held.length > 0, world.sent.slice(before)]).toEqual([true, []]);
  });

  it("writes only with the right to, and whoever has it can", ({ expect }) => {
    const writes = (world: GatewayWorld): string[] => {
      for (const frame of Object.values(socket.frames)) {
        world.at += 1000;
        world.say(frame);
        const looks = world.pending.filter(
          ({ type }) => type !== "send-ask" && type !== "event-post",
        );
        for (const look of looks) world.answer(world.pending.indexOf(look));
      }
      return [...world.pending, ...world.notes].map((each) =>
        "note" in each ? "note" : each.type,
      );
    };
    const isAllowed = socket.writesWith !== null;
    expect(writes(greeted(suite)).length > 0).toBe(isAllowed);
    const bare = new GatewayWorld(suite);
    for (const frame of socket.greeting) bare.say(frame).settle();
    expect(writes(bare).length > 0).toBe(isAllowed && socket.writesWith === socket.needs);
    expect(bare.faults).toEqual([]);
  });

  it("gives the session no more to remember than it can", ({ expect }) => {
    for (const fill of socket.fills) {
      for (const text of ["x", "語", '"']) {
        // Answered at once, or not at all.
        for (const isAnswered of [true, false]) {
          const world = isAnswered ? greeted(suite) : new GatewayWorld(suite);
          if (!isAnswered) world.say(socket.greeting[0] ?? null);
          for (let at = 0; at < 300 && world.closed === null; at += 1) {
            world.at += 2000;
            world.say(fill(text.repeat(1 + (at % 90)), at));
            if (isAnswered) world.settle();
          }
          expect(new Set(world.faults), text).toEqual(new Set());
        }
      }
    }
  });

  it("leaves nobody's memory behind that cannot be read", ({ expect }) => {
    const { snapshot } = greeted(suite);
    for (const kept of [null, undefined, {}, [], "state", 1]) {
      expect(gateway.restore(kept)).toBeNull();
    }
    for (const { where, frame } of mutantsOf(snapshot as object, wrong)) {
      expect(() => gateway.restore(frame), where).not.toThrow();
    }
  });
});

describe.for(socketSuites)("what happens to $name", (suite) => {
  it("gives the session no more to remember than it can", ({ expect }) => {
    const world = greeted(suite);
    for (let at = 0; at < 250; at += 1) {
      const platform = `p${at}-${"x".repeat(20)}`;
      const identifier = `dlive:${"語".repeat(100)}${at}`;
      world.happen(
        catalogue.map((draft) => ({
          ...draft,
          platform,
          ...(at % 2 === 0 && { connectionId: identifier }),
          data: {
            ...draft.data,
            ...("identifier" in draft.data && { identifier }),
            ...("account" in draft.data && { account: String(at) }),
          },
        })) as typeof catalogue,
      );
      if (at % 3 === 0) world.settle();
    }
    expect(new Set(world.faults)).toEqual(new Set());
  });
});
