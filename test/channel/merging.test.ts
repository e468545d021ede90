import * as fc from "fast-check";
import { describe, it } from "vitest";

import { decide, type ChannelState, type Decision } from "../../src/channel/channel.ts";
import { rememberStored, shortenStored } from "../../src/channel/occurrence-keys.ts";
import { RecentKeys } from "../../src/channel/recent.ts";
import type { EventDraft } from "../../src/event/event.ts";
import type { ProviderId } from "../../src/event/ids.ts";
import type { Merge } from "../../src/event/merge.ts";
import type { Sighting } from "../../src/event/sighting.ts";
import { RECORDED_AT, samples } from "../support/samples.ts";
import { channelState, eventsOf, stored, told } from "./support/log.ts";

const ADA = { ...samples["channel.follow"].data.user, key: "twitch:1", id: "1", name: "ada" };
const BOB = { ...ADA, key: "twitch:2", id: "2", name: "bob" };

interface Said {
  readonly by?: typeof ADA;
  readonly text?: string;
  /** The platform's own id, from a provider that has it. */
  readonly id?: string;
  readonly connection?: string;
  readonly more?: Partial<EventDraft>;
}

function line({ by = ADA, text = "GG", id, connection, more = {} }: Said): EventDraft {
  return {
    ...samples["chat.message"],
    platform: "twitch",
    ...(connection !== undefined && { connectionId: connection }),
    ...(id !== undefined && { key: `chat/twitch/${id}` }),
    data: {
      user: by,
      message: { ...samples["chat.message"].data.message, text, ...(id && { id }) },
    },
    ...more,
  } as EventDraft;
}

interface Step {
  readonly provider: ProviderId;
  readonly draft: EventDraft;
  readonly at?: number;
}

const astro = (said: Said, at?: number): Step => ({
  provider: "astro",
  draft: line({ connection: "astro:room", ...said }),
  ...(at !== undefined && { at }),
});
const restream = (said: Said, at?: number): Step => ({
  provider: "restream",
  draft: line({ connection: "restream:5-twitch-9", ...said }),
  ...(at !== undefined && { at }),
});

interface Outcome {
  readonly state: ChannelState;
  readonly places: readonly number[];
  readonly sightings: readonly Sighting[];
}

/** Tells one after the other, each a group of its own, or all as one. */
function tell(merge: Merge, steps: readonly Step[], asOne = false): Outcome {
  let state = channelState({ merge });
  const inputs = steps.map(({ provider, draft, at = RECORDED_AT }) =>
    told([draft], { provider, at }),
  );
  const places: number[] = [];
  const sightings: Sighting[] = [];
  for (const group of asOne ? [inputs] : inputs.map((input) => [input])) {
    const decision: Decision = decide(state, group);
    places.push(...decision.places);
    sightings.push(...(stored(decision)?.sightings ?? []));
    state = decision.state;
  }
  return { state, places, sightings };
}

const follow = (provider: ProviderId, by = ADA, at = RECORDED_AT): Step => ({
  provider,
  at,
  draft: {
    type: "channel.follow",
    platform: "twitch",
    connectionId: `${provider}:x`,
    data: { user: by },
  },
});

describe("an occurrence that two providers tell of by the platform's own id", () => {
  for (const asOne of [false, true]) {
    const how = asOne ? "in one group" : "one after the other";
    it(`is one event, of the first, and the second's connection is a sighting, ${how}`, ({
      expect,
    }) => {
      const other = line({ id: "m1", connection: "restream:t" });
      const steps = [astro({ id: "m1" }), { provider: "restream" as const, draft: other }];
      const { places, sightings, state } = tell("exact", steps, asOne);
      expect(places).toEqual([1, 1]);
      expect(sightings).toEqual([{ seq: 1, connection: "restream:t" }]);
      expect(state.merged).toEqual({ exact: 1 });
      expect(state.repeats).toBe(0);
    });
  }

  it("is a repeat where the same connection tells of it again, and no second sighting", ({
    expect,
  }) => {
    const { sightings, state } = tell("exact", [
      astro({ id: "m1" }),
      astro({ id: "m1" }),
      restream({ id: "m1" }),
      restream({ id: "m1" }),
    ]);
    expect(sightings).toHaveLength(1);
    expect(state).toMatchObject({ repeats: 2, merged: { exact: 1 }, head: 1 });
  });

  it("names at most twenty others, and remembers no more of them, however many there are", ({
    expect,
  }) => {
    const many = Array.from({ length: 50 }, (_, index) =>
      restream({ id: "m1", connection: `restream:${index}` }),
    );
    const { sightings, state } = tell("exact", [astro({ id: "m1" }), ...many]);
    expect(sightings).toHaveLength(20);
    expect(state).toMatchObject({ head: 1, repeats: 30, merged: { exact: 20 } });
    expect(state.recent.find("chat/twitch/m1")?.tellers.split("\n")).toHaveLength(21);
  });

  it("is another where the id is another, whatever is said", ({ expect }) => {
    for (const merge of ["exact", "natural"] as const) {
      const steps = [astro({ id: "m1" }), restream({ id: "m2" })];
      expect(tell(merge, steps).places).toEqual([1, 2]);
    }
  });

  it("is two where the channel says off", ({ expect }) => {
    const { places, sightings } = tell("off", [astro({ id: "m1" }), restream({ id: "m1" })]);
    expect(places).toEqual([1, 2]);
    expect(sightings).toEqual([]);
  });

  it("is never joined with what a program posts, or with what is there to try", ({ expect }) => {
    const posted = { provider: "api" as const, draft: line({ id: "m1" }) };
    const tried = restream({ id: "m1", more: { test: true } });
    expect(tell("natural", [posted, astro({ id: "m1" }), tried]).places).toEqual([1, 2, 3]);
  });

  it("is not what another platform has under the same id", ({ expect }) => {
    const kick = restream({ id: "m1", more: { platform: "kick", key: "chat/kick/m1" } });
    expect(tell("exact", [astro({ id: "m1" }), kick]).places).toEqual([1, 2]);
    const misnamed = restream({ id: "m1", more: { platform: "kick" } });
    expect(tell("exact", [astro({ id: "m1" }), misnamed]).places).toEqual([1, 2]);
  });

  it("is known after a restart, by what was stored of its key", ({ expect }) => {
    const id = "x".repeat(200);
    for (const each of ["m1", id]) {
      const first = decide(channelState(), [
        told([line({ id: each, connection: "astro:room" })], { provider: "astro" }),
      ]);
      const key = eventsOf(first)[0]?.key ?? "";
      const recent = new RecentKeys();
      rememberStored(recent, shortenStored(key), 1);
      const state = channelState({ head: 1, recent });
      const again = decide(state, [
        told([line({ id: each, connection: "restream:t" })], { provider: "restream" }),
      ]);
      expect(again.places).toEqual([1]);
      expect(stored(again)?.sightings).toEqual([{ seq: 1, connection: "restream:t" }]);
      // The one who told of it first is known by the provider.
      const same = decide(state, [
        told([line({ id: each, connection: "astro:room" })], { provider: "astro" }),
      ]);
      expect(same.effects).toEqual([]);
    }
  });

  it("leaves nothing behind where its input is refused", ({ expect }) => {
    const bad = { ...line({}), data: { toJSON: () => JSON.parse("{") as unknown } };
    const state = tell("natural", [astro({ id: "m1" })]).state;
    const input = told([line({ id: "m1", connection: "restream:t" }), bad as EventDraft], {
      provider: "restream",
    });
    const decision = decide(state, [input]);
    expect(decision.refusals?.size).toBe(1);
    expect(stored(decision)).toBeNull();
    const after = decide(decision.state, [
      told([line({ id: "m1", connection: "restream:t" })], { provider: "restream" }),
    ]);
    expect(stored(after)?.sightings).toEqual([{ seq: 1, connection: "restream:t" }]);
  });
});

describe("an occurrence that two providers tell of alike", () => {
  it("is one event where the channel says natural, and two where it says exact", ({ expect }) => {
    const steps = [restream({}), astro({ id: "m1" })];
    expect(tell("natural", steps).places).toEqual([1, 1]);
    expect(tell("exact", steps).places).toEqual([1, 2]);
  });

  it("is known by its id from then on, whoever has it", ({ expect }) => {
    const third = astro({ id: "m1", connection: "astro:other" });
    const { places, sightings } = tell("natural", [restream({}), astro({ id: "m1" }), third]);
    expect(places).toEqual([1, 1, 1]);
    expect(sightings.map(({ connection }) => connection)).toEqual(["astro:room", "astro:other"]);
  });

  it("is a repeat where the one who brought its id tells of it again, and no second sighting", ({
    expect,
  }) => {
    const { places, sightings, state } = tell("natural", [
      restream({}),
      astro({ id: "m1" }),
      astro({ id: "m1" }),
    ]);
    expect(places).toEqual([1, 1, 1]);
    expect(sightings.map(({ connection }) => connection)).toEqual(["astro:room"]);
    expect(state).toMatchObject({ repeats: 1, merged: { "chat.message": 1 } });
  });

  it("stays two where one person says it twice: the n-th telling is the n-th of the other", ({
    expect,
  }) => {
    const { places } = tell("natural", [
      astro({ id: "m1" }),
      astro({ id: "m2" }),
      restream({}),
      restream({}),
      restream({}),
    ]);
    expect(places).toEqual([1, 2, 1, 2, 3]);
  });

  it("stays two where two people say the same within a second", ({ expect }) => {
    const steps = [astro({ id: "m1" }), restream({ by: BOB })];
    expect(tell("natural", steps).places).toEqual([1, 2]);
  });

  it("is another after fifteen seconds", ({ expect }) => {
    const late = (ms: number): readonly number[] =>
      tell("natural", [astro({ id: "m1" }, RECORDED_AT), restream({}, RECORDED_AT + ms)]).places;
    expect(late(15_000)).toEqual([1, 1]);
    expect(late(15_001)).toEqual([1, 2]);
  });

  it("is the same line with the filler that programs put behind it", ({ expect }) => {
    const filled = restream({ text: " GG \u{E0000}" });
    expect(tell("natural", [astro({ id: "m1" }), filled]).places).toEqual([1, 1]);
  });

  it("is one follow within ten minutes, of a person who is named", ({ expect }) => {
    const minutes = (count: number): readonly number[] =>
      tell("natural", [follow("astro"), follow("restream", ADA, RECORDED_AT + count * 60_000)])
        .places;
    expect(minutes(10)).toEqual([1, 1]);
    expect(minutes(11)).toEqual([1, 2]);
    const nobody = { ...ADA, anonymous: true };
    const steps = [follow("astro", nobody), follow("restream", nobody)];
    expect(tell("natural", steps).places).toEqual([1, 2]);
  });

  it("is one follow within ten minutes, however much is said meanwhile", ({ expect }) => {
    // Five lines a second for nine minutes: more than is remembered at all.
    const lines = Array.from({ length: 2_700 }, (_, index): Step =>
      astro({ text: `line ${index}` }, RECORDED_AT + index * 200),
    );
    const late = follow("restream", ADA, RECORDED_AT + 9 * 60_000);
    const { places, state } = tell("natural", [follow("astro"), ...lines, late]);
    expect(places.at(-1)).toBe(1);
    expect(state.tellings.size).toBeLessThan(100);
  });

  it("is one gift, cheer, tip, raid, redemption, ban or timeout, whatever the writing of a number", ({
    expect,
  }) => {
    const amount = { value: "5.00", currency: "EUR", kind: "fiat" };
    const cases: [string, object, object?][] = [
      ["channel.subscription.gift", { user: ADA, count: 5, recipients: [] }],
      ["channel.cheer", { user: ADA, amount: { value: "100", currency: "bits", kind: "virtual" } }],
      [
        "channel.tip",
        { user: ADA, amount, kind: "tip" },
        { user: ADA, amount: { ...amount, value: "5" }, kind: "tip" },
      ],
      ["channel.raid", { user: ADA, viewers: 5, kind: "raid", direction: "in" }],
      ["channel.redemption", { user: ADA, reward: { title: "Hydrate" } }],
      ["channel.subscription", { user: ADA, subscription: { kind: "renewal", months: 7 } }],
      ["moderation.ban", { user: ADA }],
      ["moderation.unban", { user: ADA }],
      ["moderation.timeout", { user: ADA, seconds: 600 }],
      ["chat.cleared", { scope: "user", user: ADA }],
      ["chat.cleared", { scope: "all" }],
    ];
    for (const [type, data, other = data] of cases) {
      const draft = (connectionId: string, each: object): EventDraft =>
        ({ type, platform: "twitch", connectionId, data: each }) as EventDraft;
      const { places, state } = tell("natural", [
        { provider: "astro", draft: draft("astro:x", data) },
        { provider: "restream", draft: draft("restream:y", other) },
      ]);
      expect([type, ...places]).toEqual([type, 1, 1]);
      expect(state.merged).toEqual({ [type]: 1 });
    }
  });

  /** Where the tellings of one another come to be, with these types and data. */
  const placesOf = (...tellings: readonly (readonly [type: string, data: object])[]) =>
    tell(
      "natural",
      tellings.map(([type, data], index): Step => {
        const provider = (["astro", "restream", "multistreamer"] as const)[index] ?? "dlive";
        const connectionId = `${provider}:x`;
        return { provider, draft: { type, platform: "twitch", connectionId, data } as EventDraft };
      }),
    ).places;

  it("is one subscription, whoever knows for how long, or who gave it", ({ expect }) => {
    const subscribed = (subscription: object) =>
      ["channel.subscription", { user: ADA, subscription }] as const;
    const renewed = subscribed({ kind: "renewal", months: 3 });
    expect(placesOf(renewed, subscribed({ kind: "new" }))).toEqual([1, 1]);
    const given = subscribed({ kind: "new", gift: { from: BOB } });
    const named = subscribed({ kind: "renewal", months: 2, gift: { from: { name: "bob" } } });
    expect(placesOf(given, named, subscribed({ kind: "new", gift: {} }))).toEqual([1, 1, 1]);
  });

  it("is not what was given, where somebody subscribes minutes later", ({ expect }) => {
    const subscribed = (provider: ProviderId, at: number, gift?: object): Step => ({
      provider,
      at: RECORDED_AT + at,
      draft: {
        type: "channel.subscription",
        platform: "twitch",
        connectionId: provider,
        data: { user: ADA, subscription: { kind: "new", ...(gift !== undefined && { gift }) } },
      },
    });
    const given = subscribed("astro", 0, {});
    expect(tell("natural", [given, subscribed("restream", 60_000)]).places).toEqual([1, 1]);
    expect(tell("natural", [given, subscribed("restream", 61_000)]).places).toEqual([1, 2]);
  });

  it("is one time-out, whose seconds are counted from its beginning or from when it is told", ({
    expect,
  }) => {
    const silenced = (seconds: number) => ["moderation.timeout", { user: ADA, seconds }] as const;
    expect(placesOf(silenced(600), silenced(599))).toEqual([1, 1]);
  });

  it("is one cheer or one gift of nobody, told in any of the ways to say so", ({ expect }) => {
    const nobody = { ...ADA, anonymous: true };
    const amount = { value: "100", currency: "bits", kind: "virtual" };
    const given = { count: 5, recipients: [] };
    const [cheer, gift] = ["channel.cheer", "channel.subscription.gift"] as const;
    expect(placesOf([cheer, { amount }], [cheer, { user: nobody, amount }])).toEqual([1, 1]);
    expect(placesOf([gift, given], [gift, { user: nobody, ...given }])).toEqual([1, 1]);
    const other = { amount: { ...amount, value: "200" } };
    expect(placesOf([cheer, { amount }], [cheer, other])).toEqual([1, 2]);
  });

  it("is one redemption, whatever its state is called; what becomes of it is another event", ({
    expect,
  }) => {
    const redeemed = (connectionId: string, status?: string): EventDraft => ({
      type: "channel.redemption",
      platform: "twitch",
      connectionId,
      ...(connectionId === "twitch-eventsub:x" && { key: `redemption/twitch/r1/${status}` }),
      data: { user: ADA, reward: { title: "Hydrate" }, ...(status !== undefined && { status }) },
    });
    const own = (status: string): Step => ({
      provider: "twitch-eventsub",
      draft: redeemed("twitch-eventsub:x", status),
    });
    for (const status of [undefined, "pending"]) {
      const other: Step = { provider: "astro", draft: redeemed("astro:x", status) };
      const { places } = tell("natural", [own("unfulfilled"), own("fulfilled"), other]);
      expect(places).toEqual([1, 2, 1]);
      expect(tell("natural", [other, own("unfulfilled"), own("fulfilled")]).places).toEqual([
        1, 1, 2,
      ]);
    }
  });

  it("is one gift to one person, told of as a gift or as what they were given", ({ expect }) => {
    const gift = { user: BOB, count: 1, recipients: [ADA] };
    const given = { user: ADA, subscription: { kind: "new", gift: { from: { name: "bob" } } } };
    const one = ["channel.subscription.gift", gift] as const;
    const other = ["channel.subscription", given] as const;
    expect(placesOf(one, other)).toEqual([1, 1]);
    expect(placesOf(other, one)).toEqual([1, 1]);
    const several = ["channel.subscription.gift", { ...gift, count: 2 }] as const;
    expect(placesOf(several, other)).toEqual([1, 2]);
  });

  it("is told for each account where a stream begins: never joined", ({ expect }) => {
    const online = (provider: ProviderId): Step => ({
      provider,
      draft: { type: "stream.online", platform: "twitch", connectionId: provider, data: {} },
    });
    expect(tell("natural", [online("astro"), online("restream")]).places).toEqual([1, 2]);
  });

  it("is numbered as a model of pairs says, in every order and grouping", ({ expect }) => {
    const step = fc.record({
      by: fc.constantFrom("restream", "multistreamer", "dlive"),
      who: fc.constantFrom(ADA, BOB),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 24 }), fc.boolean(), (all, asOne) => {
        const steps = all.map(({ by, who }): Step => ({
          provider: by as ProviderId,
          draft: line({ by: who, connection: by }),
        }));
        const { state } = tell("natural", steps, asOne);
        // Of each person there are as many lines as the one who told of most of them has told of.
        const most = [ADA, BOB].map((who) =>
          Math.max(
            0,
            ...["restream", "multistreamer", "dlive"].map(
              (by) => all.filter((each) => each.by === by && each.who === who).length,
            ),
          ),
        );
        expect(state.head).toBe(most.reduce((sum, each) => sum + each, 0));
      }),
    );
  });
});
