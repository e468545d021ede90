import { fitCard } from "../kit/fit.ts";
import { findLevel } from "../kit/kinds.ts";
import type { Page } from "../kit/page.ts";
import { cleanText } from "../kit/text.ts";
import { makeCard, type AlertSettings } from "./card.ts";
import type { Alert } from "./queue-state.ts";
import { startSound } from "./sound.ts";

/** The stage: the alert that is seen, and its sound. */
export interface Stage {
  show(alert: Alert): void;
  hide(): void;
  /** Takes the words of the alert that is seen away. */
  silence(): void;
  mute(isMuted: boolean): void;
  setVolume(volume: number): void;
}

export async function startStage(page: Page<AlertSettings>): Promise<Stage> {
  const { settings, root } = page;
  let volume = settings.volume;
  let isMuted = false;
  let card: HTMLElement | null = null;
  root.style.setProperty("--lines", String(settings.lines));
  const files = Object.entries(settings).flatMap(([name, value]) =>
    name.startsWith("sound.") && typeof value === "string" && value ? [value] : [],
  );
  const refused = (again: () => void): void => offerSound(root, again);
  const isOwn = settings.tts || files.length > 0;
  const own = isOwn ? (await import("./own-sound.ts")).openOwnSound(files, refused) : null;
  const sound = startSound(refused, own);
  const hide = (): void => {
    const leaving = card;
    card = null;
    if (!leaving) return;
    leaving.dataset["leaving"] = "";
    sound.stop();
    const remove = (): void => leaving.remove();
    leaving.addEventListener("animationend", remove, { once: true });
    // An animation of one's own may never end, and none ends in a page that is hidden.
    setTimeout(remove, 1_500);
  };
  return {
    show(alert) {
      hide();
      const made = root.appendChild(makeCard(alert, page));
      card = made;
      fitCard(made);
      // Of a picture nobody knows the size before it is there.
      made.addEventListener("load", () => fitCard(made), true);
      if (!settings.sound || isMuted) return;
      const { kind, event, isSilent } = alert;
      sound.play(kind, findLevel(kind, event.data), settings[`sound.${kind}`], volume);
      const { message, subscription } = event.data;
      const text = message?.text ?? subscription?.message;
      if (settings.tts && text && !isSilent)
        sound.say(cleanText(text, 300), volume, settings.lang || navigator.language);
    },
    hide,
    silence() {
      card?.querySelector(".text")?.remove();
      own?.hush();
    },
    mute(muted) {
      isMuted = muted;
      if (muted) sound.stop();
    },
    setVolume(to) {
      volume = Math.min(1, Math.max(0, to));
    },
  };
}

/** Offers a click, which a browser's tab needs before it sounds; OBS and others do not. */
function offerSound(root: HTMLElement, again: () => void): void {
  if ("obsstudio" in window || root.querySelector("button")) return;
  const button = root.appendChild(document.createElement("button"));
  button.textContent = "Click for sound";
  button.addEventListener("click", () => {
    again();
    button.remove();
  });
}
