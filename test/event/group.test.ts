import * as fc from "fast-check";
import { describe, it } from "vitest";

import { findOverload } from "../../src/event/catalogue.ts";
import type { EventDraft } from "../../src/event/event.ts";
import { ease, type NumberedEvent, type Pressure } from "../../src/event/group.ts";
import { allSamples, connection, numbered, samples } from "../support/samples.ts";

/** Money, subscriptions, moderation, and all else that happens once and must be told. */
const PRECIOUS =
  /^(channel\.(follow|raid|redemption|tip|cheer|subscription)|moderation\.|chat\.(message\.deleted|cleared)|send\.|stream\.(online|offline)|chest\.(giveaway|value\.expired)|interaction\.input|overlay\.action|connection\.(closed|gap))/;

const place = fc.record({ provider: fc.constantFrom("dlive" as const, "api" as const) });
const drafts = fc.array(
  fc.tuple(fc.constantFrom(...allSamples), place, fc.constantFrom("twitch", "youtube")),
  { maxLength: 40 },
);
const pressure = fc.constantFrom<Pressure>("none", "conflate", "shed");

const group = drafts.map((each) =>
  each.map(([draft, where, platform], index) => numbered({ ...draft, platform }, index + 1, where)),
);

function seqs(events: readonly NumberedEvent[]): number[] {
  return events.map(({ seq }) => seq);
}

/** The places that are left of these drafts, numbered from 1, under a pressure. */
function left(pressed: Pressure, ...each: EventDraft[]): number[] {
  return seqs(
    ease(
      each.map((draft, index) => numbered(draft, index + 1)),
      pressed,
    ).events,
  );
}

describe("a group under pressure", () => {
  it("keeps all money, subscriptions and moderation, and every other thing that happens once", ({
    expect,
  }) => {
    fc.assert(
      fc.property(group, pressure, (events, pressed) => {
        const precious = (all: readonly NumberedEvent[]): number[] =>
          seqs(all.filter(({ event }) => PRECIOUS.test(event.type)));
        expect(precious(ease(events, pressed).events)).toEqual(precious(events));
      }),
      { numRuns: 500 },
    );
  });

  it("loses nothing while there is none", ({ expect }) => {
    fc.assert(
      fc.property(group, (events) => {
        expect(ease(events, "none")).toEqual({ events, shed: 0 });
      }),
    );
  });

  it("stays in order, and leaves nothing out that it does not count or replace", ({ expect }) => {
    fc.assert(
      fc.property(group, pressure, (events, pressed) => {
        const eased = ease(events, pressed);
        expect(seqs(eased.events)).toEqual(seqs(eased.events).toSorted((a, b) => a - b));
        const conflated = ease(events, "conflate").events;
        const expected = pressed === "shed" ? conflated.length - eased.events.length : 0;
        expect(eased.shed).toBe(expected);
      }),
    );
  });

  it("always has the newest of everything that may be superseded", ({ expect }) => {
    fc.assert(
      fc.property(group, pressure, (events, pressed) => {
        const { events: kept } = ease(events, pressed);
        const newest = events.filter(
          (each) =>
            findOverload(each.event.type).conflateBy !== undefined &&
            !events.some(
              (later) =>
                later.seq > each.seq &&
                later.event.type === each.event.type &&
                later.event.provider === each.event.provider &&
                later.event.platform === each.event.platform,
            ),
        );
        expect(seqs(kept)).toEqual(expect.arrayContaining(seqs(newest)));
      }),
    );
  });

  it("loses chat only when it has to shed, and says how much", ({ expect }) => {
    const events = [1, 2, 3].map((seq) => numbered(samples["chat.message"], seq));
    expect(ease(events, "conflate").events).toEqual(events);
    expect(ease(events, "shed")).toEqual({ events: [], shed: 3 });
  });

  it("that is conflated anyway is not eased twice", ({ expect }) => {
    fc.assert(
      fc.property(group, pressure, (events, pressed) => {
        const once = ease(events, pressed).events;
        expect(ease(once, pressed)).toEqual({ events: once, shed: 0 });
      }),
    );
  });
});

describe("an event is superseded by a later one", () => {
  const viewers = samples["stream.viewers"];

  it("of the same type, account and place", ({ expect }) => {
    const later = { ...viewers, data: { count: 7, account: "14" } };
    expect(left("conflate", viewers, samples["chat.message"], later)).toEqual([2, 3]);
  });

  it.for([
    ["account", { ...viewers, data: { ...viewers.data, account: "15" } }],
    ["connection", { ...viewers, connectionId: "dlive:ada" }],
    ["platform", { ...viewers, platform: "youtube" }],
    ["truth", { ...viewers, test: true as const }],
  ] as const)("not of another %s", ([, other], { expect }) => {
    expect(left("conflate", viewers, other)).toEqual([1, 2]);
  });

  it("not told by another", ({ expect }) => {
    const events = [numbered(viewers, 1), numbered(viewers, 2, { provider: "api" })];
    expect(seqs(ease(events, "conflate").events)).toEqual([1, 2]);
  });

  it("not of another connection of the map", ({ expect }) => {
    const update = samples["connection.updated"];
    const other = { ...update, data: { ...connection, identifier: "restream:other" } };
    expect(left("conflate", update, other, update)).toEqual([2, 3]);
  });

  it("not where the later one does not say all that it said", ({ expect }) => {
    const change = samples["channel.updated"];
    const title = { ...change, data: { title: "Compilers" } };
    const category = { ...change, data: { category: "Science" } };
    expect(left("conflate", title, category, { ...title, data: { title: "Parsers" } })).toEqual([
      2, 3,
    ]);
  });
});
