import type { DraftOf, EventDraft } from "../../../event/event.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { readPlainWords } from "../../chat-text.ts";
import type { Line } from "../wire/line.ts";
import { makeBits, makeKey, readCount, readMoney, readTag, type IrcEnvelope } from "./fields.ts";
import { draftGiven, draftPurchase, draftSubscription, draftUpgrade } from "./subscription.ts";
import { readAuthor } from "./user.ts";

/**
 * A notice of a room: what somebody did for the channel, in tags and in Twitch's own words. What has no
 * word of ours is told of as the provider has it.
 */
export function toNotice(envelope: IrcEnvelope, line: Line): EventDraft[] {
  const draft = { ...envelope, ...makeKey("notice", line) };
  const kind = readTag(line, "msg-id") ?? "";
  return [draftKind(draft, line, kind) ?? draftUnknown(draft, `USERNOTICE.${kind}`)];
}

/** Something of the provider's that we have no word for. */
export function draftUnknown(draft: IrcEnvelope, nativeType: string): EventDraft {
  return { ...draft, type: "provider.event", data: { nativeType, payload: draft.raw } };
}

function draftKind(draft: IrcEnvelope, line: Line, kind: string): EventDraft | null {
  switch (kind) {
    case "sub":
      return draftSubscription(draft, line, "new");
    case "resub":
    case "extendsub":
      return draftSubscription(draft, line, "renewal");
    case "subgift":
    case "anonsubgift":
      return draftGiven(draft, line);
    case "submysterygift":
    case "anonsubmysterygift":
      return draftPurchase(draft, line);
    case "giftpaidupgrade":
    case "anongiftpaidupgrade":
    case "primepaidupgrade":
      return draftUpgrade(draft, line);
    case "raid":
      return draftRaid(draft, line);
    case "announcement":
      return draftSaid(draft, line, "announcement");
    case "sharedchatnotice":
      return draftSaid(draft, line, isAnnouncement(line) ? "announcement" : "system");
    case "viewermilestone":
    case "modiversary":
    case "bitsbadgetier":
    case "socialsharingbadge":
    case "ritual":
      return draftSaid(draft, line, "milestone");
    case "unraid":
    case "rewardgift":
    case "standardpayforward":
    case "communitypayforward":
    case "primecommunitygiftreceived":
    case "charity":
      return draftSaid(draft, line, "system");
    case "charitydonation":
      return draftMoney(draft, line, "charity", "donation-amount", "donation-currency");
    case "midnightsquid":
      return draftMoney(draft, line, "tip", "amount", "currency");
    case "onetapgiftredeemed":
      return draftOneTap(draft, line);
    default:
      return null;
  }
}

function draftRaid(draft: IrcEnvelope, line: Line): EventDraft {
  // The address has a place for the picture's size.
  const avatar = readTag(line, "msg-param-profileImageURL")?.replace("%s", "300x300");
  const user = readAuthor(line, avatar === undefined ? {} : { avatar });
  const viewers = readCount(line, "msg-param-viewerCount") ?? 0;
  const data = { user, viewers, kind: "raid" as const, direction: "in" as const };
  return { ...draft, type: "channel.raid", data };
}

function isAnnouncement(line: Line): boolean {
  return readTag(line, "source-msg-id") === "announcement";
}

/** An announcement is in its author's words; all else in Twitch's, which name the person. */
function draftSaid(
  draft: IrcEnvelope,
  line: Line,
  kind: DraftOf<"chat.notice">["data"]["kind"],
): EventDraft {
  const said = kind === "announcement" ? line.params[1] : readTag(line, "system-msg");
  const data = { text: readPlainWords(said), kind, user: readAuthor(line) };
  return { ...draft, type: "chat.notice", data };
}

function draftMoney(
  draft: IrcEnvelope,
  line: Line,
  kind: "charity" | "tip",
  amountTag: string,
  currencyTag: string,
): EventDraft | null {
  const [units, currency] = [`msg-param-${amountTag}`, `msg-param-${currencyTag}`];
  const amount = readMoney(line, units, currency, "msg-param-exponent");
  return (
    amount && { ...draft, type: "channel.tip", data: { user: readAuthor(line), amount, kind } }
  );
}

function draftOneTap(draft: IrcEnvelope, line: Line): EventDraft | null {
  const bits = readCount(line, "msg-param-bits-spent");
  const name = readTag(line, "msg-param-gift-id");
  if (bits === undefined) return null;
  const gift = name === undefined ? undefined : { name, count: 1 };
  const data = omitUndefined({ user: readAuthor(line), amount: makeBits(bits), gift });
  return { ...draft, type: "channel.cheer", data };
}
