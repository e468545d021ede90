import { fitCard } from "../kit/fit.ts";
import { formatAmount } from "../kit/money.ts";
import type { Page } from "../kit/page.ts";
import type { Settings } from "../kit/parameters.ts";
import { cleanText } from "../kit/text.ts";
import { makeSpan } from "../kit/words.ts";
import type { Count } from "./count.ts";
import type { parameters } from "./parameters.ts";

export type GoalSettings = Settings<typeof parameters>;

const TITLES = new Map([
  ["tip", "Tips"],
  ["subscription", "Subscriptions"],
  ["follow", "Follows"],
  ["cheer", "Cheers"],
]);

/** Makes the bar; answers how a count is drawn. Its class names are what people style. */
export function startBar({ root, settings }: Page<GoalSettings>): (count: Count) => void {
  const { of, target, show } = settings;
  const lang = settings.lang || undefined;
  const bar = root.appendChild(document.createElement("section"));
  bar.className = "goal panel";
  const head = bar.appendChild(document.createElement("p"));
  head.className = "head";
  const title =
    cleanText(settings.title, 80) || TITLES.get(of) || cleanText(of.replace(/^session:/, ""), 80);
  head.append(makeSpan("title", title), makeSpan("figures"));
  const [, figures] = head.children;
  const track = bar.appendChild(document.createElement("div"));
  track.className = "track";
  track.role = "progressbar";
  track.ariaLabel = title;
  track.ariaValueMin = "0";
  track.ariaValueMax = String(target);
  const fill = track.appendChild(makeSpan("fill"));
  return ({ value, currency }) => {
    const share = Math.min(1, Math.max(0, value / target));
    const percent = new Intl.NumberFormat(lang, {
      style: "percent",
      maximumFractionDigits: 0,
    }).format(Math.max(0, value / target));
    const write = (number: number): string =>
      currency.length === 3 && of === "tip"
        ? formatAmount({ value: String(number), currency, kind: "fiat" }, lang)
        : new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(number);
    figures?.replaceChildren(
      ...(show === "percent"
        ? []
        : [
            makeSpan("amount value", write(value)),
            " ",
            makeSpan("of", `of ${write(target)}`),
            " ",
          ]),
      ...(show === "value" ? [] : [makeSpan("percent", percent)]),
    );
    fill.style.setProperty("--share", String(share));
    track.ariaValueNow = String(Math.min(target, Math.max(0, value)));
    bar.toggleAttribute("data-reached", value >= target);
    fitCard(bar);
  };
}
