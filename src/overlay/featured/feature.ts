import type { Message, StreamEvent } from "../kit/events.ts";
import { formatAmount } from "../kit/money.ts";
import type { Page } from "../kit/page.ts";
import type { Settings } from "../kit/parameters.ts";
import { makePicture } from "../kit/pictures.ts";
import { cleanName } from "../kit/text.ts";
import { colorName, makeSpan, writeWords } from "../kit/words.ts";
import type { parameters } from "./parameters.ts";

export type FeaturedSettings = Settings<typeof parameters>;

/** Makes the node of a featured message. Its class names and attributes are what people style. */
export function makeFeature(
  { platform, data: { user, amount }, test }: StreamEvent,
  said: Message,
  { settings, wording }: Page<FeaturedSettings>,
): HTMLElement {
  const card = document.createElement("section");
  card.className = "feature panel";
  card.ariaLabel = "Featured message";
  card.dataset["platform"] = platform;
  if (test) card.dataset["test"] = "";
  const name = cleanName(user?.name);
  if (settings.avatars) {
    const initial = makeSpan("avatar initial", Array.from(name)[0] ?? "");
    initial.ariaHidden = "true";
    const picture = makePicture(user?.avatar, "", "avatar");
    card.append(initial);
    colorName(initial, user);
    if (picture) initial.append(picture);
  }
  const body = card.appendChild(document.createElement("div"));
  body.className = "body";
  const head = body.appendChild(document.createElement("p"));
  head.className = "head";
  const named = makeSpan("name", name);
  colorName(named, user);
  head.append(makeSpan("platform"), " ", named);
  if (settings.badges) {
    for (const { image, title, set } of user?.badges?.slice(0, 6) ?? []) {
      head.append(" ", makePicture(image, title ?? set, "badge") ?? "");
    }
  }
  if (amount)
    head.append(" ", makeSpan("amount", formatAmount(amount, settings.lang || undefined)));
  const text = body.appendChild(document.createElement("p"));
  text.className = "text";
  text.style.setProperty("--lines", String(settings.lines));
  writeWords(text, said, wording);
  return card;
}
