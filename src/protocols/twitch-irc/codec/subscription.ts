import type { EventDraft } from "../../../event/event.ts";
import { identify } from "../../../event/nobody.ts";
import type { Person, Subscription, User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { readPlainWords } from "../../chat-text.ts";
import type { Line } from "../wire/line.ts";
import { isSet, PLATFORM, readCount, readTag, type IrcEnvelope } from "./fields.ts";
import { isAnonymous, readAuthor, readPerson } from "./user.ts";

/** Somebody subscribed, or went on subscribing. */
export function draftSubscription(
  draft: IrcEnvelope,
  line: Line,
  kind: Subscription["kind"],
): EventDraft {
  const said = readPlainWords(line.params[1]);
  const subscription = omitUndefined({
    kind,
    tier: readTier(line),
    months: readMonths(line, "msg-param-cumulative-months", "msg-param-months"),
    streak: isSet(line, "msg-param-should-share-streak")
      ? readMonths(line, "msg-param-streak-months")
      : undefined,
    gift: isSet(line, "msg-param-was-gifted") ? readGift(line) : undefined,
    message: said === "" ? undefined : said,
  });
  return { ...draft, type: "channel.subscription", data: { user: readAuthor(line), subscription } };
}

/** A gift is kept: by somebody who was given one, or who has it with something else. */
export function draftUpgrade(draft: IrcEnvelope, line: Line): EventDraft {
  const login = ["msg-param-sender-login"];
  const from = readPerson(line, [], login, ["msg-param-sender-name"]);
  const subscription = omitUndefined({
    kind: "upgrade" as const,
    tier: readTier(line),
    gift: from === null ? undefined : { from },
  });
  return { ...draft, type: "channel.subscription", data: { user: readAuthor(line), subscription } };
}

/** Several gifts at once. Each of them is told of by itself, afterwards. */
export function draftPurchase(draft: IrcEnvelope, line: Line): EventDraft {
  const count = readCount(line, "msg-param-mass-gift-count") ?? 1;
  return draftGift(draft, line, count, [], readPurchase(line));
}

/** One gift: by itself, or of several that were bought at once. */
export function draftGiven(draft: IrcEnvelope, line: Line): EventDraft {
  const recipient = readRecipient(line);
  const id = readPurchase(line);
  if (id === undefined || recipient === null) {
    return draftGift(draft, line, 1, recipient === null ? [] : [recipient], undefined);
  }
  const from = isAnonymous(line) ? undefined : readGiver(readAuthor(line));
  const subscription = omitUndefined({
    kind: "new" as const,
    tier: readTier(line),
    months: readMonths(line, "msg-param-months"),
    gift: omitUndefined({ id, from }),
  });
  const user: User = omitUndefined({
    ...identify(PLATFORM, recipient.id),
    login: recipient.login,
    name: recipient.name ?? recipient.login ?? "Anonymous",
    roles: [],
    badges: [],
  });
  return { ...draft, type: "channel.subscription", data: { user, subscription } };
}

function draftGift(
  draft: IrcEnvelope,
  line: Line,
  count: number,
  recipients: Person[],
  id: string | undefined,
): EventDraft {
  const data = omitUndefined({
    user: isAnonymous(line) ? undefined : readAuthor(line),
    count,
    tier: readTier(line),
    recipients,
    gift: id === undefined ? undefined : { id },
  });
  return { ...draft, type: "channel.subscription.gift", data };
}

// What the purchase was called before 2023: the bytes of a hash. Those of a gift by itself are the hash
// of nothing.
const HASH = /^[0-9a-f]{2}(?: [0-9a-f]{2})+$/;
const HASH_OF_NOTHING = "da 39 a3 ee";

/** The name of the purchase that a gift is of; undefined for a gift by itself. */
function readPurchase(line: Line): string | undefined {
  const id = readTag(line, "msg-param-community-gift-id");
  if (id !== undefined) return id;
  const origin = readTag(line, "msg-param-origin-id");
  const isBomb = readTag(line, "msg-param-mass-gift-count") !== undefined;
  if (origin === undefined || isBomb) return origin;
  return HASH.test(origin) && !origin.startsWith(HASH_OF_NOTHING) ? origin : undefined;
}

function readRecipient(line: Line): Person | null {
  const recipient = "msg-param-recipient";
  return readPerson(
    line,
    [`${recipient}-id`],
    [`${recipient}-user-name`, `${recipient}-name`],
    [`${recipient}-display-name`],
  );
}

/** The giver of a subscription that is told of now. */
function readGift(line: Line): NonNullable<Subscription["gift"]> {
  if (isSet(line, "msg-param-anon-gift")) return {};
  const gifter = "msg-param-gifter";
  const from = readPerson(line, [`${gifter}-id`], [`${gifter}-login`], [`${gifter}-name`]);
  return from === null ? {} : { from };
}

function readGiver({ key, id, login, name }: User): Person {
  return omitUndefined({ key, id, login, name });
}

/** The words that StreamElements has for it as well. */
function readTier(line: Line): string | undefined {
  const plan = readTag(line, "msg-param-sub-plan");
  return plan === "Prime" ? "prime" : plan;
}

/** None is told of as 0, which is not said. */
function readMonths(line: Line, ...tags: readonly string[]): number | undefined {
  const months = tags
    .map((tag) => readCount(line, tag))
    .find((each) => each !== undefined && each > 0);
  return months;
}
