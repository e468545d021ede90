import { z } from "zod";

import { identify } from "../event/nobody.ts";
import type { Badge as OurBadge, Person as OurPerson, Role, User } from "../event/shapes.ts";
import { omitUndefined } from "../lib/given.ts";
import { decode } from "../lib/json.ts";
import { ROLE_OF_BADGE } from "./badge-roles.ts";

/*
 * People on Kick, in the words of its webhook, whoever passes them on.
 */

const PLATFORM = "kick";

const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);

const Badge = z.looseObject({
  type: z.string().min(1),
  text,
  count: z.number().nullish().catch(null),
});

// Numbers in the documents; a text does no harm.
export const PersonId = z.union([z.string().min(1).max(64), z.int().nonnegative()]);

export const Person = z.looseObject({
  is_anonymous: flag,
  user_id: PersonId.nullish().catch(null),
  username: text,
  is_verified: flag,
  profile_picture: text,
  channel_slug: text,
  identity: z
    .looseObject({ username_color: text, badges: z.array(z.unknown()).nullish().catch(null) })
    .nullish()
    .catch(null),
});
export type Person = z.infer<typeof Person>;

/** An id that stands for nobody. */
const NOBODY = "0";

/** The id of somebody who has been named; undefined for who wants not to be. */
export function readId({ is_anonymous: isAnonymous, user_id: id }: Person): string | undefined {
  const told = id === null || id === undefined ? NOBODY : String(id);
  return isAnonymous === true || told === NOBODY ? undefined : told;
}

/** The part of a person that may be told: of who wants to be nobody, nothing. */
function readTold(person: Person): Person {
  return person.is_anonymous === true ? {} : person;
}

/** Somebody in our words. `owner`: the id of the channel's own. */
export function readUser(said: Person, owner: string | undefined): User {
  const person = readTold(said);
  const id = readId(person);
  const slug = readText(person.channel_slug);
  const badges = (person.identity?.badges ?? []).flatMap(readBadge);
  const roles: Role[] = [
    ...(id !== undefined && id === owner ? (["broadcaster"] as const) : []),
    ...(person.is_verified === true ? (["verified"] as const) : []),
    ...badges.flatMap(({ set }) => ROLE_OF_BADGE.get(set) ?? []),
  ];
  return omitUndefined({
    ...identify(PLATFORM, id),
    login: slug,
    name: readText(person.username) ?? slug ?? id ?? "Anonymous",
    avatar: readText(person.profile_picture),
    url: slug === undefined ? undefined : makePageUrl(slug),
    color: readText(person.identity?.username_color),
    roles: [...new Set(roles)],
    badges,
  });
}

/** The same of whom only the name is of interest. */
export function readPerson(said: Person): OurPerson {
  const person = readTold(said);
  const id = readId(person);
  return omitUndefined({
    key: id === undefined ? undefined : `${PLATFORM}:${id}`,
    id,
    login: readText(person.channel_slug),
    name: readText(person.username),
  });
}

/** The page of a channel. */
export function makePageUrl(slug: string): string {
  return `https://kick.com/${encodeURIComponent(slug.toWellFormed())}`;
}

/** A text that says something. */
export function readText(text: string | null | undefined): string | undefined {
  return text === null || text === "" ? undefined : text;
}

function readBadge(raw: unknown): OurBadge[] {
  const decoded = decode(Badge, raw);
  if (!decoded.ok) return [];
  const { type: set, text, count } = decoded.value;
  const info = count != null && count > 0 ? String(count) : undefined;
  return [omitUndefined({ set, title: readText(text), info })];
}
