import { describe, it } from "vitest";

import { decide, type ChannelState } from "../../src/channel/channel.ts";
import { catalogue } from "../../src/event/catalogue.ts";
import type { EventDraft } from "../../src/event/event.ts";
import type { ProviderId } from "../../src/event/ids.ts";
import type { Merge } from "../../src/event/merge.ts";
import type { Message, User } from "../../src/event/shapes.ts";
import { EPOCH, RECORDED_AT, samples } from "../support/samples.ts";
import { channelState, eventsOf, stored, told } from "./support/log.ts";

/*
 * What is known of an occurrence by several tellings of it: by whom, under which ids, of which channel.
 */

const ADA: User = { ...samples["channel.follow"].data.user, key: "twitch:1", id: "1", name: "Ada" };

interface Step {
  readonly provider: ProviderId;
  readonly draft: EventDraft;
  readonly at?: number;
}

interface Said {
  readonly text?: string;
  readonly by?: User;
  /** The key's part behind the platform; none for a provider without the platform's ids. */
  readonly id?: string;
  readonly message?: Partial<Message>;
}

/** A line of Twitch's chat, from a connection `<provider>:<place>`. */
function say(connectionId: string, { text = "GG", by = ADA, id, message }: Said = {}): Step {
  const plain: Message = {
    text,
    fragments: [{ type: "text", text }],
    action: false,
    highlighted: false,
    first: false,
    id: id ?? `not ${connectionId}'s`,
    ...message,
  };
  return tellOf(connectionId, {
    type: "chat.message",
    platform: "twitch",
    ...(id !== undefined && { key: `chat/twitch/${id}` }),
    data: { user: by, message: plain },
  });
}

function tellOf(connectionId: string, draft: EventDraft): Step {
  const [provider = ""] = connectionId.split(":");
  return { provider: provider as ProviderId, draft: { ...draft, connectionId } };
}

const follow = (connectionId: string): Step =>
  tellOf(connectionId, { type: "channel.follow", platform: "twitch", data: { user: ADA } });

const deletion = (connectionId: string, id: string): Step =>
  tellOf(connectionId, {
    type: "chat.message.deleted",
    platform: "twitch",
    key: `deleted/twitch/${id}`,
    data: { messageIds: [id] },
  });

function tell(merge: Merge, steps: readonly Step[], asOne = false) {
  let state: ChannelState = channelState({ merge });
  const inputs = steps.map(({ provider, draft, at = RECORDED_AT }) =>
    told([draft], { provider, at }),
  );
  const places: number[] = [];
  const decisions = (asOne ? [inputs] : inputs.map((each) => [each])).map((group) => {
    const decision = decide(state, group);
    places.push(...decision.places);
    state = decision.state;
    return decision;
  });
  const erasures = decisions.flatMap((each) => stored(each)?.erasures ?? []);
  return { places, erasures, events: decisions.flatMap(eventsOf).map(({ event }) => event) };
}

const placesOf = (...steps: readonly Step[]) => tell("natural", steps).places;

/** The same steps in each order. */
function* ordersOf(steps: readonly Step[]): Generator<readonly Step[]> {
  if (steps.length < 2) yield steps;
  for (const [index, first] of steps.entries()) {
    if (steps.length < 2) return;
    for (const rest of ordersOf(steps.toSpliced(index, 1))) yield [first, ...rest];
  }
}

describe("a deletion", () => {
  it("reaches a message by its platform's id, whoever told of it first and by which id", ({
    expect,
  }) => {
    const tellers = [
      say("restream:5-twitch-9"),
      say("multistreamer:14"),
      say("twitch-irc:ada", { id: "m1" }),
      say("twitch-eventsub:ada", { id: "m1" }),
    ];
    for (const steps of ordersOf(tellers)) {
      for (const asOne of [false, true]) {
        const { places, erasures } = tell("natural", [...steps, deletion("astro:a", "m1")], asOne);
        expect(places).toEqual([1, 1, 1, 1, 2]);
        const isOwn = steps[0]?.draft.key !== undefined;
        expect(erasures[0]?.scope).toEqual({
          kind: "messages",
          ids: ["m1"],
          ...(!isOwn && { events: [`${EPOCH}-1`] }),
        });
      }
    }
  });

  it("says which event it reached, so that whoever shows it hears of it", ({ expect }) => {
    const steps = [
      say("restream:5-twitch-9"),
      say("twitch-irc:ada", { id: "m1" }),
      deletion("twitch-irc:ada", "m1"),
    ];
    expect(tell("natural", steps).events.at(-1)?.data).toEqual({
      messageIds: ["m1"],
      eventIds: [`${EPOCH}-1`],
    });
    expect(tell("exact", steps).events.at(-1)?.data).toEqual({ messageIds: ["m1"] });
  });

  it("reaches a message of a shared chat by the id that it has where it was written", ({
    expect,
  }) => {
    const shared = say("twitch-irc:ada", { id: "origin", message: { id: "here" } });
    const { erasures } = tell("exact", [shared, deletion("twitch-irc:bob", "origin")]);
    expect(erasures[0]?.scope).toMatchObject({ ids: ["origin"], events: [`${EPOCH}-1`] });
  });

  it("is deleted with no more events than a deletion may name, and each once", ({ expect }) => {
    const lines = Array.from({ length: 600 }, (_each, index) => {
      const id = `origin-${index}`;
      return say("twitch-irc:bob", { id, text: id, message: { id: `here-${index}` } });
    });
    const { draft, provider } = deletion("twitch-irc:bob", "origin-0");
    const messageIds = lines.map((_each, index) => `origin-${index}`);
    const eventIds = [`${EPOCH}-1`];
    const many = { ...draft, data: { messageIds, eventIds } } as EventDraft;
    const last = tell("exact", [...lines, { provider, draft: many }]).events.at(-1);
    const { eventIds: named = [] } = (last?.data ?? {}) as { eventIds?: readonly string[] };
    expect(new Set(named).size).toBe(named.length);
    expect(catalogue["chat.message.deleted"].data.safeParse(last?.data).success).toBe(true);
  });
});

describe("two channels of a platform on one channel", () => {
  it("are told of by themselves, by whatever service both are linked with", ({ expect }) => {
    for (const [one, other] of [
      ["twitch-eventsub:ada", "twitch-eventsub:bob"],
      ["twitch-irc:ada", "twitch-eventsub:bob"],
      ["kick:ada", "kick:bob"],
      ["astro:a", "astro:b"],
      ["multistreamer:14", "multistreamer:15"],
      ["restream:5-twitch-9", "restream:5-twitch-10"],
    ] as const) {
      expect(placesOf(follow(one), follow(other))).toEqual([1, 2]);
      expect(placesOf(say(one), say(other))).toEqual([1, 2]);
    }
  });

  it("have each its own telling of a service that knows neither's name", ({ expect }) => {
    const [ada, bob] = [follow("twitch-eventsub:ada"), follow("twitch-eventsub:bob")];
    expect(placesOf(ada, bob, follow("astro:a"), follow("astro:b"))).toEqual([1, 2, 1, 2]);
  });

  it("are one where both links are to the same", ({ expect }) => {
    expect(placesOf(follow("twitch-irc:ada"), follow("twitch-eventsub:ada"))).toEqual([1, 1]);
    expect(placesOf(say("restream:5-twitch-9"), say("restream:6-twitch-9"))).toEqual([1, 1]);
  });
});

describe("somebody", () => {
  it("is the same by a name that is all that some have, whatever they did", ({ expect }) => {
    const named = { ...ADA, key: "kick:ada", id: "ADA", name: "ADA" };
    const numbered = { ...ADA, key: "kick:1" };
    const subscribe = (connectionId: string, user: User): Step =>
      tellOf(connectionId, {
        type: "channel.subscription",
        platform: "kick",
        data: { user, subscription: { kind: "new" } },
      });
    const [one, other] = [subscribe("restream:5-kick-9", named), subscribe("kick:ada", numbered)];
    expect(placesOf(one, other)).toEqual([1, 1]);
    expect(placesOf(other, one)).toEqual([1, 1]);
    const namesake = subscribe("astro:a", { ...numbered, key: "kick:2", id: "2" });
    expect(placesOf(other, namesake)).toEqual([1, 2]);
    const nobody = subscribe("astro:a", { ...numbered, id: "anonymous", anonymous: true });
    expect(placesOf(nobody, one)).toEqual([1, 2]);
  });

  it("is not nobody where the one who did it is told of without a name", ({ expect }) => {
    const amount = samples["channel.cheer"].data.amount;
    const cheer = (connectionId: string, user?: User): Step =>
      tellOf(connectionId, {
        type: "channel.cheer",
        platform: "twitch",
        data: { amount, ...(user && { user }) },
      });
    const nameless = cheer("restream:5-twitch-9", { ...ADA, name: "" });
    expect(placesOf(nameless, cheer("astro:a"))).toEqual([1, 2]);
    expect(placesOf(cheer("astro:a"), nameless)).toEqual([1, 2]);
  });
});

describe("a line of chat", () => {
  it("is one of an account that some know by its name alone, in either order", ({ expect }) => {
    const own = say("multistreamer:14", {
      by: { ...ADA, key: "twitch:ada", id: "ada", name: "ada" },
    });
    const named = say("twitch-irc:ada", { id: "m1" });
    expect(placesOf(own, named, say("restream:5-twitch-9"))).toEqual([1, 1, 1]);
    expect(placesOf(named, own, say("restream:5-twitch-9"))).toEqual([1, 1, 1]);
  });

  it("is two of two people who have one name", ({ expect }) => {
    const namesake = { ...ADA, key: "twitch:2", id: "2" };
    expect(placesOf(say("restream:5-twitch-9"), say("multistreamer:14", { by: namesake }))).toEqual(
      [1, 2],
    );
  });

  it("is one with bits of nobody; other words of nobody may be anybody's", ({ expect }) => {
    const nobody = { ...ADA, key: "twitch:anonymous", id: "anonymous", anonymous: true };
    const cheer = { by: nobody, text: "Anon100 go on" };
    const named = say("twitch-irc:ada", { ...cheer, id: "m1" });
    expect(placesOf(named, say("restream:5-twitch-9", cheer))).toEqual([1, 1]);
    const words = { by: nobody, text: "go on" };
    expect(placesOf(say("multistreamer:14", words), say("restream:5-twitch-9", words))).toEqual([
      1, 2,
    ]);
  });

  it("is not what was whispered in the same words", ({ expect }) => {
    const whisper = say("multistreamer:14", { message: { to: { name: "bob" } } });
    expect(placesOf(whisper, say("restream:5-twitch-9"))).toEqual([1, 2]);
  });

  it("is one however many blanks are left of it", ({ expect }) => {
    const wide = say("twitch-irc:ada", { id: "m1", text: "G  G " });
    expect(placesOf(wide, say("multistreamer:14", { text: "G G" }))).toEqual([1, 1]);
  });
});

describe("a telling that says less", () => {
  const key = "notice/twitch/n1";
  const unknown: EventDraft = {
    type: "provider.event",
    platform: "twitch",
    key,
    data: { nativeType: "channel.chat.notification.x", payload: null },
  };
  const heard: EventDraft = {
    type: "chat.notice",
    platform: "twitch",
    key,
    data: { text: "Ada subscribed.", kind: "system" },
  };
  const whole: EventDraft = {
    type: "channel.subscription",
    platform: "twitch",
    key,
    data: { user: ADA, subscription: { kind: "new" } },
  };

  for (const less of [unknown, heard]) {
    it(`never stands for what was done: ${less.type}`, ({ expect }) => {
      const [first, second] = [
        tellOf("twitch-eventsub:bob", less),
        tellOf("twitch-irc:ada", whole),
      ];
      const { events } = tell("exact", [first, second]);
      expect(events.map(({ type }) => type)).toEqual([less.type, "channel.subscription"]);
      expect(tell("exact", [second, first]).places).toEqual([1, 1]);
      expect(tell("exact", [second, first, second, first]).places).toEqual([1, 1, 1, 1]);
    });

    it(`is one by whomever it comes, and by the one who says it again: ${less.type}`, ({
      expect,
    }) => {
      const [first, second] = [tellOf("twitch-eventsub:bob", less), tellOf("twitch-irc:ada", less)];
      expect(tell("exact", [first, second, first, second]).places).toEqual([1, 1, 1, 1]);
    });
  }
});
