import { assert, constantFrom, property, uniqueArray, integer } from "fast-check";
import { describe, it } from "vitest";

import type { StreamEvent } from "../../src/client/event-types.ts";
import { NO_FILTER } from "../../src/console/routes.ts";
import { foldRows, joinEvents, passes } from "../../src/console/state/follow.ts";
import { listTroubles } from "../../src/console/state/troubles.ts";
import { EVERYTHING, matches } from "../../src/event/filter.ts";
import { allSamples, numbered } from "../support/samples.ts";

const events = allSamples.map(
  (draft, at) => numbered(draft, at + 1).event as unknown as StreamEvent,
);

describe("the log's filter", () => {
  it("lets through what the relay's own would, type for type", ({ expect }) => {
    const patterns = ["*", "chat.*", "channel.tip", "channel.*", "custom.*", "connection.gap"];
    assert(
      property(uniqueArray(constantFrom(...patterns), { maxLength: 3 }), (types) => {
        for (const event of events) {
          const own = passes(event, { ...NO_FILTER, types });
          expect(own).toBe(matches({ ...EVERYTHING, types }, event as never));
        }
      }),
    );
  });

  it("finds words in what is shown of an event, whatever their capitals", ({ expect }) => {
    const found = events.filter((event) => passes(event, { ...NO_FILTER, contains: "HYDRATE" }));
    expect(found.map(({ type }) => type)).toEqual(["channel.redemption"]);
  });
});

describe("the log's rows", () => {
  it("are each there once and newest first, from wherever they came", ({ expect }) => {
    assert(
      property(
        uniqueArray(integer({ min: 0, max: events.length - 1 }), { maxLength: 20 }),
        (at) => {
          const some = at.map((each) => events[each] as StreamEvent);
          const joined = joinEvents(some, events, some);
          expect(joined.map(({ id }) => id)).toEqual(events.toReversed().map(({ id }) => id));
        },
      ),
    );
  });

  it("fold what comes many times a second and says little, but not what was asked for by name", ({
    expect,
  }) => {
    const mouse = events.find(({ type }) => type === "interaction.mouse") as StreamEvent;
    const many = Array.from({ length: 5 }, (_, at) => ({ ...mouse, id: `epoch-${at}` }));
    expect(foldRows(many, NO_FILTER).map(({ count }) => count)).toEqual([5]);
    expect(foldRows(many, { ...NO_FILTER, types: ["interaction.mouse"] })).toHaveLength(5);
  });
});

describe("what is wrong now", () => {
  const provider = {
    id: "p_1",
    protocol: "dlive",
    phase: "open" as const,
    since: null,
    reason: null,
    detail: null,
    attempts: 0,
    nextDialAt: null,
    lastFrameAt: null,
    rejected: 0,
  };
  const status = (...providers: object[]) =>
    ({ providers, history: { lagMs: 0, lagEvents: 0 } }) as never;

  it("is nothing while all is well, or only not live", ({ expect }) => {
    const quiet = { ...provider, phase: "waiting", reason: "not_live" };
    expect(listTroubles(status(provider, quiet), [], [])).toEqual([]);
  });

  it("begins with the worst, and each has one thing to do", ({ expect }) => {
    const waiting = { ...provider, id: "p_2", phase: "waiting", reason: "silent" };
    const stopped = { ...provider, id: "p_3", phase: "stopped", reason: "token_invalid" };
    const troubles = listTroubles(status(waiting, stopped), [], []);
    expect(troubles.map(({ part, action }) => [part, action])).toEqual([
      ["p_3", "Change credentials"],
      ["p_2", "Look at it"],
    ]);
  });
});
