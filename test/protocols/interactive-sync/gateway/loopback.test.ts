import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { DraftOf, EventDraft } from "../../../../src/event/event.ts";
import type { User } from "../../../../src/event/shapes.ts";
import { omitUndefined } from "../../../../src/lib/given.ts";
import { encodeEvent } from "../../../../src/protocols/interactive-sync/codec/from-event.ts";
import { allSamples, numbered } from "../../../support/samples.ts";
import { draftsOf, only } from "../../support/drive.ts";
import { hostile } from "../../support/hostile.ts";
import emits from "../frames/emits.json";
import { Room } from "../room.ts";
import { showing, start } from "../samples.ts";

/*
 * What our gateway says, our own provider understands: one relay as the provider of another.
 */

/** Hands what a game is told of drafts to a session that reads Interactive Sync. */
function heard(drafts: readonly EventDraft[]): EventDraft[] {
  const room = new Room({ sleeps: true });
  const game = room.greeted();
  room.happens(drafts, "interactive-sync");
  const session = start();
  const effects = game
    .hears()
    .slice(1)
    .flatMap((frame) => session.receives(JSON.stringify(frame)));
  if (only(effects, "frame-reject").length > 0) throw new Error("a frame was not understood");
  return draftsOf(effects);
}

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 25 });
const names = name.filter((each) => each !== "Anonymous");
const user = fc.option(names, { nil: undefined }).map((told): User => ({
  key: `twitch:${told ?? "anonymous"}`,
  id: told ?? "anonymous",
  name: told ?? "Anonymous",
  roles: [],
  badges: [],
  anonymous: told === undefined,
}));
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));

const input = fc
  .record({
    view: fc.constantFrom("panel" as const, "mobile" as const, "video_overlay" as const),
    component: name,
    user,
    values: fc.option(
      fc.dictionary(
        name.filter((key) => key !== "__proto__"),
        fc.oneof(name, fc.array(name)),
      ),
      { nil: undefined },
    ),
  })
  .map(({ values, ...rest }): DraftOf<"interaction.input"> => ({
    type: "interaction.input",
    platform: "twitch",
    data: omitUndefined({ ...rest, values }),
  }));

const mouse = fc
  .record({
    button: fc.constantFrom("down" as const, "up" as const),
    x: number,
    y: number,
    width: number,
    height: number,
    user,
  })
  .map((data): DraftOf<"interaction.mouse"> => ({
    type: "interaction.mouse",
    platform: "twitch",
    data,
  }));

describe("what our gateway says, our provider understands", () => {
  it("everything that a viewer does, in order", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.oneof(input, mouse)), (drafts) => {
        const plain = JSON.parse(JSON.stringify(drafts)) as unknown;
        const out = heard(drafts).map(({ type, platform, data }) => ({ type, platform, data }));
        expect(JSON.parse(JSON.stringify(out))).toEqual(plain);
      }),
    );
  });

  it("everything that our provider was told of, as it was told", ({ expect }) => {
    const session = start();
    for (const [told, frame] of Object.entries(emits)) {
      const drafts = draftsOf(session.receives(JSON.stringify(frame)));
      const room = new Room();
      const game = room.game();
      room.happens(drafts, "interactive-sync");
      const [relayed] = game.hears();
      const again = draftsOf(start().receives(JSON.stringify(relayed)));
      expect(
        again.map(({ type, data }) => ({ type, data })),
        told,
      ).toEqual(drafts.map(({ type, data }) => ({ type, data })));
    }
  });

  it("an interface and all the answers to it", ({ expect }) => {
    const game = new Room({ sleeps: true }).greeted();
    const session = start();
    game.hears();
    const send = (job: string, id: string | null, rest: object = {}) => {
      const effects = session.sends(showing(job, id, rest));
      const answers = only(effects, "frame-send").flatMap(({ frame }) => game.says(frame).hears());
      const told = answers.flatMap((frame) => session.receives(JSON.stringify(frame)));
      session.fires("pace");
      return [...effects, ...told].map(({ type }) => type);
    };
    expect(send("job-1", "dawn")).toContain("send-confirm");
    // The same id again goes under another.
    expect(send("job-2", "dawn")).toContain("send-confirm");
    expect(send("job-3", null)).toContain("send-confirm");
    expect(send("job-4", "dawn", { panel: {} })).toContain("send-confirm");
  });
});

describe("what cannot be said in it", () => {
  it("is not said: all but what viewers do", ({ expect }) => {
    const said = allSamples.flatMap((draft) => {
      const { event } = numbered(draft, 1, { provider: "api" });
      return encodeEvent(event) === null ? [] : [draft.type];
    });
    expect(said).toEqual(["interaction.input", "interaction.mouse"]);
  });

  it("is said as it came, if another relay's Interactive Sync told of it", ({ expect }) => {
    const payload = { type: "wheel", payload: { notches: 3 } };
    const draft: EventDraft = {
      type: "provider.event",
      platform: "twitch",
      data: { nativeType: "emit.wheel", payload },
    };
    const told = (provider: "interactive-sync" | "astro", data = draft.data) =>
      encodeEvent(numbered({ ...draft, data }, 1, { provider }).event);
    expect(JSON.parse(told("interactive-sync") ?? "")).toEqual({
      status: "ok",
      context: "emit",
      message: null,
      data: payload,
    });
    expect(told("astro")).toBeNull();
    expect(told("interactive-sync", { nativeType: "news.ok", payload })).toBeNull();
    for (const wrong of [null, 7, "x", [], {}, { type: 1 }]) {
      expect(told("interactive-sync", { nativeType: "emit.ok", payload: wrong })).toBeNull();
    }
  });
});

describe("whatever a game sends", () => {
  const ANSWERS =
    /^(A parsing error|Context or data|JSON received|Size of|Message was well|You have exceeded)/;

  it.for(Object.entries(hostile))(
    "is answered in the protocol's words: %s",
    ([, frame], { expect }) => {
      const room = new Room({ sleeps: true });
      const [game, other] = [room.game(), room.game()];
      const answers = game.says(frame).hears();
      expect(answers).toHaveLength(1);
      expect(answers[0]).toMatchObject({ status: "warning", context: "message" });
      expect(answers[0]?.message).toMatch(ANSWERS);
      expect(other.hears()).toEqual([]);
      expect(other.shows({ id: "dawn" }).hears()).toMatchObject([{ status: "ok" }]);
    },
  );

  it("gets one answer a message until the fifth warning, and nothing throws", ({ expect }) => {
    const frame = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constant(null),
      fc
        .jsonValue({ maxDepth: 3 })
        .map((data) => JSON.stringify({ context: "user_interface", data })),
      fc
        .record({ id: fc.string({ maxLength: 3 }), panel: fc.jsonValue({ maxDepth: 3 }) })
        .map((data) => JSON.stringify({ context: "user_interface", data })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(frame, fc.integer({ min: 100, max: 1500 }))), (all) => {
        const rooms = [new Room(), new Room({ sleeps: true })];
        const games = rooms.map((room) => room.game());
        let warnings = 0;
        for (const [text, afterMs] of all) {
          const [awake, asleep] = games.map((game) => game.says(text, afterMs).hears());
          expect(asleep).toEqual(awake);
          if (games[0]?.closed !== null && warnings >= 5) expect(awake).toEqual([]);
          else {
            const told = awake ?? [];
            if (told[0]?.status === "warning") warnings += 1;
            expect(told).toHaveLength(warnings === 5 ? 2 : 1);
          }
        }
        expect(games[0]?.closed?.code).toBe(warnings >= 5 ? 1008 : undefined);
      }),
      { numRuns: 200 },
    );
  });
});
