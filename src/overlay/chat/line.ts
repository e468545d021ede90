import type { StreamEvent } from "../kit/events.ts";
import type { Traces } from "../kit/moderation.ts";
import type { Page } from "../kit/page.ts";
import type { Settings } from "../kit/parameters.ts";
import { makePicture } from "../kit/pictures.ts";
import { cleanName } from "../kit/text.ts";
import { colorName, makeSpan, writeWords } from "../kit/words.ts";
import type { parameters } from "./parameters.ts";

export type ChatSettings = Settings<typeof parameters>;
export type ChatPage = Page<ChatSettings>;

/** A line on its way to the screen, or there. */
export interface Line {
  readonly event: StreamEvent;
  readonly traces: Traces;
  /** The name of whom it answers. */
  readonly answers: string | undefined;
  node?: HTMLElement;
}

/** Makes the node of a line. Its class names and attributes are what people style. */
export function makeLine({ event, answers }: Line, { settings, wording }: ChatPage): HTMLElement {
  const { platform, provider, type, data, test } = event;
  const { user, message } = data;
  const row = document.createElement("div");
  row.className = type === "chat.notice" ? "message notice" : "message";
  const marks: Record<string, string | boolean | undefined> = {
    platform,
    provider,
    test,
    roles: user?.roles?.join(" "),
    first: settings.first && message?.first,
    highlighted: message?.highlighted,
    action: message?.action,
    blur: settings.blur.includes(platform),
  };
  for (const [mark, value] of Object.entries(marks))
    if (value) row.dataset[mark] = value === true ? "" : value;
  if (user) colorName(row, user);
  const add = (node: HTMLElement | null | false): void => {
    if (node) row.append(node, " ");
  };
  if (settings.mark !== "none")
    add(makeSpan("platform", settings.mark === "logo" ? platform.slice(0, 1) : ""));
  const badges = makeSpan("badges");
  if (settings.badges) {
    for (const { image, title, set } of user?.badges?.slice(0, 6) ?? []) {
      const badge = makePicture(image, title ?? set, "badge");
      if (badge) badges.append(badge);
    }
  }
  add(badges.firstChild ? badges : null);
  if (user) {
    add(settings.avatars && makePicture(user.avatar, "", "avatar"));
    add(settings.names && makeSpan("name", cleanName(user.name, "…")));
  }
  add(
    settings.replies && answers !== undefined && makeSpan("reply", `↩ ${cleanName(answers, "…")}`),
  );
  const text = row.appendChild(makeSpan("text"));
  writeWords(text, message ?? { text: data.text ?? "" }, wording);
  return row;
}
