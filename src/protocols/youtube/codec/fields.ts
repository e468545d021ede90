import type { EventDraft } from "../../../event/event.ts";
import { identify } from "../../../event/nobody.ts";
import type { Amount, Role, User } from "../../../event/shapes.ts";
import { divideByTen } from "../../../lib/decimal.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { parseTime } from "../../../lib/time.ts";
import type { Author, Item } from "../wire/items.ts";

export const PLATFORM = "youtube";

/** The fields that all events of one item have alike. */
export type ItemEnvelope = Pick<EventDraft, "platform" | "connectionId" | "time" | "key">;

/** The envelope of what an item tells of; `kind` is what its key begins with, and `id` what follows. */
export function makeEnvelope(
  connectionId: string,
  item: Item,
  kind: string,
  id: string = item.id,
): ItemEnvelope {
  const time = parseTime(item.snippet.publishedAt ?? "");
  return {
    platform: PLATFORM,
    connectionId,
    ...(time !== null && { time }),
    key: makeKey(kind, id),
  };
}

/** A name by which everybody who tells of YouTube knows an occurrence. */
export function makeKey(kind: string, id: string): string {
  return `${kind}/${PLATFORM}/${id}`;
}

/** A text that says something; undefined for none. */
export function readText(said: string | null | undefined): string | undefined {
  return said == null || said === "" ? undefined : said;
}

/** A whole number that may come as text; undefined for any other. */
export function readCount(said: string | number | null | undefined): number | undefined {
  const digits = typeof said === "number" ? String(said) : (said ?? "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

interface Payment {
  readonly amountMicros?: string | number | null | undefined;
  readonly currency?: string | null | undefined;
  readonly amountDisplayString?: string | null | undefined;
}

/** Reads an amount of money: millionths of the currency, whatever coins it has. Null for none. */
export function readMoney(said: Payment | null | undefined): Amount | null {
  const micros = String(said?.amountMicros ?? "");
  const value = /^\d{1,18}$/.test(micros) ? divideByTen(micros, 6) : null;
  if (value === null) return null;
  const currency = said?.currency ?? "";
  const display = readText(said?.amountDisplayString);
  return {
    value,
    currency: /^[A-Za-z]{3}$/.test(currency) ? currency.toUpperCase() : "XXX",
    kind: "fiat",
    ...(display !== undefined && { display }),
  };
}

/** Reads who an item is from. Nobody where nothing says it. */
export function readUser({ authorDetails, snippet }: Item): User {
  return readAuthor(authorDetails ?? {}, readText(snippet.authorChannelId));
}

/** Reads a person; `otherwise` is the id of one whose details are not told. */
export function readAuthor(said: Partial<Author>, otherwise?: string): User {
  const id = readText(said.channelId) ?? otherwise;
  return omitUndefined({
    ...identify(PLATFORM, id),
    name: readText(said.displayName) ?? id ?? "Anonymous",
    avatar: readText(said.profileImageUrl),
    url: readText(said.channelUrl),
    roles: [
      ...is("broadcaster", said.isChatOwner),
      ...is("moderator", said.isChatModerator),
      ...is("subscriber", said.isChatSponsor),
      ...is("verified", said.isVerified),
    ],
    badges: [],
  });
}

function is(role: Role, claim: boolean | null | undefined): Role[] {
  return claim === true ? [role] : [];
}
