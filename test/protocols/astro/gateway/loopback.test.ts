import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { CatalogueType } from "../../../../src/event/catalogue.ts";
import type { EventDraft } from "../../../../src/event/event.ts";
import { splitFragments, makeMessage } from "../../../../src/event/message.ts";
import type { Role, User } from "../../../../src/event/shapes.ts";
import { gateway, provider } from "../../../../src/protocols/astro/index.ts";
import { TOPICS } from "../../../../src/protocols/astro/wire/topics.ts";
import { samples as catalogued } from "../../../support/samples.ts";
import { draftOf, draftsOf, greeted } from "../../support/drive.ts";
import { AT, everything, facts, Room } from "../../support/gateway-room.ts";
import { linkTo } from "../../support/samples.ts";
import { frames, samples } from "../samples.ts";

/*
 * What our gateway says, our own provider understands: one relay as the provider of another.
 */

interface Frame {
  readonly topic: string;
  readonly data: Record<string, unknown>;
}

function subscribed(topics: readonly string[]) {
  const on = new Room(gateway, [facts()]);
  on.credentials.set("t", everything);
  const client = on.join(null, null);
  for (const topic of topics) client.says({ type: "subscribe", data: { topic, token: "t" } });
  client.hears();
  return { on, client };
}

/** What a client of all topics is told of a draft. */
function told(draft: EventDraft, topics = TOPICS, by: "astro" | "api" = "api"): Frame[] {
  const { on, client } = subscribed(topics);
  on.happens([draft], { provider: by });
  return client.hears<Frame>();
}

function heard(all: readonly object[]): EventDraft[] {
  const session = greeted(provider.open(linkTo(samples)), samples.greeting);
  return all.flatMap((frame) => draftsOf(session.receives(frame)));
}

/** A draft as our own client hears it, without what is the client's own. */
function loop(draft: EventDraft, by: "astro" | "api" = "api"): object[] {
  const drafts = heard(told(draft, TOPICS, by));
  const keys = new Map(drafts.map((each, at) => [each.key ?? `none ${at}`, each]));
  return [...keys.values()].map(({ raw: _raw, key: _key, connectionId: _id, ...same }) => same);
}

describe("what one Astro said to us, another client hears from us", () => {
  it.for(Object.entries(frames))("%s", ([name, frame], { expect }) => {
    const session = greeted(provider.open(linkTo(samples)), samples.greeting);
    const draft = draftOf(session.receives(frame));
    const { raw: _raw, key: _key, connectionId: _id, time: _time, ...said } = draft;
    const again = loop(draft, "astro");
    if (draft.type === "channel.tip" && draft.data.moderation === "pending") {
      // What is held back is told to those who moderate.
      expect(again).toMatchObject([{ type: "channel.tip.moderated" }]);
      return;
    }
    if (name === "channel.regatta" || name === "maintenance") {
      // A topic that nobody knows cannot be subscribed to, and a frame of another type is none's.
      expect(again).toEqual([]);
      return;
    }
    expect(again, name).toHaveLength(1);
    const [{ time: _when, ...same }] = again as [Record<string, unknown>];
    expect(same).toMatchObject(mostOf(said));
  });
});

/** All that can be said of a draft: ids of rewards, for one, cannot. */
function mostOf(draft: object): object {
  const read = JSON.parse(JSON.stringify(draft)) as {
    type: string;
    data: { user?: object; moderation?: string };
  };
  if (read.type === "channel.tip") delete read.data.user;
  if (read.type === "channel.tip") delete read.data.moderation;
  return read;
}

// Platforms whose chat Astro tells of in their own words.
const OWN_WORDS = ["youtube", "kick", "trovo"];

// On Kick an id of 0 is nobody's.
const id = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/).filter((each) => each !== "0");
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{1,12}$/);
const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).filter(
  // Astro cannot say which range of a text an emote is on platforms whose texts mark it themselves.
  (text) => !/[:[\]]/.test(text),
);
const platform = fc.constantFrom("twitch", "youtube", "kick", "trovo", "dlive", "irc", "facebook");
const roles = fc.subarray<Role>(["broadcaster", "moderator", "subscriber"]);

const person = fc
  .record({ platform, id, name, roles })
  .map(({ platform: place, ...some }): { platform: string; user: User } => ({
    platform: place,
    user: { key: `${place}:${some.id}`, badges: [], anonymous: false, ...some },
  }));

const other = fc.record({ id: id.map((each) => `s${each}`), name });

const chat = fc
  .record({
    person,
    words,
    id,
    replyTo: fc.option(id, { nil: undefined }),
    action: fc.boolean(),
    other: fc.option(other, { nil: undefined }),
  })
  .map(({ person: { platform: place, user }, ...said }): EventDraft => ({
    type: "chat.message",
    platform: place,
    time: AT,
    data: {
      user,
      message: {
        ...makeMessage(said.id, splitFragments(said.words)),
        // YouTube and Trovo have no word for an answer.
        ...(place !== "youtube" &&
          place !== "trovo" &&
          said.replyTo !== undefined && { replyTo: said.replyTo }),
        // Only Twitch's words have them.
        ...(!OWN_WORDS.includes(place) && { action: said.action }),
      },
      ...(!OWN_WORDS.includes(place) &&
        said.other !== undefined && {
          source: { key: `${place}:${said.other.id}`, ...said.other },
        }),
    },
  }));

const count = fc.integer({ min: 1, max: 100_000 });
const amount = fc.integer({ min: 1, max: 1_000_000 }).map((cents) => String(cents / 100));

const done = fc
  .record({ person, words, id, count, amount, tier: fc.constantFrom("1000", "2000", "prime") })
  .chain(({ person: { platform: place, user }, words: text, ...some }) => {
    const envelope = { platform: place, time: AT };
    const plain = { ...user, roles: [] };
    const said = { message: makeMessage("", splitFragments(text)) };
    return fc.constantFrom<EventDraft>(
      { ...envelope, type: "channel.follow", data: { user: plain } },
      {
        ...envelope,
        type: "channel.subscription",
        data: {
          user: plain,
          subscription: {
            kind: some.count > 1 ? "renewal" : "new",
            months: some.count,
            tier: some.tier,
            message: text,
            gift: { id: some.id, from: { name: "Reedling" } },
          },
        },
      },
      {
        ...envelope,
        type: "channel.subscription.gift",
        data: {
          user: plain,
          count: some.count,
          tier: some.tier,
          recipients: [],
          gift: { id: some.id },
        },
      },
      {
        ...envelope,
        type: "channel.tip",
        data: {
          user: plain,
          amount: { value: some.amount, currency: "EUR", kind: "fiat" },
          kind: "superchat",
          ...said,
        },
      },
      {
        ...envelope,
        type: "channel.cheer",
        data: {
          user: plain,
          amount: { value: String(some.count), currency: unitOf(place), kind: "virtual" },
          ...said,
        },
      },
      {
        ...envelope,
        type: "channel.raid",
        data: { user: plain, viewers: some.count, kind: "raid", direction: "in" },
      },
      {
        ...envelope,
        type: "channel.redemption",
        data: { user: plain, reward: { title: text.trim() || "x", cost: some.count }, input: text },
      },
    );
  });

function unitOf(place: string): string {
  const own: Record<string, string> = { twitch: "bits", kick: "kicks", trovo: "trovo:elixir" };
  return own[place] ?? `${place}:cheer`;
}

describe("what happens on any platform, our own client hears as it was", () => {
  it("what is said", ({ expect }) => {
    fc.assert(
      fc.property(chat, (draft) => {
        const [same, ...more] = loop(draft);
        expect(more).toEqual([]);
        const { user, ...rest } = draft.data as { user: User };
        expect(same).toMatchObject({
          type: draft.type,
          platform: draft.platform,
          data: { ...rest, user: { key: user.key, id: user.id, name: user.name } },
        });
        const { data } = same as { data: { user: User } };
        expect(new Set(data.user.roles)).toEqual(new Set(user.roles));
      }),
      { numRuns: 500 },
    );
  });

  it("what is done", ({ expect }) => {
    fc.assert(
      fc.property(done, (draft) => {
        // On YouTube a follower is called subscriber, and both are told of so.
        expect(loop(draft)).toMatchObject([draft]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Every type of the catalogue, and the topics under which it is told. */
const TABLE: Partial<Record<CatalogueType, readonly string[]>> = {
  "channel.follow": ["channel.activities"],
  "channel.subscription": ["channel.activities"],
  "channel.subscription.gift": ["channel.activities"],
  "channel.tip": ["channel.activities"],
  "channel.tip.moderated": ["channel.tips.moderation"],
  "channel.cheer": ["channel.activities"],
  "channel.raid": ["channel.activities"],
  "channel.redemption": ["channel.activities"],
  "moderation.timeout": ["channel.chatbot.timeout"],
  "stream.online": ["channel.stream.status"],
  "stream.offline": ["channel.stream.status"],
  "session.updated": ["channel.session.update"],
  "session.reset": ["channel.session.reset"],
  "overlay.action": ["channel.overlay.action"],
  "overlay.broadcast": ["channel.overlay.broadcast"],
};

describe("an event of the catalogue", () => {
  it.for(Object.entries(catalogued))(
    "%s is told under its topics, or under none",
    ([type, draft], { expect }) => {
      expect(told(draft).map(({ topic }) => topic)).toEqual(TABLE[type as CatalogueType] ?? []);
    },
  );

  it("that is for one person only is told to nobody", ({ expect }) => {
    const { to: _to, ...open } = catalogued["chat.message"].data.message;
    const draft = catalogued["chat.message"];
    expect(told(draft)).toEqual([]);
    expect(told({ ...draft, data: { ...draft.data, message: open } })).toHaveLength(1);
    const gone = { ...open, deleted: true as const };
    expect(told({ ...draft, data: { ...draft.data, message: gone } })).toEqual([]);
  });
});

describe("a session that begins anew", () => {
  const reset = (session: unknown): EventDraft => ({
    ...catalogued["session.reset"],
    data: { session } as never,
  });
  const figures = { "latest-follower": { name: "Styler" }, follower_count: 7 };

  it("has its figures in the data itself, and in its session, as the samples read them", ({
    expect,
  }) => {
    expect(told(reset(figures))).toMatchObject([{ data: { ...figures, session: figures } }]);
    expect(told(reset(null))).toMatchObject([{ data: { session: null } }]);
  });

  it.for([figures, {}, { session: { of: "its own" }, follower_count: 7 }])(
    "is read as it was: %j",
    (session, { expect }) => {
      expect(loop(reset(session))).toMatchObject([{ type: "session.reset", data: { session } }]);
    },
  );
});

describe("a tip", () => {
  const tip: EventDraft = {
    type: "channel.tip",
    platform: "streamelements",
    time: AT,
    data: {
      tipId: "t-1",
      user: { ...catalogued["channel.follow"].data.user, name: "Styler" },
      amount: { value: "4.2", currency: "USD", kind: "fiat" },
      kind: "tip",
    },
  };

  it("is told under both topics that have it, without an address or a country", ({ expect }) => {
    const [first, second] = told(tip);
    expect(first).toMatchObject({
      topic: "channel.tips",
      data: {
        donation: { user: { username: "Styler", channel: "demo" }, amount: 4.2, currency: "USD" },
        _id: "t-1",
        approved: "allowed",
      },
    });
    expect(second).toMatchObject({
      topic: "channel.activities",
      data: { type: "tip", provider: "StreamElements", data: { amount: 4.2, tipId: "t-1" } },
    });
    expect(JSON.stringify([first, second])).not.toMatch(/email|geo/);
    expect(new Set(heard([first, second] as object[]).map(({ key }) => key)).size).toBe(1);
  });

  it("a tip that is held back is told to those who moderate only", ({ expect }) => {
    const held = { ...tip, data: { ...tip.data, moderation: "pending" } } as EventDraft;
    expect(told(held)).toMatchObject([
      {
        topic: "channel.tips.moderation",
        data: { approved: "pending", donation: { amount: 4.2 } },
      },
    ]);
  });
});

describe("a chat message", () => {
  it("chat of any other platform comes in Twitch's words, with its name", ({ expect }) => {
    const { to: _to, ...open } = catalogued["chat.message"].data.message;
    const { user } = catalogued["chat.message"].data;
    const draft: EventDraft = {
      type: "chat.message",
      platform: "dlive",
      data: { user, message: open },
    };
    expect(told(draft)).toMatchObject([
      {
        topic: "channel.chat.message",
        data: { provider: "dlive", chatter_user_id: user.id, message: { text: open.text } },
      },
    ]);
    const [twitch] = told({ ...draft, platform: "twitch" });
    expect(twitch?.data).not.toHaveProperty("provider");
  });
});
