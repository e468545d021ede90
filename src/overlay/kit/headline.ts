/* The headline of an alert, as nodes: a template's places filled with spans of text. */
import type { StreamEvent } from "./events.ts";
import type { Kind } from "./kind-names.ts";
import { findTemplate } from "./kinds.ts";
import { formatAmount } from "./money.ts";
import { cleanName, cleanText } from "./text.ts";
import { colorName, makeSpan } from "./words.ts";

/** Fills a headline: with a template of one's own, or the kind's. */
export function fillHeadline(
  into: HTMLElement,
  kind: Kind,
  { platform, data }: StreamEvent,
  {
    template,
    others,
    lang,
  }: { readonly template: string; readonly others: number; readonly lang: string | undefined },
): void {
  const { user, amount, count, viewers, subscription, reward } = data;
  const number = (value: number | undefined): string =>
    value === undefined ? "" : new Intl.NumberFormat(lang).format(value);
  const places = new Map<string, string>([
    ["name", cleanName(user?.name)],
    ["from", cleanName(subscription?.gift?.from?.name)],
    ["amount", amount ? formatAmount(amount, lang) : ""],
    ["count", number(count ?? viewers)],
    ["viewers", number(viewers)],
    ["months", number(subscription?.months)],
    ["others", number(others)],
    ["title", cleanText(reward?.title, 80)],
    ["platform", cleanText(platform, 30)],
  ]);
  const words = template && others === 0 ? template : findTemplate(kind, data, others);
  for (const part of words.split(/(\{[a-z]+\})/)) {
    const place = part.slice(1, -1);
    const text = part.startsWith("{") ? places.get(place) : undefined;
    if (text === undefined) {
      if (part.trim())
        into.append(
          part.startsWith(" ") ? " " : "",
          makeSpan("what", cleanText(part, 120).trim()),
          part.endsWith(" ") ? " " : "",
        );
      else into.append(part);
      continue;
    }
    const span = makeSpan(
      /name|from/.test(place) ? "name" : place === "title" ? "title" : "amount",
      text,
    );
    if (place === "name") colorName(span, user);
    into.append(span);
  }
}
