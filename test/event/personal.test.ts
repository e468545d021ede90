import { describe, it } from "vitest";
import { z } from "zod";

import { catalogue, type CatalogueType } from "../../src/event/catalogue.ts";
import { listPersonalFields, PERSONAL, walkSchema } from "../../src/event/personal.ts";
import { makeEventSchema } from "../../src/event/schemas.ts";

const pages = import.meta.glob("../../docs/personal-data.md", {
  query: "?raw",
  import: "default",
  eager: true,
});

const TYPES = Object.keys(catalogue) as CatalogueType[];

/**
 * The texts of the catalogue that hold nothing of a person: each was looked at. A new one is either
 * marked where it is defined, or stands here.
 */
const NOBODYS = [
  /\.(messageIds|eventIds)\.\*$/,
  /\.(tipId|sendId|account|identifier|uuid|webhookId|host|nativeType|component|action|target|event|key)$/,
  /\.(amount|gift|reward|emote|subscription)\.(value|currency|display|name|id|title|image|tier)$/,
  /^channel\.(subscription\.gift tier|redemption status|updated (title|category|language))$/,
  /^(channel\.subscription\.gift|channel\.redemption|channel\.updated|stream\.online|stream\.offline|send\.\w+|chest\.giveaway\.\w+|connection\.\w+|webhook\.\w+|moderation\.timeout|chat\.settings\.updated)\.(tier|status|title|category|language|startedAt|endedAt|endsAt|url|reason|targets\.\*|value|from|to|cause|since|failedSince|until|mode|platform)$/,
  // What a channel asks its viewers, and how far they are.
  /^channel\.(hype_train|goal|poll|prediction)\.\w+\.(trainId|goalId|pollId|predictionId|title|kind|status|winner|endsAt|endedAt)$/,
  /^channel\.(poll|prediction)\.\w+\.(choices|outcomes)\.\*\.(id|title)$/,
  /^chat\.message\.(held\.reason|reviewed\.messageId)$/,
  /^stream\.status\.accounts\.\*\.id$/,
  // The channel's own accounts are no viewer's: they go with their links, and with the channel.
  /^connection\.updated\.target\.(platform|id|name|url|avatar)$/,
];

/** The texts of a type, and what may hold any, that lie in nothing that is marked. */
function listUnmarked(type: CatalogueType): string[] {
  const { data } = catalogue[type];
  const marked = listPersonalFields(data).map(({ path }) => path.join("."));
  const isIn = (path: string): boolean =>
    marked.some((each) => path === each || path.startsWith(`${each}.`));
  return [...walkSchema(data)]
    .filter(
      ({ schema }) =>
        schema instanceof z.ZodString ||
        schema instanceof z.ZodUnknown ||
        schema instanceof z.ZodRecord,
    )
    .map(({ path }) => path.join("."))
    .filter((path) => !isIn(path))
    .map((path) => `${type}.${path}`);
}

describe("the catalogue", () => {
  it("says of every text whether it is a person's, and whose", ({ expect }) => {
    const unmarked = TYPES.flatMap(listUnmarked);
    expect(unmarked.length).toBeGreaterThan(20);
    expect(unmarked.filter((each) => !NOBODYS.some((known) => known.test(each)))).toEqual([]);
  });

  it("names as the author of words a field that names somebody", ({ expect }) => {
    for (const type of TYPES) {
      const fields = listPersonalFields(catalogue[type].data);
      for (const { mark } of fields) {
        if (!("of" in mark) || mark.of === null) continue;
        const author = fields.find(({ path }) => path.join(".") === mark.of);
        expect([type, author?.mark.kind]).toEqual([type, "person"]);
      }
    }
  });

  it("publishes it with each type's schema", ({ expect }) => {
    const schema = makeEventSchema("channel.redemption");
    expect(schema).toMatchObject({
      properties: {
        data: {
          properties: {
            user: { [PERSONAL]: { kind: "person" } },
            input: { [PERSONAL]: { kind: "words", of: "user" } },
          },
        },
      },
    });
  });

  it("is what the page on personal data says", ({ expect }) => {
    const page = pages["../../docs/personal-data.md"] ?? "";
    const rows = page.split("| type | fields |\n")[1]?.split("\n\n")[0]?.split("\n") ?? [];
    const table = rows.slice(1);
    expect(table).toEqual(makeTable());
  });
});

const SAID = {
  message: "a message",
  words: "words",
  person: "a person",
  open: "anything",
  members: "anything, each member by itself",
} as const;

const OF = { user: " of `user`", by: " of `by`" } as const;

/** A row for each type that holds anything of people, as the page has them. */
function makeTable(): string[] {
  return TYPES.flatMap((type) => {
    const fields = listPersonalFields(catalogue[type].data).map(({ path, mark }) => {
      const whose = "of" in mark && mark.of !== null ? OF[mark.of] : "";
      return `\`${path.join(".")}\` ${SAID[mark.kind]}${whose}`;
    });
    return fields.length === 0 ? [] : [`| \`${type}\` | ${fields.join("; ")} |`];
  });
}
