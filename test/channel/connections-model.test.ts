import * as fc from "fast-check";
import { describe, it } from "vitest";

import { listConnections, type Link } from "../../src/channel/connection-map.ts";
import { remove, settle } from "../../src/channel/connections.ts";
import { MapModel, type From } from "./support/map-model.ts";
import { dial, Story } from "./support/map.ts";

const IDS = ["restream:a", "restream:b"] as const;

/** One thing that happens to the map, and to the model of it; its name is for whoever has to read it. */
interface Move {
  readonly name: string;
  happens(story: Story, model: MapModel, at: number): void;
}

const link = fc
  .record({ providerId: fc.constantFrom("p_1", "p_2"), n: fc.constantFrom(1, 2, 3) })
  .map(({ providerId, n }) => dial(`${providerId}/d_${n}`, { providerId }));
const id = fc.constantFrom(...IDS);
const uuidOf = (of: string, n: number): string => `${of}/u-${n}`;
const number = fc.integer({ min: 1, max: 4 });

const STATES = [
  { status: "connected", reason: null, idle: false },
  { status: "connecting", reason: null, idle: false },
  { status: "error", reason: "internal", idle: false },
  { status: "error", reason: "event_not_started", idle: true },
] as const;

function fromOf({ providerId, dialId }: Link): From {
  return { provider: providerId, dialId };
}

const seen = fc
  .tuple(link, id, number, fc.constantFrom(STATES[0], STATES[0], ...STATES))
  .map(([by, of, n, state]): Move => ({
    name: `${by.dialId} sees ${uuidOf(of, n)} ${state.status} ${state.reason}`,
    happens(story, model, at) {
      const uuid = uuidOf(of, n);
      story.seen(at, uuid, { ...state, identifier: of }, by);
      const { idle: isIdle, ...rest } = state;
      model.seen(fromOf(by), { id: of, uuid, isIdle, ...rest }, at);
    },
  }));

const dropped = fc
  .tuple(link, id, number, fc.constantFrom("removed", "replaced"))
  .map(([by, of, n, reason]): Move => ({
    name: `${by.dialId} closes ${uuidOf(of, n)} ${reason}`,
    happens(story, model, at) {
      story.dropped(at, uuidOf(of, n), reason, by);
      model.dropped(fromOf(by), uuidOf(of, n), reason, reason === "removed", at);
    },
  }));

const lost = fc
  .record({
    by: link,
    claims: fc.subarray([...IDS]),
    status: fc.constantFrom("connecting" as const, "error" as const, "closed" as const),
    reason: fc.constantFrom("silent", "refused"),
    ago: fc.integer({ min: -5, max: 30 }),
  })
  .map(({ by, ago, ...loss }): Move => ({
    name: `${by.dialId} is lost ${JSON.stringify(loss)}`,
    happens(story, model, at) {
      story.lost(at, { ...loss, lastSeenAt: at - ago }, by);
      model.lost(fromOf(by), { ...loss, lastSeenAt: at - ago }, at);
    },
  }));

const settled = link.map((by): Move => ({
  name: `${by.dialId} settles`,
  happens(story, model) {
    story.take((map) => settle(map, by));
    model.settled(fromOf(by));
  },
}));

const removed = link.map((by): Move => ({
  name: `${by.providerId} is unlinked`,
  happens(story, model) {
    story.take((map) => remove(map, by.providerId));
    model.removed(fromOf(by));
  },
}));

const move = fc.oneof(
  { arbitrary: seen, weight: 8 },
  { arbitrary: dropped, weight: 4 },
  { arbitrary: lost, weight: 3 },
  { arbitrary: settled, weight: 1 },
  { arbitrary: removed, weight: 1 },
);
const moves = fc.array(fc.tuple(move, fc.integer({ min: -3, max: 20 })), { maxLength: 30 });

function shown(story: Story): unknown[] {
  return listConnections(story.map).map(
    ({ identifier, providerId, dialId, uuid, status, reason, since }) => [
      identifier,
      providerId,
      dialId,
      uuid,
      status,
      reason,
      since,
    ],
  );
}

describe("the connection map, whatever happens in whatever order", () => {
  it("holds and tells what the model of it does", ({ expect }) => {
    fc.assert(
      fc.property(moves, (all) => {
        const story = new Story();
        const model = new MapModel();
        let at = 1_000;
        for (const [each, later] of all) {
          at += later;
          each.happens(story, model, at);
          expect(story.told.splice(0).toSorted()).toEqual(model.takeTold());
          expect(shown(story)).toEqual(model.listed());
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("has each connection once, under its own name, and no outage where events can come", ({
    expect,
  }) => {
    fc.assert(
      fc.property(moves, (all) => {
        const story = new Story();
        let at = 1_000;
        for (const [each, later] of all) {
          at += later;
          each.happens(story, new MapModel(), at);
        }
        for (const [identifier, entry] of Object.entries(story.map)) {
          expect(entry.identifier).toBe(identifier);
          expect(entry.missingSince === null).toBe(entry.missingCause === null);
          const isLive = entry.status === "connected" || entry.predecessor !== null;
          if (isLive) expect(entry.missingSince).toBeNull();
          expect(entry.predecessor).not.toBe(entry.uuid);
        }
      }),
    );
  });
});
