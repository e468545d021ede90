/* Events in a line of words. Pure. */
import type { DataOf, StreamEvent } from "../../client/event-types.ts";
import type { Amount, Catalogue } from "../../client/events.ts";
import { campaigns } from "./campaigns.ts";
import { cutText, nameOf, sayBy, sayCount } from "./phrases.ts";

/** An amount as people write it: money by its currency, else a number with its word. */
export function formatAmount(amount: Amount | undefined): string {
  if (amount === undefined) return "";
  if (amount.kind === "fiat") {
    try {
      const format = new Intl.NumberFormat(undefined, {
        style: "currency",
        currency: amount.currency,
      });
      // A decimal as text is exact; the types do not know of it yet.
      return format.format(amount.value as unknown as number);
    } catch {
      // A currency that nobody knows: as the provider wrote it.
      return amount.display ?? `${amount.value} ${amount.currency}`;
    }
  }
  const word = amount.currency.split(":").at(-1) ?? amount.currency;
  return `${Number(amount.value).toLocaleString()} ${word}${amount.value === "1" || word.endsWith("s") ? "" : "s"}`;
}

/** Every type of the catalogue has words: one that is new does not compile without. */
type Words = { readonly [T in keyof Catalogue]: (data: never) => string };

const words: Words = {
  "chat.message": ({ user, message }: DataOf<"chat.message">) =>
    `${nameOf(user)}: ${message.deleted === true ? "(deleted)" : cutText(message.text)}`,
  "chat.message.deleted": ({ messageIds, user, by }: DataOf<"chat.message.deleted">) =>
    `${messageIds.length} deleted${user ? ` of ${nameOf(user)}` : ""}${sayBy(by)}`,
  "chat.cleared": ({ scope, user }: DataOf<"chat.cleared">) =>
    scope === "user" ? `All lines of ${nameOf(user)} were cleared` : "The chat was cleared",
  "chat.notice": ({ text }: DataOf<"chat.notice">) => cutText(text),
  "chat.message.held": ({ user, message, reason }: DataOf<"chat.message.held">) =>
    `${nameOf(user)} waits for a moderator${reason === undefined ? "" : ` (${reason})`}: ${cutText(message.text)}`,
  "chat.message.reviewed": ({ outcome, user, by }: DataOf<"chat.message.reviewed">) =>
    `A line${user ? ` of ${nameOf(user)}` : ""} that waited: ${outcome}${sayBy(by)}`,
  "chat.settings.updated": (data: DataOf<"chat.settings.updated">) =>
    `Who may write: ${listSettings(data)}`,
  "chat.emote.added": ({ emote }: DataOf<"chat.emote.added">) => `New emote: ${emote.name}`,
  "send.accepted": ({ text, targets }: DataOf<"send.accepted">) =>
    `Taken on for ${targets.length}: ${cutText(text ?? "")}`,
  "send.confirmed": ({ text }: DataOf<"send.confirmed">) => `Arrived: ${cutText(text ?? "")}`,
  "send.failed": ({ text, reason }: DataOf<"send.failed">) =>
    `Failed (${reason}): ${cutText(text ?? "")}`,
  "channel.follow": ({ user }: DataOf<"channel.follow">) => `${nameOf(user)} follows`,
  "channel.subscription": ({ user, subscription }: DataOf<"channel.subscription">) => {
    const { months = 0, gift } = subscription;
    if (gift?.from !== undefined) return `${nameOf(gift.from)} gave ${nameOf(user)} a subscription`;
    return `${nameOf(user)} subscribed${months > 1 ? ` for ${months} months` : ""}`;
  },
  "channel.subscription.gift": ({ user, count }: DataOf<"channel.subscription.gift">) =>
    `${nameOf(user)} gave ${count} ${count === 1 ? "subscription" : "subscriptions"}`,
  "channel.subscription.ended": ({ user }: DataOf<"channel.subscription.ended">) =>
    `${nameOf(user)}'s subscription ended`,
  "channel.tip": ({ user, amount, message }: DataOf<"channel.tip">) =>
    `${nameOf(user)} tipped ${formatAmount(amount)}${message?.text ? `: ${cutText(message.text)}` : ""}`,
  "channel.tip.moderated": ({ moderation }: DataOf<"channel.tip.moderated">) =>
    `A tip was ${moderation}`,
  "channel.cheer": ({ user, amount, gift }: DataOf<"channel.cheer">) =>
    `${nameOf(user)} cheered ${gift?.name !== undefined ? `${gift.count ?? 1} × ${gift.name}` : formatAmount(amount)}`,
  "channel.raid": ({ user, viewers, direction }: DataOf<"channel.raid">) =>
    direction === "out"
      ? `Raided ${nameOf(user)}`
      : `${nameOf(user)} raids${viewers === undefined ? "" : ` with ${viewers.toLocaleString()}`}`,
  "channel.redemption": ({ user, reward, input, status }: DataOf<"channel.redemption">) =>
    `${nameOf(user)} redeemed ${reward.title ?? "a reward"}${input ? `: ${cutText(input)}` : ""}${status === "canceled" ? " (cancelled)" : ""}`,
  "channel.shoutout": ({ user, by, viewers, direction }: DataOf<"channel.shoutout">) =>
    direction === "out"
      ? `${nameOf(user)} was recommended to ${sayCount(viewers, "viewer", "the viewers")}${sayBy(by)}`
      : `${nameOf(user)} recommends this channel to ${sayCount(viewers, "viewer", "their viewers")}`,
  "channel.ad.started": ({ seconds, automatic }: DataOf<"channel.ad.started">) =>
    `Advertisements for ${seconds} s${automatic ? ", by itself" : ""}`,
  ...campaigns,
  "channel.updated": ({ title, category }: DataOf<"channel.updated">) =>
    [title, category].filter(Boolean).join(" · "),
  "stream.online": () => "Live",
  "stream.offline": () => "No longer live",
  "stream.status": ({ incoming, pushing, pulling }: DataOf<"stream.status">) =>
    `The stream ${incoming === false ? "does not come in" : "comes in"}${pushing === true ? ", is pushed on" : ""}${pulling === true ? ", is pulled" : ""}`,
  "stream.viewers": ({ count }: DataOf<"stream.viewers">) => `${count.toLocaleString()} viewers`,
  "moderation.ban": ({ user, by }: DataOf<"moderation.ban">) =>
    `${nameOf(user)} was banned${sayBy(by)}`,
  "moderation.unban": ({ user, by }: DataOf<"moderation.unban">) =>
    `${nameOf(user)} was unbanned${sayBy(by)}`,
  "moderation.warning": ({ user, by, reason }: DataOf<"moderation.warning">) =>
    `${nameOf(user)} was warned${sayBy(by)}${reason === undefined ? "" : `: ${cutText(reason)}`}`,
  "moderation.moderator.added": ({ user, by }: DataOf<"moderation.moderator.added">) =>
    `${nameOf(user)} is a moderator now${by === undefined ? "" : ` (by ${nameOf(by)})`}`,
  "moderation.moderator.removed": ({ user, by }: DataOf<"moderation.moderator.removed">) =>
    `${nameOf(user)} is no longer a moderator${by === undefined ? "" : ` (by ${nameOf(by)})`}`,
  "moderation.vip.added": ({ user, by }: DataOf<"moderation.vip.added">) =>
    `${nameOf(user)} is a VIP now${by === undefined ? "" : ` (by ${nameOf(by)})`}`,
  "moderation.vip.removed": ({ user, by }: DataOf<"moderation.vip.removed">) =>
    `${nameOf(user)} is no longer a VIP${by === undefined ? "" : ` (by ${nameOf(by)})`}`,
  "moderation.timeout": ({ user, seconds }: DataOf<"moderation.timeout">) =>
    `${nameOf(user)} was timed out${seconds === undefined ? "" : ` for ${seconds} s`}`,
  "connection.updated": ({ target, status, reason }: DataOf<"connection.updated">) =>
    `${target?.name ?? "connection"}: ${status}${reason === null ? "" : ` (${reason})`}`,
  "connection.closed": ({ reason }: DataOf<"connection.closed">) => `Closed: ${reason}`,
  "connection.gap": ({ from, to, cause }: DataOf<"connection.gap">) =>
    `Nothing was heard from ${clock(from)} to ${clock(to)} (${cause})`,
  "webhook.failing": ({ host }: DataOf<"webhook.failing">) => `${host} does not answer well`,
  "webhook.recovered": ({ host }: DataOf<"webhook.recovered">) => `${host} answers again`,
  "webhook.disabled": ({ host, reason }: DataOf<"webhook.disabled">) =>
    `${host} was disabled: ${reason}`,
  "interaction.input": ({ user, view, component, values }: DataOf<"interaction.input">) =>
    `${nameOf(user)} used ${component}${view ? ` on ${view}` : ""}${values === undefined ? "" : ` (${cutText(JSON.stringify(values))})`}`,
  "interaction.mouse": ({ user, button, x, y }: DataOf<"interaction.mouse">) =>
    `${nameOf(user)}: ${button} at ${x}, ${y}`,
  "chest.giveaway.started": ({ value }: DataOf<"chest.giveaway.started">) =>
    `A treasure chest${value === undefined ? "" : ` of ${value}`} is given away`,
  "chest.giveaway.ended": ({ value, winners = [] }: DataOf<"chest.giveaway.ended">) =>
    `A treasure chest${value === undefined ? "" : ` of ${value}`} went to ${sayCount(winners.length, "winner", "nobody")}`,
  "chest.value.updated": ({ amount }: DataOf<"chest.value.updated">) =>
    `The treasure chest holds ${formatAmount(amount)}`,
  "chest.value.expired": ({ amount }: DataOf<"chest.value.expired">) =>
    `${formatAmount(amount)} of the treasure chest expired`,
  "session.updated": ({ key }: DataOf<"session.updated">) => `Session: ${key}`,
  "session.reset": () => "The session's figures began anew",
  "overlay.action": ({ action }: DataOf<"overlay.action">) => `To overlays: ${action}`,
  "overlay.broadcast": ({ target, event }: DataOf<"overlay.broadcast">) =>
    `To ${target ?? "overlays"}: ${event}`,
  "provider.event": ({ nativeType }: DataOf<"provider.event">) => nativeType,
};

const known: ReadonlyMap<string, (data: never) => string> = new Map(Object.entries(words));

/** The settings of a chat, as far as they were told. */
function listSettings(settings: DataOf<"chat.settings.updated">): string {
  const { emoteOnly, followersOnly, subscribersOnly, slowSeconds, unique, mode } = settings;
  const said = [
    [emoteOnly, "emotes only"],
    [followersOnly, "followers only"],
    [subscribersOnly, "subscribers only"],
    [unique, "no line twice"],
  ] as const;
  const words = said.flatMap(([is, text]) => (is === undefined ? [] : [is ? text : `not ${text}`]));
  if (slowSeconds !== undefined)
    words.push(slowSeconds === 0 ? "not slow" : `a line every ${slowSeconds} s`);
  if (mode !== undefined) words.push(mode);
  return words.join(", ") || "as before";
}

/** An event in a line. What has no words of its own is shown as it is, cut short. */
export function sayEvent(event: StreamEvent): string {
  const say = known.get(event.type) as ((data: unknown) => string) | undefined;
  try {
    if (say !== undefined) return say(event.data);
  } catch {
    // History goes back to what was written before these words: what they miss in it is shown as it is.
  }
  return cutText(JSON.stringify(event.data));
}

function clock(time: string): string {
  return new Date(time).toLocaleTimeString();
}
