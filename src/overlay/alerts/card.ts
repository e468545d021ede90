import { fillHeadline } from "../kit/headline.ts";
import { findLevel } from "../kit/kinds.ts";
import type { Page } from "../kit/page.ts";
import type { Settings } from "../kit/parameters.ts";
import { makePicture } from "../kit/pictures.ts";
import { makeSpan, writeWords } from "../kit/words.ts";
import type { parameters } from "./parameters.ts";
import type { Alert } from "./queue-state.ts";

export type AlertSettings = Settings<typeof parameters>;

/** Makes the node of an alert. Its class names and attributes are what people style. */
export function makeCard(
  { kind, event, others, isSilent }: Alert,
  { settings, wording }: Page<AlertSettings>,
): HTMLElement {
  const { platform, data, test } = event;
  const card = document.createElement("section");
  card.className = "alert panel";
  card.ariaLabel = kind;
  Object.assign(card.dataset, { type: kind, platform, level: findLevel(kind, data) });
  if (test) card.dataset["test"] = "";
  const image = makePicture(settings[`image.${kind}`], "", "image");
  card.append(image ?? makeSpan("icon"));
  if (settings.avatars) card.append(makePicture(data.user?.avatar, "", "avatar") ?? "");
  const body = card.appendChild(document.createElement("div"));
  body.className = "body";
  const headline = body.appendChild(document.createElement("p"));
  headline.className = "headline";
  const template = settings[`text.${kind}`];
  fillHeadline(headline, kind, event, { template, others, lang: settings.lang || undefined });
  const said = data.message ?? { text: data.subscription?.message ?? data.input ?? "" };
  if (settings.message && !isSilent && said.text && !said.deleted) {
    const text = body.appendChild(document.createElement("p"));
    text.className = "text";
    writeWords(text, said, wording);
  }
  return card;
}
