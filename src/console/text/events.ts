/* Events in a line of words. Pure. */
import type { StreamEvent } from "../../client/event-types.ts";
import type { Amount } from "../../client/events.ts";

interface Named {
  readonly name?: string;
  readonly login?: string;
  readonly id?: string;
  readonly anonymous?: boolean;
}

/** The name of somebody. */
export function nameOf(user: Named | undefined): string {
  if (user === undefined) return "somebody";
  return user.name ?? user.login ?? user.id ?? "somebody";
}

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
  return `${Number(amount.value).toLocaleString()} ${word}${amount.value === "1" ? "" : "s"}`;
}

type Words = { readonly [T in StreamEvent["type"]]?: (data: never) => string };

const cut = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

const words: Words = {
  "chat.message": ({ user, message }: DataOf<"chat.message">) =>
    `${nameOf(user)}: ${message.deleted === true ? "(deleted)" : cut(message.text)}`,
  "chat.message.deleted": ({ messageIds, user, by }: DataOf<"chat.message.deleted">) =>
    `${messageIds.length} deleted${user ? ` of ${nameOf(user)}` : ""}${by ? ` by ${nameOf(by)}` : ""}`,
  "chat.cleared": ({ scope, user }: DataOf<"chat.cleared">) =>
    scope === "user" ? `All lines of ${nameOf(user)} were cleared` : "The chat was cleared",
  "chat.notice": ({ text }: DataOf<"chat.notice">) => cut(text),
  "send.accepted": ({ text, targets }: DataOf<"send.accepted">) =>
    `Taken on for ${targets.length}: ${cut(text ?? "")}`,
  "send.confirmed": ({ text }: DataOf<"send.confirmed">) => `Arrived: ${cut(text ?? "")}`,
  "send.failed": ({ text, reason }: DataOf<"send.failed">) =>
    `Failed (${reason}): ${cut(text ?? "")}`,
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
    `${nameOf(user)} tipped ${formatAmount(amount)}${message?.text ? `: ${cut(message.text)}` : ""}`,
  "channel.tip.moderated": ({ moderation }: DataOf<"channel.tip.moderated">) =>
    `A tip was ${moderation}`,
  "channel.cheer": ({ user, amount, gift }: DataOf<"channel.cheer">) =>
    `${nameOf(user)} cheered ${gift?.name !== undefined ? `${gift.count ?? 1} × ${gift.name}` : formatAmount(amount)}`,
  "channel.raid": ({ user, viewers, direction }: DataOf<"channel.raid">) =>
    direction === "out"
      ? `Raided ${nameOf(user)}`
      : `${nameOf(user)} raids${viewers === undefined ? "" : ` with ${viewers.toLocaleString()}`}`,
  "channel.redemption": ({ user, reward }: DataOf<"channel.redemption">) =>
    `${nameOf(user)} redeemed ${reward.title ?? "a reward"}`,
  "channel.updated": ({ title, category }: DataOf<"channel.updated">) =>
    [title, category].filter(Boolean).join(" · "),
  "stream.online": () => "Live",
  "stream.offline": () => "No longer live",
  "stream.viewers": ({ count }: DataOf<"stream.viewers">) => `${count.toLocaleString()} viewers`,
  "moderation.ban": ({ user, by }: DataOf<"moderation.ban">) =>
    `${nameOf(user)} was banned${by ? ` by ${nameOf(by)}` : ""}`,
  "moderation.unban": ({ user }: DataOf<"moderation.unban">) => `${nameOf(user)} was unbanned`,
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
    `${nameOf(user)} used ${component}${view ? ` on ${view}` : ""}${values === undefined ? "" : ` (${cut(JSON.stringify(values))})`}`,
  "interaction.mouse": ({ user, button, x, y }: DataOf<"interaction.mouse">) =>
    `${nameOf(user)}: ${button} at ${x}, ${y}`,
  "session.updated": ({ key }: DataOf<"session.updated">) => `Session: ${key}`,
  "overlay.broadcast": ({ target, event }: DataOf<"overlay.broadcast">) =>
    `To ${target ?? "overlays"}: ${event}`,
  "provider.event": ({ nativeType }: DataOf<"provider.event">) => nativeType,
};

type DataOf<T extends StreamEvent["type"]> = Extract<StreamEvent, { type: T }>["data"];

/** An event in a line. What has no words of its own is shown as it is, cut short. */
export function sayEvent(event: StreamEvent): string {
  const say = words[event.type] as ((data: unknown) => string) | undefined;
  try {
    if (say !== undefined) return say(event.data);
  } catch {
    // History goes back to what was written before these words: what they miss in it is shown as it is.
  }
  return cut(JSON.stringify(event.data));
}

function clock(time: string): string {
  return new Date(time).toLocaleTimeString();
}

/** Types that come so often that they hide the others. */
export const NOISE = new Set([
  "interaction.mouse",
  "stream.viewers",
  "connection.updated",
  "session.updated",
  "chest.value.updated",
]);
