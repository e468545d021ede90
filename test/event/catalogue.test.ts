import { describe, it } from "vitest";

import {
  catalogue,
  CUSTOM_TYPE,
  isCatalogueType,
  findOverload,
  type CatalogueType,
} from "../../src/event/catalogue.ts";
import { makeEventSchema } from "../../src/event/schemas.ts";
import { samples } from "../support/samples.ts";

/** A type's fields, those that may be absent with a `?`, and what may become of it on a slow socket. */
type Row = readonly [fields: string, overload?: "sheddable" | `conflate${string}`];

const TRAIN = "trainId level total progress? goal? kind? endsAt? endedAt?";
const GOAL = "goalId kind title? current target achieved?";
const POLL = "pollId title choices endsAt? status?";
const PREDICTION = "predictionId title outcomes winner? status?";

const TABLE: Record<CatalogueType, Row> = {
  "chat.message": ["user message source?", "sheddable"],
  "chat.message.deleted": ["messageIds eventIds? user? by?"],
  "chat.message.held": ["user message reason?"],
  "chat.message.reviewed": ["messageId outcome user? by?"],
  "chat.cleared": ["scope user? by?"],
  "chat.notice": ["text kind user?", "sheddable"],
  "chat.settings.updated": [
    "emoteOnly? followersOnly? subscribersOnly? slowSeconds? unique? mode?",
    "conflate",
  ],
  "chat.emote.added": ["emote", "sheddable"],
  "send.accepted": ["sendId kind targets text? reason? retryable? retryAfter?"],
  "send.confirmed": ["sendId kind targets text? reason? retryable? retryAfter?"],
  "send.failed": ["sendId kind targets text? reason? retryable? retryAfter?"],
  "channel.follow": ["user"],
  "channel.subscription": ["user subscription"],
  "channel.subscription.gift": ["user? count tier? recipients gift?"],
  "channel.subscription.ended": ["user"],
  "channel.tip": ["tipId? user? amount message? kind moderation?"],
  "channel.tip.moderated": ["tipId moderation by?"],
  "channel.cheer": ["user? amount gift? message?"],
  "channel.raid": ["user viewers kind direction"],
  "channel.redemption": ["user reward input? status?"],
  "channel.shoutout": ["user by? viewers? direction", "sheddable"],
  "channel.ad.started": ["seconds automatic"],
  "channel.updated": ["title? category? language?", "conflate"],
  "channel.hype_train.started": [TRAIN],
  "channel.hype_train.progressed": [TRAIN, "conflate by trainId"],
  "channel.hype_train.ended": [TRAIN],
  "channel.goal.started": [GOAL],
  "channel.goal.progressed": [GOAL, "conflate by goalId"],
  "channel.goal.ended": [GOAL],
  "channel.poll.started": [POLL],
  "channel.poll.progressed": [POLL, "conflate by pollId"],
  "channel.poll.ended": [POLL],
  "channel.prediction.started": [PREDICTION],
  "channel.prediction.progressed": [PREDICTION, "conflate by predictionId"],
  "channel.prediction.locked": [PREDICTION],
  "channel.prediction.ended": [PREDICTION],
  "stream.online": ["startedAt? url? account?"],
  "stream.offline": ["endedAt? url? account?"],
  "stream.status": ["incoming? pushing? pulling? accounts?", "conflate"],
  "stream.viewers": ["count account?", "conflate by account"],
  "moderation.ban": ["user by? reason?"],
  "moderation.unban": ["user by? reason?"],
  "moderation.timeout": ["user by? reason? seconds? until?"],
  "moderation.warning": ["user by? reason?"],
  "moderation.moderator.added": ["user by?"],
  "moderation.moderator.removed": ["user by?"],
  "moderation.vip.added": ["user by?"],
  "moderation.vip.removed": ["user by?"],
  "interaction.input": ["view component user? values?"],
  "interaction.mouse": ["button x y width height user?", "sheddable"],
  "chest.giveaway.started": ["value? endsAt?"],
  "chest.giveaway.ended": ["value? winners?"],
  "chest.value.updated": ["amount", "conflate"],
  "chest.value.expired": ["amount"],
  "overlay.action": ["action"],
  "overlay.broadcast": ["target event payload", "sheddable"],
  "session.updated": ["key value", "conflate by key"],
  "session.reset": ["session", "conflate"],
  "connection.updated": [
    "identifier uuid platform status reason target writable ready live takes?",
    "conflate by identifier",
  ],
  "connection.closed": ["identifier uuid reason? replaced?"],
  "connection.gap": ["identifier from to cause"],
  "webhook.failing": ["webhookId host since attempts"],
  "webhook.recovered": ["webhookId host failedSince"],
  "webhook.disabled": ["webhookId host reason"],
  "provider.event": ["nativeType payload", "sheddable"],
};

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

function dataOf(type: CatalogueType): Schema {
  return (makeEventSchema(type) as Schema).properties?.["data"] ?? {};
}

function fieldsOf({ properties = {}, required = [] }: Schema): string {
  return Object.keys(properties)
    .map((name) => (required.includes(name) ? name : `${name}?`))
    .join(" ");
}

function overloadIn(type: CatalogueType): string | undefined {
  const { sheddable, conflateBy } = findOverload(type);
  if (conflateBy === undefined) return sheddable === true ? "sheddable" : undefined;
  const words = ["conflate", ...(conflateBy.length === 0 ? [] : ["by", ...conflateBy])];
  return [...words, ...(sheddable === true ? ["and shed"] : [])].join(" ");
}

function namesIn(schema: Schema): string[] {
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
  ];
  return [...Object.keys(schema.properties ?? {}), ...inner.flatMap(namesIn)];
}

describe("the catalogue", () => {
  it("has every type there is a word for, and no other", ({ expect }) => {
    expect(Object.keys(catalogue)).toEqual(Object.keys(TABLE));
  });

  it("names the thing first and the change last, in small letters with dots between", ({
    expect,
  }) => {
    const odd = Object.keys(catalogue).filter((type) => !/^[a-z]+(\.[a-z_]+){1,2}$/.test(type));
    expect(odd).toEqual([]);
  });

  it("says of every type in a sentence what it is", ({ expect }) => {
    const abouts = Object.values(catalogue).map(({ about }) => about);
    expect(abouts.filter((about) => !/^[A-Z].+\.$/.test(about))).toEqual([]);
    expect(new Set(abouts).size).toBe(abouts.length);
  });

  it("knows its own types only, and no property of every object", ({ expect }) => {
    expect(Object.keys(catalogue).every(isCatalogueType)).toBe(true);
    const strange = ["chat", "chat.*", "custom.x", "constructor", "toString", "__proto__", ""];
    expect(strange.filter(isCatalogueType)).toEqual([]);
    expect(strange.map((type) => findOverload(type))).toEqual(strange.map(() => ({})));
  });
});

describe.for(Object.entries(TABLE) as [CatalogueType, Row][])(
  "%s",
  ([type, [fields, overload]]) => {
    it("has the fields of the catalogue, in camelCase", ({ expect }) => {
      expect(fieldsOf(dataOf(type))).toBe(fields);
      expect(namesIn(dataOf(type)).filter((name) => !/^[a-z]+([A-Z][a-z]+)*$/.test(name))).toEqual(
        [],
      );
    });

    it(`is, on a slow socket, ${overload ?? "always delivered"}`, ({ expect }) => {
      expect(overloadIn(type)).toBe(overload);
    });

    it("has a sample with each of its fields", ({ expect }) => {
      expect(Object.keys(samples[type].data).toSorted()).toEqual(
        fields.replaceAll("?", "").split(" ").toSorted(),
      );
    });
  },
);

describe("a program's own type", () => {
  it.for(["custom.hype", "custom.my-game.level_up", "custom.a.b.c.d", `custom.${"x".repeat(40)}`])(
    "may be %s",
    (type, { expect }) => {
      expect(type).toMatch(CUSTOM_TYPE);
    },
  );

  it.for([
    "custom",
    "custom.",
    "custom.A",
    "custom..a",
    "custom.a.",
    "custom.a.b.c.d.e",
    `custom.${"x".repeat(41)}`,
    "custom.a b",
    "chat.custom.a",
    "customer.a",
    "custom.a\n",
  ])("may not be %j", (type, { expect }) => {
    expect(type).not.toMatch(CUSTOM_TYPE);
  });
});
