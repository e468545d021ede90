import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { DataOf } from "../../../../src/event/catalogue.ts";
import type { EventDraft, StreamEvent } from "../../../../src/event/event.ts";
import { splitFragments, splitAtSpans, makeMessage } from "../../../../src/event/message.ts";
import type { Amount, Role, User } from "../../../../src/event/shapes.ts";
import { omitUndefined } from "../../../../src/lib/given.ts";
import { formatTime } from "../../../../src/lib/time.ts";
import { isPiece, toWorth } from "../../../../src/protocols/dlive/codec/gifts.ts";
import { provider } from "../../../../src/protocols/dlive/index.ts";
import { samples as catalogued } from "../../../support/samples.ts";
import { drive, draftsOf, only, typesOf, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import { AT, Client, eventOf } from "../client.ts";
import { samples, STREAMER } from "../samples.ts";

/** Our provider as the client of our gateway: what it makes of events that are told to it. */
function heardOf(events: readonly StreamEvent[]): EventDraft[] {
  const client = new Client(true);
  const session = drive(provider.open(linkTo(samples)));
  const pass = (effects: ReturnType<Driven["opened"]>): void => {
    for (const { frame } of only(effects, "frame-send")) client.says(frame);
  };
  pass(session.opened());
  client.isKnown();
  for (const text of client.texts()) pass(session.receives(text));
  client.follows(STREAMER).hears(STREAMER, ...events);
  return client.texts().flatMap((text) => {
    const effects = session.receives(text);
    const others = typesOf(effects).filter((type) => type !== "events-observe");
    if (others.length > 0) throw new Error(`${others.join()} after ${text}`);
    return draftsOf(effects);
  });
}

const id = fc.stringMatching(/^[a-z0-9_]{1,20}$/);
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
const count = fc.integer({ min: 0, max: 1_000_000 });

const roles = fc
  .tuple(
    fc.constantFrom<Role[]>([], ["broadcaster"], ["moderator"]),
    fc.constantFrom<Role[]>([], ["subscriber"]),
    fc.constantFrom<Role[]>([], ["staff"], ["bot"]),
    fc.constantFrom<Role[]>([], ["verified"]),
  )
  .map((each) => each.flat());

const user = fc
  .record({ id, name, roles, avatar: fc.option(fc.webUrl()), badges: fc.array(name) })
  .map(({ avatar, badges, ...who }): User => ({
    ...who,
    key: `dlive:${who.id}`,
    login: who.id,
    ...(avatar !== null && { avatar }),
    url: `https://dlive.tv/${encodeURIComponent(who.name)}`,
    badges: badges.map((set) => ({ set })),
    anonymous: false,
  }));

/** As what they have just become, as DLive says it. */
function asModerator(who: User, isModerator: boolean): User {
  const others = who.roles.filter((role) => role !== "broadcaster" && role !== "moderator");
  return { ...who, roles: isModerator ? ["moderator", ...others] : others };
}

const person = fc.record({ id, name }).map(({ id, name }) => ({
  key: `dlive:${id}`,
  id,
  login: id,
  name,
}));

// DLive says by two numbers where an emoji is, and not what they count. A mark on a word by itself is
// read one way only.
const WORDS = /(?<!\S)\p{L}+(?!\S)/gu;

const said = fc.tuple(fc.uuid(), words, fc.nat()).map(([id, text, pick]) => {
  const all = [...text.matchAll(WORDS)];
  const marked = all.slice(pick % (all.length + 1)).slice(0, 1);
  const spans = marked.map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    fragment: { type: "emoji" as const },
  }));
  return makeMessage(id, splitAtSpans(text, spans));
});

const sticker = fc.tuple(fc.uuid(), id, id).map(([uuid, owner, emote]) =>
  makeMessage(uuid, [
    {
      type: "sticker",
      text: `:emote/channel/${owner}/${emote}:`,
      id: emote,
      image: `https://images.prd.dlivecdn.com/emote/${emote}`,
    },
  ]),
);

const GIFTS = ["LEMON", "ICE_CREAM", "DIAMOND", "NINJAGHINI", "NINJET", "BTT", "TRX"];

const cheer = fc
  .record({ user, gift: fc.constantFrom(...GIFTS), count, text: fc.option(words) })
  .map(({ user, gift, count, text }): DataOf<"channel.cheer"> => ({
    user,
    amount: toWorth(gift, String(count)) as Amount,
    ...(isPiece(gift) && { gift: { name: gift, count } }),
    // A gift's words have the id of the gift.
    ...(text !== null && { message: makeMessage("", splitFragments(text)) }),
  }));

const subscription = fc.oneof(
  fc.integer({ min: 1, max: 200 }).map((months) => ({
    kind: months > 1 ? ("renewal" as const) : ("new" as const),
    months,
  })),
  fc.integer({ min: 1, max: 200 }).map((streak) => ({ kind: "renewal" as const, streak })),
  fc.option(name).map((from) => ({
    kind: "new" as const,
    gift: from === null ? {} : { from: { name: from } },
  })),
);

const settings = fc.constantFrom("DEFAULT", "SUB_ONLY", "FOLLOW_ONLY").map((mode) => ({
  mode,
  followersOnly: mode === "FOLLOW_ONLY",
  subscribersOnly: mode === "SUB_ONLY",
}));

const lemons = count.map((n): Amount => ({
  value: String(n / 4),
  currency: "dlive:lemon",
  kind: "virtual",
}));

const by = fc.option(person).map((each) => (each === null ? {} : { by: each }));

const of = (type: EventDraft["type"], data: fc.Arbitrary<object>) =>
  data.map((each) => [{ type, data: each }]);

/** Everything that DLive has a word for, as it comes from DLive: a giveaway's start is two events. */
const occurrence = fc.oneof(
  of("chat.message", fc.record({ user, message: fc.oneof(said, sticker) })),
  of("channel.cheer", cheer),
  of("stream.online", fc.constant({})),
  of("stream.offline", fc.constant({})),
  of("channel.follow", fc.record({ user })),
  of("channel.subscription", fc.record({ user, subscription })),
  of(
    "channel.subscription.gift",
    fc.record({ user, count, recipients: fc.array(fc.record({ name }), { maxLength: 1 }) }),
  ),
  of("chat.message.deleted", fc.record({ messageIds: fc.array(fc.uuid()) })),
  of(
    "channel.raid",
    fc.record({
      user,
      viewers: count,
      kind: fc.constant("host"),
      direction: fc.constant("in"),
    }),
  ),
  of("chat.settings.updated", settings),
  of(
    "moderation.ban",
    fc.tuple(user, by).map(([user, by]) => ({ user, ...by })),
  ),
  of(
    "moderation.timeout",
    fc.tuple(user, by, count).map(([user, by, n]) => ({ user, ...by, seconds: n * 60 })),
  ),
  of(
    "moderation.moderator.added",
    fc.record({ user: user.map((each) => asModerator(each, true)) }),
  ),
  of(
    "moderation.moderator.removed",
    fc.record({ user: user.map((each) => asModerator(each, false)) }),
  ),
  of(
    "chat.emote.added",
    name.map((name) => ({ emote: { id: name, name } })),
  ),
  fc.tuple(lemons, count).map(([{ value }, seconds]) => [
    {
      type: "chest.giveaway.started" as const,
      data: { value, endsAt: formatTime(AT + seconds * 1000) },
    },
    {
      type: "chest.value.updated" as const,
      data: { amount: { value: "0", currency: "dlive:lemon", kind: "virtual" } },
    },
  ]),
  of("chest.giveaway.ended", fc.constant({})),
  of("chest.value.updated", fc.record({ amount: lemons })),
  of("chest.value.expired", fc.record({ amount: lemons })),
);

const time = fc.integer({ min: 1, max: 253_402_300_799_999 });

const happenings = fc
  .array(fc.tuple(occurrence, time), { minLength: 1, maxLength: 6 })
  .map((all) =>
    all
      .flatMap(([each, time]) => each.map((draft) => ({ ...draft, time })))
      .map((draft, index) => eventOf({ platform: "dlive", ...draft } as EventDraft, index + 1)),
  );

describe("our provider as a client of our gateway", () => {
  it("hears what happened, as it happened, in its order", ({ expect }) => {
    fc.assert(
      fc.property(happenings, (events) => {
        const heard = heardOf(events);
        expect(heard.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
        for (const [index, { type, data, time, platform }] of heard.entries()) {
          const event = events[index];
          expect(platform).toBe("dlive");
          expect(withoutGiftsId(data)).toEqual(event?.data);
          // A chest's events have no time of their own.
          if (!type.startsWith("chest.")) expect(time).toBe(Date.parse(event?.time ?? ""));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("tells apart what happened twice, and knows again what it was told twice", ({ expect }) => {
    fc.assert(
      fc.property(happenings, (events) => {
        const keysOf = (all: readonly EventDraft[]) => all.flatMap(({ key }) => key ?? []);
        const keys = keysOf(heardOf(events));
        expect(keysOf(heardOf(events))).toEqual(keys);
        const isOwn = ({ type }: StreamEvent) => !/^chest\.|deleted$/.test(type);
        expect(new Set(keys).size).toBeGreaterThanOrEqual(events.filter(isOwn).length);
      }),
      { numRuns: 200 },
    );
  });

  it.for(Object.entries(catalogued))(
    "hears once and for all what it can of %s",
    ([, draft], { expect }) => {
      const first = heardOf([eventOf(draft, 1, "api")]);
      const second = heardOf(first.map((each, index) => eventOf(each, index + 1)));
      expect(typesOnly(second)).toEqual(typesOnly(first));
      expect(second.map(({ data }) => withoutGiftsId(data))).toEqual(
        first.map(({ data }) => withoutGiftsId(data)),
      );
    },
  );
});

function typesOnly(all: readonly EventDraft[]): string[] {
  return all.map(({ type }) => type);
}

function withoutGiftsId(data: object): object {
  const { amount, message } = data as { amount?: unknown; message?: object };
  if (amount === undefined || message === undefined) return data;
  return { ...data, message: omitUndefined({ ...message, id: undefined }) };
}
